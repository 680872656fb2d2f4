// What is in force at a place: the request that the backend gets, the values and where they come from.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  blockPathAt,
  choosePlace,
  type EffectiveView,
  effectiveText,
  listServers,
  offsetOfBlock,
  overviewText,
  Project,
  serversOfFiles,
  viewOf,
} from "../server/core/index.ts";
import { testPattern } from "../server/core/model/maps.ts";
import { samplePath } from "../server/core/model/sample-path.ts";
import { Document } from "../server/core/syntax/document.ts";
import { filesInMemory } from "./support/analyser.ts";

const root = "/etc/nginx/nginx.conf";

const site = `events {}
http {
    map $http_upgrade $connection_upgrade { default upgrade; '' close; }
    upstream chat { server 10.0.0.1:3000; server 10.0.0.2:3000; }
    proxy_read_timeout 75s;
    server {
        listen 80;
        server_name app.example.com;
        return 301 https://$host$request_uri;
    }
    server {
        listen 443 ssl;
        server_name app.example.com *.example.org;
        deny 192.0.2.1;
        proxy_set_header Host $host;
        proxy_set_header X-Outer 1;
        location / { root /var/www; }
        location /ws {
            allow all;
            proxy_http_version 1.1;
            proxy_set_header Host $host;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $connection_upgrade;
            proxy_set_header X-Real-IP $remote_addr;
            proxy_pass http://chat;
        }
        location /bare/ { proxy_pass http://127.0.0.1:9000/; }
        location ~ ^/(socket\\.io|engine\\.io)/ { proxy_pass https://chat; }
        location /old/ { rewrite ^/old/(.*) /bare/$1 last; }
        location /php { fastcgi_pass unix:/run/php.sock; }
        location @named { proxy_pass http://chat; }
        location /app { try_files $uri @named; }
        location /split {
            if ($http_upgrade = websocket) { proxy_pass http://127.0.0.1:9001; }
            proxy_pass http://127.0.0.1:9002;
        }
    }
}
`;

async function projectOf(text: string, others: readonly (readonly [string, string])[] = []): Promise<Project> {
  const project = new Project(filesInMemory(new Map([["nginx.conf", text], ...others])));
  await project.load([root]);
  return project;
}

async function viewOn(
  text: string,
  location: string,
): Promise<{ view: EffectiveView; notes: readonly string[]; text: string }> {
  const project = await projectOf(text);
  const choice = choosePlace(project.configurations(), location);
  assert.ok("place" in choice, "error" in choice ? choice.error : "");
  const view = viewOf(choice.place);
  return { view, notes: choice.notes, text: effectiveText(view, (span) => project.locate(span)) };
}

function headersIn({ handshake }: EffectiveView): readonly string[] {
  assert.equal(handshake.kind, "request");
  return handshake.kind === "request" ? handshake.headers.map(({ name, value }) => `${name}: ${value}`) : [];
}

function valuesIn({ topics }: EffectiveView): readonly string[] {
  return topics.flatMap(({ values }) => values.map(({ line, from }) => `${line} ${from}`));
}

test("the text begins with the request and names the origin of each value", async () => {
  const { text, view } = await viewOn(site, "/ws");
  const lines = text.split("\n");
  assert.equal(lines[0], "# location /ws of app.example.com (nginx.conf:18): what is in force here");
  assert.equal(lines[1], "# Opened as wss://app.example.com/ws");
  assert.match(text, /^# {5}GET \/ws HTTP\/1\.1$/m);
  assert.match(text, /^# {3}\* Upgrade: websocket +nginx\.conf:22: \$http_upgrade$/m);
  assert.match(text, /^# {3}\* Connection: upgrade +nginx\.conf:23: \$connection_upgrade$/m);
  assert.match(text, /^# {5}Host: app\.example\.com +nginx\.conf:21: \$host$/m);
  assert.match(text, /^# That is a WebSocket handshake: the backend can answer 101\.$/m);
  assert.match(text, /^# Behind it: 10\.0\.0\.1:3000, 10\.0\.0\.2:3000$/m);
  assert.match(text, /^# A tunnel without traffic is closed after 75 s \(proxy_read_timeout, nginx\.conf:5\)\.$/m);
  assert.match(text, /^# {3}\* Connection: close +nginx\.conf:23: \$connection_upgrade$/m);
  assert.match(text, /^ {8}proxy_read_timeout 75s; +# nginx\.conf:5, from http$/m);
  assert.match(text, /^ {8}proxy_send_timeout 60s; +# nginx's default$/m);
  assert.ok(
    view.doubts.every(({ text: doubt }) => doubt.startsWith("The nginx version")),
    JSON.stringify(view.doubts),
  );
});

test("a list is replaced as a whole, allow and deny are one list, and what does not inherit stays outside", async () => {
  const { view } = await viewOn(site, "/ws");
  const values = valuesIn(view);
  assert.ok(!values.some((line) => line.includes("X-Outer")), "a level with headers of its own inherits none");
  assert.ok(!values.some((line) => line.startsWith("deny")), "a level with an allow of its own inherits no deny");
  assert.ok(values.includes("proxy_http_version 1.1; here"));
  const bare = valuesIn((await viewOn(site, "/bare/")).view);
  assert.ok(bare.includes("proxy_set_header X-Outer 1; server"));
  assert.ok(bare.includes("deny 192.0.2.1; server"));
  assert.ok(bare.includes("proxy_pass http://127.0.0.1:9000/; here"));
  const files = valuesIn((await viewOn(site, "/")).view);
  assert.ok(!files.some((line) => line.startsWith("proxy_")), "where nothing is proxied no proxy line counts");
});

test("the text reads as configuration", async () => {
  for (const location of ["/ws", "/bare/", "/php", "@named", "/split", "wss://app.example.com/socket.io/?EIO=4"]) {
    const { text } = await viewOn(site, location);
    const document = new Document("/etc/nginx/shown.nginx", text);
    assert.deepEqual(document.syntaxErrors(), [], text);
    assert.deepEqual(
      document.directives().map(({ name }) => name),
      ["server"],
      text,
    );
  }
});

test("what cannot work is said with its reasons", async () => {
  const { text } = await viewOn(site.replace("events {}", "# nginx-ws: version 1.28.0\nevents {}"), "/bare/");
  assert.match(text, /^# That is no WebSocket handshake: HTTP\/1\.0, no Upgrade, no Connection: upgrade\.$/m);
  const modern = await viewOn(site.replace("events {}", "# nginx-ws: version 1.30.0\nevents {}"), "/bare/");
  assert.match(modern.text, /^# That is no WebSocket handshake: no Upgrade, no Connection\.$/m);
  assert.match(modern.text, /^ {8}proxy_http_version 1\.1; +# nginx's default$/m);
});

test("a URL goes where nginx sends it", async () => {
  const polling = await viewOn(site, "wss://app.example.com/socket.io/?EIO=4");
  assert.match(polling.view.title, /socket/);
  assert.match(polling.text, /^# {5}GET \/socket\.io\/\?EIO=4 HTTP/m);
  assert.match(polling.text, /^ {8}proxy_ssl_server_name off; +# nginx's default$/m);
  const wildcard = await viewOn(site, "wss://x.example.org/ws");
  assert.ok(headersIn(wildcard.view).includes("Host: x.example.org"));
  const redirected = await viewOn(site, "ws://app.example.com/ws");
  assert.match(redirected.text, /nginx answers 301, no backend is asked: return 301 \S+; \(nginx\.conf:9\)/);
  const rewritten = await viewOn(site, "wss://app.example.com/old/a?b=c");
  assert.match(rewritten.text, /^# {5}GET \/a\?b=c HTTP/m);
  assert.match(rewritten.text, /location \/old\/ takes the request, and its rewrite or try_files sends it here\./);
  const slash = await viewOn(site, "/bare");
  assert.match(slash.text, /nginx answers 301, no backend is asked: the path lacks a slash/);
  const other = await viewOn(site, "wss://other.test/ws");
  assert.deepEqual(other.notes, ["No server_name fits other.test: the default server of port 443 answers."]);
});

test("of several files that are loaded the one with the name is meant", async () => {
  const server = (name: string): string => `server { listen 80; server_name ${name}; location / { return 200; } }\n`;
  const project = new Project(
    filesInMemory(
      new Map([
        ["a.conf", server("a.test")],
        ["b.conf", server("b.test")],
      ]),
    ),
  );
  await project.load(["/etc/nginx/a.conf", "/etc/nginx/b.conf"]);
  const choice = choosePlace(project.configurations(), "ws://b.test/");
  assert.ok("place" in choice);
  assert.deepEqual([choice.place.server.names, choice.notes], [["b.test"], []]);
});

test("a handshake and a plain GET may go to different backends", async () => {
  const { view } = await viewOn(site, "/split");
  assert.deepEqual(
    [view.handshake, view.plain].map((request) => request.kind === "request" && request.to),
    ["http://127.0.0.1:9001", "http://127.0.0.1:9002"],
  );
});

test("what try_files hands over is shown, with the doubt that a file may be there", async () => {
  const project = await projectOf(site);
  const view = project.effective(root, site.indexOf("location /app"));
  assert.ok(view?.handshake.kind === "request");
  assert.deepEqual([view.handshake.line, view.handshake.by?.text], ["GET /app HTTP/1.0", "location @named"]);
  assert.equal(view.idle?.milliseconds, 75_000);
  assert.ok(view.doubts.some(({ text }) => text.endsWith("try_files decides.")));
});

test("named locations and regular expressions can be asked for as they are written", async () => {
  const named = await viewOn(site, "@named");
  assert.deepEqual(named.view.urls, []);
  assert.match(named.text, /^# {5}GET … HTTP/m);
  const regex = await viewOn(site, "~ ^/(socket\\.io|engine\\.io)/");
  assert.deepEqual(regex.view.urls, ["wss://app.example.com/socket.io/", "wss://www.example.org/socket.io/"]);
});

test("what is not there is said in plain words", async () => {
  const environments = (await projectOf(site)).configurations();
  const errorOf = (text: string): string => {
    const choice = choosePlace(environments, text);
    return "error" in choice ? choice.error : "none";
  };
  assert.equal(
    errorOf("wss://app.example.com:8443/ws"),
    "no server listens on port 8443; those that are here listen on 80, 443",
  );
  assert.match(errorOf("ws"), /^there is no location "ws"/);
  assert.match(errorOf("ftp://a/b"), /no URL that a browser opens/);
  assert.match(errorOf("/%zz"), /answers 400/);
});

test("doubts: an include that is not there, Lua, a fragment, a template", async () => {
  const doubtsOf = async (text: string, location: string): Promise<string> => {
    return (await viewOn(text, location)).view.doubts.map((doubt) => doubt.text).join("\n");
  };
  const within = (line: string): string => site.replace("location /ws {", `location /ws { ${line}`);
  assert.match(await doubtsOf(within("include snippets/ws.conf;"), "/ws"), /snippets\/ws\.conf was not found/);
  assert.match(await doubtsOf(within("rewrite_by_lua_block { x() }"), "/ws"), /rewrite_by_lua_block runs code/);
  assert.match(await doubtsOf(within("proxy_read_timeout {{ t }};"), "/ws"), /A template fills in/);
  assert.match(await doubtsOf("location /ws { proxy_pass http://a; }", "/ws"), /goes inside another one/);
  const lua = await viewOn(within("rewrite_by_lua_block { x() }"), "/ws");
  assert.match(lua.text, /^# {5}GET \/ws HTTP\/1\.1$/m, "the lines still count");
  for (const phase of ["rewrite", "access"]) {
    const written = await viewOn(
      within(`set $kind ''; set $to ''; proxy_set_header Upgrade $kind; ${phase}_by_lua_block { x() }`).replace(
        "proxy_pass http://chat",
        "proxy_pass http://$to",
      ),
      "/ws",
    );
    assert.match(written.text, /^# {5}Upgrade: \$kind /m, `${phase}: what code writes into a variable is open`);
  }
});

test("a snippet is a place of its own, and its include gives the origin", async () => {
  const text = site.replace("location /bare/ {", "location /inc { include snippets/ws.conf; }\nlocation /bare/ {");
  const snippet = "proxy_pass http://127.0.0.1:1;\nproxy_set_header Upgrade $http_upgrade;\n";
  const project = await projectOf(text, [["snippets/ws.conf", snippet]]);
  const view = project.effective("/etc/nginx/snippets/ws.conf", 3);
  assert.equal(view?.title, "location /inc");
  const alone = new Project(filesInMemory(new Map([["ws.conf", snippet]])));
  await alone.load(["/etc/nginx/ws.conf"]);
  const own = alone.effective("/etc/nginx/ws.conf", 3);
  assert.ok(own);
  assert.match(
    effectiveText(own, (span) => alone.locate(span)),
    /^proxy_pass http:\/\/127\.0\.0\.1:1; +# ws\.conf:1$/m,
  );
});

test("the list has a line for each location, with what says WebSocket", async () => {
  const project = await projectOf(site);
  const text = overviewText(listServers(serversOfFiles(project.configurations())), (span) => project.locate(span));
  assert.match(text, /^# app\.example\.com, listen 443 ssl \(nginx\.conf:11\)$/m);
  assert.match(
    text,
    /^ {2}location \/ws +proxy_pass http:\/\/chat; WebSocket: it sets the header Upgrade \(nginx\.conf:18\)$/m,
  );
  assert.match(text, /^ {2}location \/ +files \(nginx\.conf:17\)$/m);
});

test("every sample path is one that its regular expression matches", () => {
  const patterns = [
    "^/ws",
    "^/(ws|wss)/?$",
    "/socket\\.io",
    "^/api/v\\d+/ws$",
    "\\.(js|css)$",
    "^/[^/]+/ws",
    "^/a{3}$",
    "^/(?<x>\\w+)/ws(/.*)?$",
  ];
  for (const pattern of patterns) {
    const path = samplePath("~", pattern);
    assert.match(path ?? "", /^\//, pattern);
    assert.equal(testPattern(pattern, false, path ?? ""), true, `${pattern} ${path}`);
  }
  assert.equal(samplePath("~", "^(?=impossible)x$"), undefined);
  assert.equal(samplePath("@", "@ws"), undefined);
});

test("a block is found again after the text around it has changed", () => {
  const document = new Document(root, site);
  const path = blockPathAt(document, site.indexOf("proxy_set_header X-Real-IP"));
  assert.deepEqual(path, ["http", "server app.example.com *.example.org", "location /ws"]);
  assert.equal(offsetOfBlock(document, path), site.indexOf("location /ws"));
  const changed = site.replace("    upstream", "    server { server_name new.test; }\n    upstream");
  assert.equal(offsetOfBlock(new Document(root, changed), path), changed.indexOf("location /ws"));
  assert.equal(offsetOfBlock(new Document(root, site.replace("location /ws", "location /gone")), path), undefined);
});

test("hints: what a WebSocket location has from elsewhere, behind its proxy_pass", async () => {
  const text = `events {}
http {
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection upgrade;
    server {
        listen 80;
        location /inherits { proxy_pass http://127.0.0.1:1; }
        location /own/ws {
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection upgrade;
            proxy_read_timeout 1h;
            proxy_pass http://127.0.0.1:2;
        }
        # nginx-ws: http
        location /plain { proxy_pass http://127.0.0.1:3; }
    }
}
`;
  const project = await projectOf(text);
  const hints = project.inlayHints(root, 0, text.length);
  const end = text.indexOf("proxy_pass http://127.0.0.1:1;") + "proxy_pass http://127.0.0.1:1;".length;
  assert.deepEqual(
    hints.map(({ label, offset }) => [label, offset]),
    [["Upgrade, Connection (nginx.conf:3) · idle 60 s (default)", end]],
  );
  assert.match(hints[0]?.tooltip ?? "", /^proxy_set_header Upgrade \$http_upgrade; {2}nginx\.conf:3$/m);
  assert.deepEqual(project.inlayHints(root, 0, end - 1), []);
});
