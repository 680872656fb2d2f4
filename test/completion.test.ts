// Completion: what stands around a `|` decides what is offered, and what is offered can be written there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultSettings } from "../server/core/index.ts";
import { completionAt, labelsAt, openAt, type Texts } from "./completion-support.ts";

/** The beginning of the list in a location of a server that has one of everything. */
function inLocation(text: string): string {
  return `events {}
http {
    map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
    upstream chat { server 127.0.0.1:1; server 127.0.0.1:2 backup; }
    limit_req_zone $binary_remote_addr zone=calls:1m rate=1r/s;
    limit_conn_zone $binary_remote_addr zone=sockets:1m;
    proxy_cache_path /tmp/x keys_zone=pages:1m;
    log_format short '$uri';
    server {
        set $mine 1;
        location ~ ^/(?<room>\\w+)$ { return 200; }
        location @fallback { return 200; }
        location /ws {
            ${text}
        }
    }
    server { location @other { return 200; } }
}
`;
}

const first: readonly (readonly [what: string, text: string, labels: readonly string[]])[] = [
  ["an empty line: what a WebSocket needs", "|", ["location", "proxy_pass", "proxy_http_version", "proxy_set_header"]],
  ["a word that is begun", "prox|", ["proxy_pass", "proxy_http_version", "proxy_set_header", "proxy_read_timeout"]],
  ["the middle of a word", "proxy_ht|xx 1.1;", ["proxy_http_version"]],
  ["a line after one without its semicolon", "proxy_buffering off\n proxy_p|", ["proxy_pass", "proxy_pass_header"]],
  ["a block on one line", "location /a { return| }", ["return"]],
  ["an if", "if ($mine) { r| }", ["return", "rewrite", "rewrite_log"]],
  ["a condition", "if ($m|) { }", ["$mine", "$memcached_key", "$msec"]],
  ["versions, that of a WebSocket first", "proxy_http_version |", ["1.1", "1.0", "2"]],
  ["before a semicolon", "proxy_http_version 1.|;", ["1.1", "1.0"]],
  ["on and off", "proxy_buffering |", ["on", "off"]],
  [
    "headers of a handshake with their values",
    "proxy_set_header |",
    ["Upgrade", "Upgrade $http_upgrade", "Connection", "Connection $connection_upgrade", "Host", "Host $http_host"],
  ],
  ["the value of Connection", "proxy_set_header Connection |", ["$connection_upgrade", '"upgrade"']],
  ["the value of Upgrade", "proxy_set_header Upgrade |", ["$http_upgrade"]],
  [
    "a variable that is right there comes first",
    "proxy_set_header Upgrade $|",
    ["$http_upgrade", "$connection_upgrade"],
  ],
  ["the same in braces", "proxy_set_header Upgrade $" + "{|};", ["$" + "{http_upgrade}", "$" + "{connection_upgrade}"]],
  ["variables of the configuration", "add_header X $r|", ["$room", "$remote_addr"]],
  ["variables in quotes", 'add_header X "a $conn|', ["$connection_upgrade", "$connection", "$connection_requests"]],
  ["variables in braces", "return 200 a$" + "{mi|", ["$" + "{mine}"]],
  ["upstreams", "proxy_pass |", ["http://chat", "https://chat", "http://", "https://"]],
  ["upstreams behind a scheme", "proxy_pass http://c|;", ["chat"]],
  ["upstreams before a path", "proxy_pass http://c|h/path;", ["chat"]],
  ["upstreams without a scheme", "uwsgi_pass |", ["chat", "unix:"]],
  ["zones", "limit_req |", ["zone=calls"]],
  ["parameters behind a zone", "limit_req zone=calls |", ["burst=", "nodelay", "delay="]],
  ["zones of connections", "limit_conn |", ["sockets"]],
  ["caches", "proxy_cache |", ["pages", "off"]],
  ["log formats", "access_log /tmp/a |", ["short"]],
  ["named locations of this server", "error_page 404 = |", ["@fallback"]],
  ["and behind files", "try_files $uri @|", ["@fallback"]],
  ["statuses", "error_page 5|", ["500", "502", "503", "504"]],
  ["codes of redirects", "return 30|", ["301", "302", "303", "307", "308"]],
  ["flags of a rewrite", "rewrite ^/a /b |", ["last", "break", "redirect", "permanent"]],
  ["reasons that are not named yet", "proxy_next_upstream error |", ["timeout", "denied", "invalid_header"]],
  ["methods", "limit_except |", ["GET", "POST"]],
  ["a time", "proxy_read_timeout |", ["60s", "5m", "1h", "1d"]],
  ["satisfy", "satisfy |", ["all", "any"]],
  ["protocols that are not broken", "proxy_ssl_protocols |", ["TLSv1.2", "TLSv1.3", "SSLv2"]],
  ["and those that are not there yet", "proxy_ssl_protocols TLSv1.2 |", ["TLSv1.3", "SSLv2"]],
  [
    "a usual value before the fixed words",
    "ssl_session_cache |",
    ["shared:SSL:10m", "off", "none", "builtin", "shared:"],
  ],
];

for (const [what, text, labels] of first) {
  test(`${what}: ${text.replaceAll("\n", "⏎")}`, async () => {
    assert.deepEqual((await labelsAt(inLocation(text))).slice(0, labels.length), labels);
  });
}

const nothing = {
  "a comment": "# proxy_|",
  "the end of a comment": "return 200; # |",
  "a quoted text without a variable": 'add_header X "prox|";',
  "a block of Lua": "content_by_lua_block { ngx.s| }",
  "a block that nobody knows": "some_block { prox| }",
  "the end of a regular expression": "location ~ \\.php$|",
  "an argument too many": "proxy_http_version 1.1 |",
  "what comes behind the path of a location": "location /a | { }",
};
for (const [what, text] of Object.entries(nothing)) {
  test(`nothing is offered in ${what}`, async () => assert.deepEqual(await labelsAt(inLocation(text)), []));
}

const contexts: readonly (readonly [
  what: string,
  texts: string | Texts,
  has: readonly string[],
  hasNot: readonly string[],
])[] = [
  ["the outermost level", "|\nevents {}", ["http", "stream", "worker_processes"], ["server", "proxy_pass"]],
  ["http", "http { | }", ["server", "map", "upstream"], ["location", "proxy_pass", "events"]],
  ["http that is not closed", "http {\n server {\n }\n ma|\n", ["map"], ["location"]],
  ["an upstream", "http { upstream a { | } }", ["server", "least_conn", "keepalive"], ["listen", "location"]],
  ["a stream server", "stream { server { | } }", ["proxy_pass", "listen"], ["location", "proxy_set_header"]],
  ["an if in a server", "http { server { if ($a) { | } } }", ["return", "set"], ["proxy_pass", "listen"]],
  ["an if in a location", "http { server { location / { if ($a) { | } } } }", ["proxy_pass"], ["proxy_set_header"]],
  ["behind http", "http { server { } }\n|", ["stream"], ["server"]],
  [
    "a new file, which may become a whole configuration",
    { "/srv/site.conf": "# mine\n|" },
    ["http", "events", "server", "map"],
    ["location"],
  ],
  ["a file that has a server", { "/srv/site.conf": "|\nserver { }" }, ["server", "map"], ["http", "events"]],
  ["a lone server", { "/srv/site.conf": "server {\n |\n}" }, ["location", "listen"], ["upstream", "events"]],
  [
    "a file in a location",
    {
      "/etc/nginx/nginx.conf": "events {}\nhttp { server { location / { include ws.conf; } } }",
      "/etc/nginx/ws.conf": "|",
    },
    ["proxy_pass", "proxy_set_header"],
    ["listen", "server"],
  ],
  [
    "a file in two places",
    {
      "/etc/nginx/nginx.conf": "events {}\nhttp { server { include a.conf; location / { include a.conf; } } }",
      "/etc/nginx/a.conf": "|",
    },
    ["listen", "proxy_pass"],
    ["events"],
  ],
];
for (const [what, texts, has, hasNot] of contexts) {
  test(`directives in ${what}`, async () => {
    const labels = await labelsAt(texts);
    for (const name of has) assert.ok(labels.includes(name), `${name} is missing`);
    for (const name of hasNot) assert.ok(!labels.includes(name), `${name} cannot stand there`);
  });
}

test("a directive that only some of the places take says so", async () => {
  const { items } = await completionAt({
    "/etc/nginx/nginx.conf": "events {}\nhttp { server { include a.conf; location / { include a.conf; } } }",
    "/etc/nginx/a.conf": "|",
  });
  assert.match(items.find(({ label }) => label === "proxy_pass")?.detail ?? "", /only in location/);
  assert.doesNotMatch(items.find(({ label }) => label === "gzip")?.detail ?? "", /only in/);
});

test("includes offer the files and folders that are there", async () => {
  const texts = {
    "/etc/nginx/nginx.conf": "http { include co|; }",
    "/etc/nginx/conf.d/a.conf": "",
    "/etc/nginx/common.conf": "",
    "/etc/nginx/other.conf": "",
  };
  assert.deepEqual(await labelsAt(texts), ["common.conf", "conf.d/*.conf", "conf.d/"]);
  const inside = { ...texts, "/etc/nginx/nginx.conf": "http { include /etc/nginx/conf.d/|; }" };
  assert.deepEqual(await labelsAt(inside), ["/etc/nginx/conf.d/a.conf"]);
});

async function itemAt(text: string, label: string, settings = defaultSettings) {
  const { items } = await completionAt(text, settings);
  const item = items.find((each) => each.label === label);
  assert.ok(item, `${label} is not offered`);
  return item;
}

test("what is inserted ends with what is not there yet", async () => {
  assert.equal((await itemAt("http { server { | } }", "listen")).snippet, "listen $" + "{1:port};");
  assert.equal((await itemAt("http { server { |; } }", "listen")).snippet, "listen $" + "{1:port}");
  assert.equal((await itemAt("http { server { lis| 80; } }", "listen")).snippet, undefined);
  assert.equal((await itemAt("http { server { | } }", "location")).snippet, "location $" + "{1:uri} {\n\t$0\n}");
  assert.equal((await itemAt("http { server { | } }", "gzip")).snippet, "gzip $" + "{1|on,off|};");
  assert.equal((await itemAt("http { upstream a { | } }", "ip_hash")).text, "ip_hash;");
  assert.equal((await itemAt("http { | }", "map")).snippet, "map $" + "{1:source} $" + "{2:\\$variable} {\n\t$0\n}");
  const line = await itemAt("http { proxy_set_header | }", "Upgrade $http_upgrade");
  assert.deepEqual([line.text, line.snippet], ["Upgrade $http_upgrade;", "Upgrade \\$http_upgrade;"]);
  assert.equal((await itemAt("http { proxy_set_header |; }", "Upgrade $http_upgrade")).text, "Upgrade $http_upgrade");
});

test("old directives come last and say what to write instead; new ones say since when", async () => {
  const ssl = await itemAt("http { server { | } }", "ssl");
  assert.equal(ssl.isDeprecated, true);
  assert.match(ssl.detail ?? "", /gone since 1\.25\.1: listen … ssl/);
  const http2 = await itemAt("http { server { | } }", "http2", { ...defaultSettings, nginxVersion: "1.22.1" });
  assert.match(http2.detail ?? "", /since 1\.25\.1, not in 1\.22\.1/);
  assert.equal(http2.isDeprecated, undefined);
  const ranks = (await completionAt("http { server { | } }")).items.map(({ rank }) => rank);
  assert.equal(ssl.rank, Math.max(...ranks));
});

test("variables say where they come from", async () => {
  const text = inLocation("add_header X $|");
  assert.match((await itemAt(text, "$connection_upgrade")).detail ?? "", /^map of \$http_upgrade, line 3$/);
  assert.match((await itemAt(text, "$room")).detail ?? "", /^captured by location, line 11$/);
  assert.match((await itemAt(text, "$http_origin")).detail ?? "", /\w/);
  const map = "http {\n map $uri $be { ~^/(?<team>[a-z]+)/ $team; }\n server { set $x $|; } }";
  assert.match((await itemAt(map, "$team")).detail ?? "", /^captured by map, line 2$/);
});

test("the stretch that is replaced is the whole word, or what follows the scheme", async () => {
  const stretch = async (marked: string): Promise<string> => {
    const { text } = await openAt(marked);
    const { start, end } = await completionAt(marked);
    return text.slice(start, end);
  };
  assert.equal(await stretch("http { server { prox|y_pa 1; } }"), "proxy_pa");
  assert.equal(await stretch("http { server { location / { proxy_pass http://c|h/x; } } }"), "ch");
  assert.equal(await stretch('http { add_header X "a$re|m b"; }'), "$rem");
  assert.equal(await stretch("http { add_header X a$" + "{re|m}b; }"), "$" + "{rem}");
  assert.equal(await stretch("http { | server {} }"), "");
});
