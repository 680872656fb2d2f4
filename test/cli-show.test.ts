// `show` as users meet it: the built bundle in a process of its own.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, before, test } from "node:test";

const commandLine = resolve("dist/cli.cjs");

const site = `server {
    listen 443 ssl;
    server_name app.example.com;
    location /ws {
        include snippets/ws.conf;
        proxy_pass http://127.0.0.1:8080;
    }
    location / { root /srv; }
}
`;
const snippet = `proxy_http_version 1.1;
proxy_set_header Host $host;
proxy_set_header Upgrade $http_upgrade;
proxy_set_header Connection upgrade;
`;

let folder: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "nginx-show-"));
  put("nginx.conf", "events {}\nhttp {\n    include conf.d/*.conf;\n}\n");
  put("conf.d/site.conf", site);
  put("snippets/ws.conf", snippet);
  put("site.conf", site);
});

after(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

function show(args: readonly string[], input = ""): { code: number | null; out: string; err: string } {
  const { NO_COLOR: _, FORCE_COLOR: __, ...env } = process.env;
  const result = spawnSync(process.execPath, [commandLine, "show", ...args], {
    cwd: folder,
    input,
    env,
    encoding: "utf8",
  });
  assert.doesNotMatch(result.stderr, /^ {4}at /m, "a stack trace is for nobody");
  return { code: result.status, out: result.stdout, err: result.stderr };
}

test("a location: the request first, then the values with file and line, through includes", () => {
  const { code, out, err } = show(["nginx.conf", "/ws"]);
  assert.deepEqual({ code, err }, { code: 0, err: "" });
  assert.match(out, /^# location \/ws of app\.example\.com \(conf\.d\/site\.conf:4\): what is in force here$/m);
  assert.match(out, /^# {5}GET \/ws HTTP\/1\.1$/m);
  assert.match(out, /^# {3}\* Upgrade: websocket +snippets\/ws\.conf:3: \$http_upgrade$/m);
  assert.match(out, /^ {8}proxy_set_header Connection upgrade; +# snippets\/ws\.conf:4$/m);
});

test("a URL chooses server and location; its notes come first", () => {
  const { code, out } = show(["nginx.conf", "wss://other.example.com/ws?a=b"]);
  assert.equal(code, 0);
  assert.match(out, /^# No server_name fits other\.example\.com: the default server of port 443 answers\.\n/);
  assert.match(out, /^# {5}GET \/ws\?a=b HTTP\/1\.1$/m);
});

test("without a location: a line for each", () => {
  const { code, out } = show(["nginx.conf"]);
  assert.equal(code, 0);
  assert.equal(
    out,
    `# app.example.com, listen 443 ssl (conf.d/site.conf:1)
  location /ws  proxy_pass http://127.0.0.1:8080; WebSocket: it sets the header Upgrade (conf.d/site.conf:4)
  location /    files (conf.d/site.conf:8)
`,
  );
});

test("JSON for programs, for a location and for the list", () => {
  const place = JSON.parse(show(["nginx.conf", "/ws", "--format", "json", "--nginx-version", "1.28"]).out);
  assert.equal(place.title, "location /ws");
  assert.equal(place.handshake.line, "GET /ws HTTP/1.1");
  assert.deepEqual(place.handshake.lacks, []);
  assert.deepEqual(place.idle.milliseconds, 60_000);
  const upgrade = place.handshake.headers.find(({ name }: { name: string }) => name === "Upgrade");
  assert.deepEqual(
    [upgrade.value, upgrade.differs, upgrade.span.file, upgrade.span.range.start.line],
    ["websocket", true, "snippets/ws.conf", 2],
  );
  assert.deepEqual(place.doubts, []);
  const list = JSON.parse(show(["nginx.conf", "--format", "json"]).out);
  assert.deepEqual(
    list.servers[0].locations.map(({ head }: { head: string }) => head),
    ["location /ws", "location /"],
  );
});

test("a folder, standard input, and a location that the shell has split", () => {
  assert.match(show(["conf.d", "/ws"]).out, /^# A part of nginx\.conf\.$/m);
  put("alone/site.conf", site);
  assert.match(show(["alone", "/ws"]).out, /goes inside http \{\}/);
  const regex = "server { location ~ ^/ws { proxy_pass http://127.0.0.1:1; } }\n";
  assert.match(show(["-", "~", "^/ws"], regex).out, /^# location ~ \^\/ws of .* \(<stdin>:1\)/);
});

test("an include that is not there is named as a doubt", () => {
  put("alone/site.conf", site);
  assert.match(
    show(["alone/site.conf", "/ws"]).out,
    /^# {3}- alone\/site\.conf:5: snippets\/ws\.conf was not found: it may set anything\.$/m,
  );
});

test("what is not there: exit code 1 and how to see what is; wrong usage: 2", () => {
  const missing = show(["nginx.conf", "wss://app.example.com:8443/ws"]);
  assert.deepEqual([missing.code, missing.out], [1, ""]);
  assert.match(
    missing.err,
    /no server listens on port 8443; those that are here listen on 443 \(.*show nginx\.conf lists what is here\)\n$/,
  );
  assert.match(show(["gone.conf", "/ws"]).err, /gone\.conf: /);
  assert.equal(show(["gone.conf", "/ws"]).code, 2);
  assert.match(show([]).err, /show takes a file or a folder/);
  assert.equal(show([]).code, 2);
  assert.match(show(["nginx.conf", "--fix"]).err, /--fix belongs to check, not to show/);
});

test("a site is shown as it is in the main file above it: with the includes found from there, and without other sites", () => {
  put("conf.d/other.conf", site.replaceAll("app.example.com", "other.example.com"));
  const place = show(["conf.d/site.conf", "/ws"]);
  assert.deepEqual({ code: place.code, err: place.err }, { code: 0, err: "" });
  assert.match(place.out, /^# A part of nginx\.conf\.\n# location \/ws of app\.example\.com/);
  assert.match(place.out, /Upgrade: websocket +snippets\/ws\.conf:3/);
  const list = show(["conf.d/site.conf"]);
  assert.match(list.out, /app\.example\.com/);
  assert.doesNotMatch(list.out, /other\.example\.com/);
  // A URL is answered by the server that nginx chooses, wherever it is written.
  assert.match(
    show(["conf.d/site.conf", "wss://other.example.com/ws"]).out,
    /^# location \/ws of other\.example\.com/m,
  );
  rmSync(join(folder, "conf.d/other.conf"));
});
