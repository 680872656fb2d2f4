// Hovers: every directive of the snippets has one, and what they say about values in force is nginx's view.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { directiveTexts, variableTexts } from "../server/core/features/texts.ts";
import { nginxReference, Project } from "../server/core/index.ts";
import { directiveNames } from "../server/core/nginx/directives.ts";
import { variableNames } from "../server/core/nginx/reference.ts";

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
async function hoverOn(after: string, text: string, source: string = configuration): Promise<string> {
  const project = new Project({ read: async () => ({ error: "none" }), glob: async () => [] });
  project.open("/etc/nginx/nginx.conf", source);
  await project.load(["/etc/nginx/nginx.conf"]);
  const at = source.indexOf(text, source.indexOf(after));
  const hover = project.hover("/etc/nginx/nginx.conf", at + 1);
  assert.ok(hover, `no hover on ${text}`);
  assert.equal(source.slice(hover.span.start, hover.span.end), text);
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

test("what may change a value in force is named", async () => {
  const withLine = (line: string) => configuration.replace("location /own {", `location /own {\n${line}`);
  const buffering = "proxy_buffering off;";
  assert.doesNotMatch(await hoverOn("/own", "proxy_set_header", withLine(buffering)), /Others may come from/);
  for (const [line, doubt] of [
    ["include none;", "an include that was not found"],
    ["proxy_set_heder A b;", "a directive here whose name is misspelt"],
    ["access_by_lua_block { return }", "code that runs here"],
  ] as const) {
    const markdown = await hoverOn("/own", "proxy_set_header", withLine(line));
    assert.match(markdown, new RegExp(`Others may come from ${doubt}\\.`), line);
  }
});

test("a variable shows what it is in a handshake and in a plain request", async () => {
  const markdown = await hoverOn("/own", "$connection_upgrade");
  assert.match(markdown, /In a WebSocket handshake: `upgrade`/);
  assert.match(markdown, /In a plain request: nothing/);
  assert.match(markdown, /Defined by the map in nginx\.conf, line 3/);
});

const whole: Readonly<Record<string, string>> = {
  "/etc/nginx/nginx.conf": `events {}
http {
    map $http_upgrade $wanted { default upgrade; '' ''; }
    upstream chat {
        zone chat 64k; keepalive_timeout 50s;
        server 127.0.0.1:9001;
    }
    server {
        listen 80;
        include conf.d/*.conf;
        include none.conf;
        set $mine "a b";
        gzip_min_length 100;
        location ~ ^/(?<room>\\w+)$ {
            add_header X "$room$mine$wanted$arg_name$time_local";
            proxy_pass http://chat/x;
        }
    }
}
stream {
    server { proxy_timeout 1h; listen 127.0.0.1:81; proxy_pass 127.0.0.1:1; ssl_preread on; }
}
`,
  "/etc/nginx/conf.d/a.conf": "gzip on;\n",
};

/** The hover of the language server on the first place where the text stands after another. */
async function fullHoverOn(after: string, text: string): Promise<string> {
  const main = "/etc/nginx/nginx.conf";
  const source = whole[main] ?? "";
  const project = new Project({
    read: async (file) => (whole[file] === undefined ? { error: "none" } : { text: whole[file] }),
    glob: async () => ["/etc/nginx/conf.d/a.conf"],
  });
  await project.load([main]);
  const at = source.indexOf(text, source.indexOf(after));
  return project.hover(main, at + 1, nginxReference)?.markdown ?? "";
}

test("every directive and every variable has a hover with what nginx says about it", () => {
  let undocumented = 0;
  for (const name of directiveNames()) {
    const found = nginxReference.directive(name, -1);
    assert.match(found?.facts ?? "", /^```nginx\n\S.*[;}]\n(?:.*\n)*```\n(?:default `[^`]+` · )?in \S/, name);
    if (found?.text === "") undocumented++;
    else assert.match(found?.text ?? "", /(?:[.…])$/, name);
  }
  // What only the sources have, and no page.
  assert.ok(undocumented < 20, `${undocumented} directives without a sentence`);
  for (const name of [...variableNames("http"), ...variableNames("stream")])
    assert.match(nginxReference.variable(name, -1)?.text ?? "", /^.+[.…]$/, name);
});

test("a directive that has nothing to do with WebSockets shows its form, its default and where it may stand", async () => {
  const markdown = await fullHoverOn("mine", "gzip_min_length");
  assert.match(markdown, /gzip_min_length length;/);
  assert.match(markdown, /default `20` · in http, server, location/);
  assert.match(markdown, /ngx_http_gzip_module\.html#gzip_min_length/);
});

test("the context decides which directive of a name it is", async () => {
  assert.match(await fullHoverOn("proxy_timeout", "listen"), /address:port/);
  assert.match(await fullHoverOn("stream", "proxy_timeout"), /stream\/ngx_stream_proxy_module\.html#proxy_timeout/);
  assert.match(await fullHoverOn("http {", "listen"), /listen port \[default_server\]/);
  const passing = await fullHoverOn("stream {", "proxy_pass");
  assert.match(passing, /stream\/ngx_stream_proxy_module\.html#proxy_pass/);
  assert.doesNotMatch(passing, /over HTTP/);
  const idle = await fullHoverOn("upstream", "keepalive_timeout");
  assert.match(idle, /ngx_http_upstream_module\.html#keepalive_timeout/);
  assert.doesNotMatch(idle, /connection of a client/);
});

test("variables show where they come from", async () => {
  assert.match(await fullHoverOn("add_header", "$room"), /captured by location`, nginx\.conf, line 14/);
  assert.match(await fullHoverOn("add_header", "$mine"), /`set to "a b"`, nginx\.conf, line 12/);
  assert.match(await fullHoverOn("add_header", "$wanted"), /map \$http_upgrade \$wanted \{\n {4}default upgrade;\n/);
  assert.match(await fullHoverOn("add_header", "$arg_name"), /var_arg_\)/);
  assert.match(await fullHoverOn("add_header", "$time_local"), /^\*\*\$time_local\*\*\n\nLocal time/);
});

test("names show what they stand for", async () => {
  const upstream = await fullHoverOn("location", "http://chat");
  assert.match(upstream, /The upstream in nginx\.conf, line 4/);
  assert.match(upstream, /server 127\.0\.0\.1:9001;/);
  assert.match(
    await fullHoverOn("listen", "conf.d"),
    /Includes one file:\n\n- `a\.conf` \(\/etc\/nginx\/conf\.d\/a\.conf\)/,
  );
  assert.match(await fullHoverOn("listen", "include"), /Includes one file/);
  assert.match(await fullHoverOn("a.conf", "none.conf"), /not known here/);
  assert.equal(await fullHoverOn("$wanted {", "default"), "", "a line of a map is no directive");
});
