// Hovers: every directive of the snippets has one, and what they say about values in force is nginx's view.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { directiveTexts, variableTexts } from "../server/core/features/texts.ts";
import { Project } from "../server/core/index.ts";

/** What stands in the snippets without meaning anything to a WebSocket. */
const ordinary = new Set([
  "events",
  "worker_processes",
  "default_type",
  "default",
  "websocket",
  "proxy_pass_request_body",
]);

test("every directive in a snippet has a hover", () => {
  const snippets: Record<string, { body: string | string[] }> = JSON.parse(readFileSync("snippets/nginx.json", "utf8"));
  for (const [name, { body }] of Object.entries(snippets)) {
    for (const line of [body].flat()) {
      const directive = /^\s*(?:\$\{\d+:)?([a-z_0-9]+)\b[^:]/.exec(line)?.[1];
      if (directive === undefined || ordinary.has(directive)) continue;
      assert.ok(Object.hasOwn(directiveTexts, directive), `${name}: ${directive}`);
    }
  }
});

test("hover texts link to nginx.org", () => {
  for (const [name, { url, text }] of [...Object.entries(directiveTexts), ...Object.entries(variableTexts)]) {
    assert.match(url, /^https:\/\/nginx\.org\/en\/docs\/[\w/]+\.html#[\w]+$/, name);
    assert.match(text, /[.]$/, name);
  }
});

const configuration = `events {}
http {
    map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
    server {
        proxy_read_timeout 5m;
        proxy_set_header Host $host;
        location /inherits { proxy_pass http://127.0.0.1:1; }
        location /own {
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $connection_upgrade;
            proxy_http_version 1.1;
            proxy_pass http://127.0.0.1:2;
        }
    }
}
`;

/** The hover on the first place where the text stands after another. */
async function hoverOn(after: string, text: string): Promise<string> {
  const project = new Project({ read: async () => ({ error: "none" }), glob: async () => [] });
  project.open("/etc/nginx/nginx.conf", configuration);
  await project.load(["/etc/nginx/nginx.conf"]);
  const at = configuration.indexOf(text, configuration.indexOf(after));
  const hover = project.hover("/etc/nginx/nginx.conf", at + 1);
  assert.ok(hover, `no hover on ${text}`);
  assert.equal(configuration.slice(hover.span.start, hover.span.end), text);
  return hover.markdown;
}

test("proxy_pass shows the handshake that the backend gets and where it comes from", async () => {
  const inherited = await hoverOn("/inherits", "proxy_pass");
  assert.match(inherited, /`Host: \$host` \(nginx\.conf, line 6\)/);
  assert.match(inherited, /Not passed on from the client: Upgrade and Connection\./);
  const own = await hoverOn("/own", "proxy_pass");
  assert.match(
    own,
    /`Host: 127\.0\.0\.1:2` from `\$proxy_host` \(nginx's own\)/,
    "a level with headers of its own inherits none",
  );
  assert.match(own, /`Connection: upgrade` from `\$connection_upgrade` \(nginx\.conf, line 10\)/);
  assert.match(own, /reaches the backend as `GET \/own HTTP\/1\.1` with/);
  assert.match(own, /That is a WebSocket handshake/);
  assert.match(own, /closed after 5 min \(proxy_read_timeout, nginx\.conf, line 5\)/);
  assert.doesNotMatch(own, /Not passed on/);
});

test("location shows the same, and stays short", async () => {
  const markdown = await hoverOn("5m", "location");
  assert.match(markdown, /as `GET \/inherits HTTP\/1\.0` with/);
  assert.match(
    markdown,
    /That is no WebSocket handshake: HTTP\/1\.0 before nginx 1\.29\.7, no Upgrade, no Connection: upgrade\./,
  );
  assert.ok(markdown.split("\n").length <= 24, markdown);
});

test("proxy_set_header lists what is set, and what that is in a handshake", async () => {
  const own = await hoverOn("/own", "proxy_set_header");
  assert.match(own, /`Connection: \$connection_upgrade` = `upgrade` in a handshake/);
  assert.doesNotMatch(own, /Host: /, "a level with headers of its own inherits none");
});

test("a directive shows the value in force and where it is set", async () => {
  assert.match(await hoverOn("5m", "proxy_set_header"), /Host/);
  assert.match(await hoverOn("/own", "proxy_http_version"), /In force here: `1\.1` from nginx\.conf, line 11/);
  assert.match(await hoverOn("server {", "proxy_read_timeout"), /`5m` from nginx\.conf, line 5/);
});

test("a variable shows what it is in a handshake and in a plain request", async () => {
  const markdown = await hoverOn("/own", "$connection_upgrade");
  assert.match(markdown, /In a WebSocket handshake: `upgrade`/);
  assert.match(markdown, /In a plain request: nothing/);
  assert.match(markdown, /Defined by the map in nginx\.conf, line 3/);
});
