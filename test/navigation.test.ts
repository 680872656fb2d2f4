// Definitions, references and highlights of names, in the namespaces that nginx has.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Scene, sceneOf, show } from "./support/navigate.ts";

function definitions(scene: Scene): readonly string[] {
  const found = scene.navigator.definitions(scene.file, scene.offset);
  return (found?.targets ?? []).map(({ selection }) => show(scene, selection));
}

function references(scene: Scene): readonly string[] {
  return scene.navigator.references(scene.file, scene.offset).map(({ span }) => show(scene, span));
}

const tree = {
  "nginx.conf": `events {}
http {
    log_format main '$remote_addr $backend_name';
    limit_req_zone $binary_remote_addr zone=perip:10m rate=1r/s;
    limit_conn_zone $binary_remote_addr zone=perip2:10m;
    proxy_cache_path /tmp/c keys_zone=pages:10m;
    map $http_upgrade $connection_upgrade { default upgrade; "" ""; }
    map $host $backend_name { default app; api.example.com api; }
    include conf.d/*.conf;
}
stream {
    upstream app { server 127.0.0.1:1; }
    server { listen 1; proxy_pass app; }
}
`,
  "conf.d/app.conf": `upstream app { server 127.0.0.1:3000; zone shared 64k; }
server {
    access_log /tmp/a main;
    limit_req zone=perip;
    limit_conn perip2 5;
    location / {
        error_page 502 @down;
        proxy_cache pages;
        proxy_set_header Connection $connection_upgrade;
        proxy_pass http://app;
    }
    location /x { error_page 404 /missing; proxy_pass http://$backend_name; }
    location @down { return 503 "$connection_upgrade"; }
    location = /missing { return 404; }
}
`,
  "conf.d/other.conf": `upstream api { server 127.0.0.1:3001; }
server {
    listen 81;
    location / { error_page 502 @down; proxy_pass http://APP/path; }
    location @down { return 500 "\${connection_upgrade}"; }
}
`,
};

/** The tree with the cursor behind the first such text of a file. */
async function at(file: keyof typeof tree, text: string): Promise<Scene> {
  const content = tree[file];
  const index = content.indexOf(text) + text.length;
  assert.ok(index >= text.length, text);
  return sceneOf({ ...tree, [file]: `${content.slice(0, index)}¦${content.slice(index)}` });
}

test("an upstream is found from any pass, without case, and a value that names it; stream has its own", async () => {
  const scene = await at("conf.d/app.conf", "proxy_pass http://ap");
  assert.deepEqual(definitions(scene), ["conf.d/app.conf:1 app"]);
  const all = ["conf.d/app.conf:1 app", "conf.d/app.conf:10 app", "conf.d/other.conf:4 APP", "nginx.conf:8 app"];
  assert.deepEqual(references(scene), all);
  assert.deepEqual(references(await at("nginx.conf", "default ap")), all);
  assert.deepEqual(references(await at("conf.d/other.conf", "http://AP")), all);
  assert.deepEqual(definitions(await at("nginx.conf", "proxy_pass ap")), ["nginx.conf:12 app"]);
  assert.deepEqual(references(await at("nginx.conf", "upstream ap")), ["nginx.conf:12 app", "nginx.conf:13 app"]);
});

test("a variable is found in all files, in braces and quotes", async () => {
  const scene = await at("conf.d/app.conf", "Connection $");
  assert.deepEqual(definitions(scene), ["nginx.conf:7 connection_upgrade"]);
  assert.deepEqual(references(scene), [
    "conf.d/app.conf:9 connection_upgrade",
    "conf.d/app.conf:13 connection_upgrade",
    "conf.d/other.conf:5 connection_upgrade",
    "nginx.conf:7 connection_upgrade",
  ]);
  assert.deepEqual(definitions(await at("nginx.conf", "$remote_addr $backend_n")), ["nginx.conf:8 backend_name"]);
  assert.deepEqual(definitions(await at("nginx.conf", "'$remote_a")), []);
  assert.equal(references(await at("nginx.conf", "$binary_re")).length, 2);
});

test("a named location belongs to its server", async () => {
  const scene = await at("conf.d/app.conf", "error_page 502 @do");
  assert.deepEqual(definitions(scene), ["conf.d/app.conf:13 down"]);
  assert.deepEqual(references(scene), ["conf.d/app.conf:7 down", "conf.d/app.conf:13 down"]);
});

test("log formats and zones of each module", async () => {
  assert.deepEqual(definitions(await at("conf.d/app.conf", "/tmp/a ma")), ["nginx.conf:3 main"]);
  assert.deepEqual(definitions(await at("conf.d/app.conf", "limit_req zone=pe")), ["nginx.conf:4 perip"]);
  assert.deepEqual(definitions(await at("conf.d/app.conf", "limit_conn pe")), ["nginx.conf:5 perip2"]);
  assert.deepEqual(definitions(await at("conf.d/app.conf", "proxy_cache pa")), ["nginx.conf:6 pages"]);
  assert.deepEqual(references(await at("nginx.conf", "keys_zone=pa")), [
    "conf.d/app.conf:8 pages",
    "nginx.conf:6 pages",
  ]);
});

test("an include leads to all files, a path of an error page to its location", async () => {
  assert.deepEqual(definitions(await at("nginx.conf", "include conf")), ["conf.d/app.conf:1", "conf.d/other.conf:1"]);
  assert.deepEqual(definitions(await at("conf.d/app.conf", "404 /mis")), ["conf.d/app.conf:14 /missing"]);
});

test("a file that several servers include means what it means in each of them", async () => {
  const snippet = "error_page 502 @¦down;\n";
  const files = {
    "nginx.conf":
      "events {}\nhttp {\nserver { listen 1; include s.conf; location @down { return 1; } }\n" +
      "server { listen 2; include s.conf; location @down { return 2; } }\n" +
      "server { listen 3; location @down { return 3; } }\n}\n",
    "s.conf": snippet,
  };
  const scene = await sceneOf(files);
  assert.deepEqual(definitions(scene), ["nginx.conf:3 down", "nginx.conf:4 down"]);
  const other = files["nginx.conf"].replace("@down { return 1", "@d¦own { return 1");
  assert.deepEqual(references(await sceneOf({ "nginx.conf": other, "s.conf": "error_page 502 @down;\n" })), [
    "nginx.conf:3 down",
    "s.conf:1 down",
  ]);
});

test("two configurations with the same names are two things", async () => {
  const one = (cursor: string) =>
    `events {}\nhttp { upstream app { server 127.0.0.1:1; } server { location / { proxy_pass http://a${cursor}pp; } } }\n`;
  const scene = await sceneOf({ "one/nginx.conf": one("¦"), "two/nginx.conf": one("") }, [
    "one/nginx.conf",
    "two/nginx.conf",
  ]);
  assert.deepEqual(references(scene), ["one/nginx.conf:2 app", "one/nginx.conf:2 app"]);
});

test("fragments of one folder know each other's names when nothing includes them", async () => {
  const files = {
    "conf.d/app.conf": "server { location / { proxy_pass http://a¦pp; } }\n",
    "conf.d/upstreams.conf": "upstream app { server 127.0.0.1:1; }\n",
  };
  const scene = await sceneOf(files);
  assert.deepEqual(definitions(scene), ["conf.d/upstreams.conf:1 app"]);
  assert.deepEqual(references(scene), ["conf.d/app.conf:1 app", "conf.d/upstreams.conf:1 app"]);
});

test("all definitions of a variable count: sets, captures, auth_request_set, and the lines of an included map", async () => {
  const scene = await sceneOf({
    "nginx.conf": `events {}
http {
    map $host $via { include map.conf; }
    server {
        server_name ~^(?<who>.+)\\.example\\.com$;
        set $who "x";
        location ~ ^/(?P<who>[^/]+)/$ { auth_request_set $who $upstream_http_x; return 200 "\\"$w¦ho\\" $via"; }
        rewrite ^/(?<part>\\w+)/\\k<part>$ /$part last;
    }
}
`,
    "map.conf": "default $who;\n",
  });
  assert.deepEqual(definitions(scene), [
    "nginx.conf:5 who",
    "nginx.conf:6 who",
    "nginx.conf:7 who",
    "nginx.conf:7 who",
  ]);
  assert.equal(references(scene).length, 6);
  const part = scene.texts.get("/etc/nginx/nginx.conf")!.indexOf("/$part") + 3;
  assert.equal(scene.navigator.references("/etc/nginx/nginx.conf", part).length, 3);
});

test("a group of a regular expression, a dollar sign at its end, and text in comments are no names", async () => {
  const scene = await sceneOf({
    "nginx.conf": '# $fo¦o\nevents {}\nhttp { server { location ~ "a$foo" { set $foo 1; return 200 $1$foo; } } }\n',
  });
  assert.deepEqual(references(scene), []);
  const use = scene.texts.get("/etc/nginx/nginx.conf")!.indexOf("$1$foo") + 4;
  assert.equal(scene.navigator.references("/etc/nginx/nginx.conf", use).length, 2);
});

test("a dump: names and outlines are those of its files", async () => {
  const dump = `# configuration file /etc/nginx/nginx.conf:
events {}
http { include conf.d/*.conf; }

# configuration file /etc/nginx/conf.d/a.conf:
upstream app { server 127.0.0.1:1; }

# configuration file /etc/nginx/conf.d/b.conf:
server { location / { proxy_pass http://a¦pp; } }

`;
  const scene = await sceneOf({ "dump.txt": dump });
  assert.deepEqual(definitions(scene), ["dump.txt:6 app"]);
  assert.deepEqual(references(scene), ["dump.txt:6 app", "dump.txt:9 app"]);
  assert.deepEqual(
    scene.navigator.outline(scene.file).map(({ name, items }) => [name, items.map((item) => item.name)]),
    [
      ["/etc/nginx/nginx.conf", ["events", "http"]],
      ["/etc/nginx/conf.d/a.conf", ["upstream app"]],
      ["/etc/nginx/conf.d/b.conf", ["server"]],
    ],
  );
});

test("the highlights of a document are the places with the same meaning in it", async () => {
  const scene = await at("nginx.conf", "upstream ap");
  const found = scene.navigator.highlights(scene.file, scene.offset);
  assert.deepEqual(
    found.map(({ span, role }) => `${role} ${show(scene, span)}`),
    ["definition nginx.conf:12 app", "use nginx.conf:13 app"],
  );
});
