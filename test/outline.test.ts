// Outlines, folding, growing selections and links: what an editor draws around a file.
import assert from "node:assert/strict";
import { test } from "node:test";
import { foldsOf } from "../server/core/features/folding.ts";
import { selectionsAt } from "../server/core/features/selection.ts";
import { type OutlineItem, spanOfItem } from "../server/core/index.ts";
import { Document } from "../server/core/syntax/document.ts";
import { type Scene, sceneOf, show } from "./support/navigate.ts";

const configuration = `events { worker_connections 1024; }
http {
    log_format main '$remote_addr';
    limit_req_zone $binary_remote_addr zone=perip:10m rate=1r/s;
    proxy_cache_path /tmp/c keys_zone=pages:10m;
    map $http_upgrade $connection_upgrade { default upgrade; }
    geo $here { default far; }
    split_clients $remote_addr $half { * a; }
    upstream app { server 127.0.0.1:1; server 127.0.0.1:2 backup; }
    server {
        listen 443 ssl;
        listen [::]:443 ssl;
        server_name example.com www.example.com a.example.com;
        location /ws {
            proxy_set_header Upgrade $http_upgrade;
            proxy_pass http://app;
        }
        location = / { proxy_pass http://app; if ($x) { return 403; } }
        location @down { return 503; }
    }
    server {
        listen 127.0.0.1:8080;
        proxy_set_header Upgrade $http_upgrade;
        location / { proxy_pass http://app; }
        location /own { proxy_set_header Host x; proxy_pass http://app; }
        location /brought { include headers.conf; proxy_pass http://app; }
    }
}
`;

function lines(items: readonly OutlineItem[], depth = 0): readonly string[] {
  return items.flatMap(({ name, detail, children }) => [
    "  ".repeat(depth) + name + (detail === "" ? "" : ` | ${detail}`),
    ...lines(children, depth + 1),
  ]);
}

function outline({ navigator, file }: Scene): readonly OutlineItem[] {
  return navigator.outline(file).flatMap(({ items }) => items);
}

test("the outline has the blocks and what gives a name to something", async () => {
  assert.deepEqual(lines(outline(await sceneOf({ "nginx.conf": configuration }))), [
    "events",
    "http",
    "  log_format main",
    "  limit_req_zone perip | $binary_remote_addr",
    "  proxy_cache_path pages | /tmp/c",
    "  map $http_upgrade → $connection_upgrade",
    "  geo $here",
    "  split_clients $remote_addr → $half",
    "  upstream app | 2 servers",
    "    127.0.0.1:1",
    "    127.0.0.1:2 | backup",
    "  server example.com, www.example.com, … :443 ssl",
    "    location /ws | WebSocket → http://app",
    "    location = / | → http://app",
    "      if ($x)",
    "    location @down",
    "  server 127.0.0.1:8080",
    "    location / | WebSocket → http://app",
    "    location /own | → http://app",
    "    location /brought | → http://app",
  ]);
});

test("an entry holds its name and its children, in whatever text", async () => {
  const check = (items: readonly OutlineItem[], start: number, end: number): void => {
    for (const item of items) {
      const { range, selection } = spanOfItem(item);
      assert.ok(start <= range.start && range.end <= end, `${item.name} lies in what is around it`);
      assert.ok(range.start <= selection.start && selection.end <= range.end, `${item.name} holds its name`);
      assert.notEqual(item.name, "");
      check(item.children, range.start, range.end);
    }
  };
  for (let length = 0; length <= configuration.length; length += 7) {
    const scene = await sceneOf({ "nginx.conf": configuration.slice(0, length) });
    check(outline(scene), 0, length);
  }
  const template =
    "{% for s in servers %}\nserver { listen {{ s.port }}; location {{ s.path }} { } }\n{% endfor %}\n{ {";
  check(outline(await sceneOf({ "nginx.conf.j2": template })), 0, template.length);
});

test("an entry ends with the brace of its block, over all segments", async () => {
  const [, http] = outline(await sceneOf({ "nginx.conf": configuration }));
  const { range } = spanOfItem(http!);
  assert.equal(configuration.slice(range.start, range.start + 6), "http {");
  assert.equal(range.end, configuration.length - 1);
});

test("a search finds what has a name, in all files, by its letters", async () => {
  const scene = await sceneOf({
    "nginx.conf": "events {}\nhttp { include conf.d/*.conf; map $a $backend { default x; } }\n",
    "conf.d/a.conf":
      "upstream backend { server 127.0.0.1:1; }\nserver { server_name example.com; location @back { } location /back { } }\n",
  });
  const found = (query: string) =>
    scene.navigator.search(query).map(({ item, container }) => `${container} ${item.name}`);
  assert.deepEqual(found("back").sort(), [
    "a.conf location @back",
    "a.conf upstream backend",
    "nginx.conf map $a → $backend",
  ]);
  assert.deepEqual(found("EXcom"), ["a.conf server example.com"]);
  assert.deepEqual(found("zzz"), []);
  const many = `http {\n${"upstream a { server 127.0.0.1:1; }\n".repeat(1000)}}\n`;
  const big = await sceneOf({ "nginx.conf": many });
  assert.equal(big.navigator.search("a").length, 200);
});

test("folding: blocks, comments, regions and Lua; nothing of one line", () => {
  const text = `# one
# two
# three
http {
    # a
    # b
    server { listen 80; }
    server
    {
        listen 81;
    }
    # region names
    upstream a {
        server 127.0.0.1:1;
    }
    #endregion
    server {
        content_by_lua_block {
            ngx.say("}")
        }
    }
}
# endregion
`;
  assert.deepEqual(
    foldsOf(new Document("/a", text)).map(({ startLine, endLine, kind }) => `${startLine + 1}-${endLine + 1} ${kind}`),
    ["1-3 comment", "4-21 block", "8-10 block", "12-16 region", "13-14 block", "17-20 block", "18-19 block"],
  );
});

test("a selection grows from the name to the file", () => {
  const use = `\${b}`;
  const text = `http {\n  server {\n    set $a "x ${use}c";\n  }\n}\n`;
  const document = new Document("/a", text);
  const grown = selectionsAt(document, text.indexOf("b}"));
  assert.deepEqual(
    grown.map(({ start, end }) => text.slice(start, end)),
    [
      "b",
      use,
      `x ${use}c`,
      `"x ${use}c"`,
      `$a "x ${use}c"`,
      `set $a "x ${use}c"`,
      `set $a "x ${use}c";`,
      `\n    set $a "x ${use}c";\n  `,
      `server {\n    set $a "x ${use}c";\n  }`,
      `\n  server {\n    set $a "x ${use}c";\n  }\n`,
      `http {\n  server {\n    set $a "x ${use}c";\n  }\n}`,
      text,
    ],
  );
  for (let offset = 0; offset <= text.length; offset++) {
    let last = { start: offset, end: offset };
    for (const stretch of selectionsAt(document, offset)) {
      assert.ok(stretch.start <= last.start && last.end <= stretch.end, `${offset}`);
      last = stretch;
    }
    assert.deepEqual(last, { start: 0, end: text.length });
  }
});

test("a selection in a comment ends with its line, whatever ends that", () => {
  for (const end of ["\n", "\r\n"]) {
    const text = `server {${end}  # abc${end}  # d${end}}${end}`;
    const [comment, body] = selectionsAt(new Document("/a", text), text.indexOf("d"));
    assert.equal(text.slice(comment?.start, comment?.end), "# d");
    assert.equal(text.slice(body?.start, body?.end), `# abc${end}  # d`);
  }
});

test("an include that leads to one file is a link", async () => {
  const scene = await sceneOf({
    "nginx.conf": 'events {}\nhttp {\ninclude "a.conf";\ninclude b/*.conf;\ninclude c/*.conf;\ninclude none.conf;\n}\n',
    "a.conf": "",
    "b/1.conf": "",
    "c/1.conf": "",
    "c/2.conf": "",
  });
  assert.deepEqual(
    scene.navigator.links(scene.file).map(({ span, target }) => `${show(scene, span)} → ${target}`),
    ["nginx.conf:3 a.conf → /etc/nginx/a.conf", "nginx.conf:4 b/*.conf → /etc/nginx/b/1.conf"],
  );
});
