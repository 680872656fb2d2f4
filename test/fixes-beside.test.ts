// What fixes take care of beside the mistake: maps of other files, of which nginx takes the last one, and lost headers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { applyEdits, applyFixes, Project } from "../server/core/index.ts";

const nothing = { read: async () => ({ error: "does not exist" }), glob: async () => [] };

const site = `upstream app { server 127.0.0.1:3000; }
server {
    listen 80;
    location / {
        proxy_pass http://app;
        proxy_http_version 1.1;
        proxy_set_header Upgrade $http_upgrade;
    }
}
`;

async function fixed(file: string, text = site): Promise<string> {
  const project = new Project(nothing);
  project.open(file, text);
  await project.load([file]);
  return applyEdits(text, applyFixes(project.findings(file)).get(file) ?? []);
}

test("beside other files the map is named after its own", async () => {
  for (const [file, name] of [
    ["/etc/nginx/conf.d/app.conf", "connection_upgrade_app"],
    ["/etc/nginx/conf.d/10-my.app.conf", "connection_upgrade_10_my_app"],
    ["/etc/nginx/sites-enabled/example.com", "connection_upgrade_example_com"],
    ["/etc/nginx/http.d/Äpp.conf", "connection_upgrade_pp"],
    ["/srv/app/site.conf", "connection_upgrade"],
  ] as const) {
    const text = await fixed(file);
    assert.ok(text.includes(`map $http_upgrade $${name} {`), text);
    assert.ok(text.includes(`proxy_set_header Connection $${name};`), text);
  }
});

test("a variable that is there, or used as if it were, is used beside other files as well", async () => {
  const map = "map $http_upgrade $connection_upgrade { default upgrade; '' ''; }\n";
  const own = await fixed("/etc/nginx/conf.d/app.conf", map + site);
  assert.ok(own.includes("proxy_set_header Connection $connection_upgrade;"), own);
  const user =
    "server { location /ws { proxy_pass http://app; proxy_set_header Connection $connection_upgrade; proxy_set_header Upgrade $http_upgrade; } }\n";
  const used = await fixed("/etc/nginx/conf.d/app.conf", site + user);
  assert.equal(used.match(/Connection \$connection_upgrade;/g)?.length, 2, used);
  assert.ok(!used.includes("map "), used);
});

test("a whole configuration in such a folder knows all its names", async () => {
  const text = await fixed("/etc/nginx/conf.d/nginx.conf", `events {}\nhttp {\n${site}}\n`);
  assert.ok(text.includes("map $http_upgrade $connection_upgrade {"), text);
});

test("an empty line stands between a statement and the map after it", async () => {
  const text = await fixed("/srv/app/site.conf");
  assert.match(text, /3000; \}\n\nmap .* \{\n[^}]*\}\n\nserver \{/);
});

test("what is lost with the pair can be repeated with one click, but not by itself: it changes plain requests", async () => {
  const text = `map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
server {
    proxy_set_header Host $host;
    proxy_set_header X-Real-IP $remote_addr;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $connection_upgrade;
    location /ws {
        proxy_pass http://app;
        proxy_set_header X-Part live;
    }
}
`;
  const project = new Project(nothing);
  project.open("/srv/app/site.conf", text);
  await project.load(["/srv/app/site.conf"]);
  const finding = project.findings("/srv/app/site.conf").find(({ rule }) => rule === "headers-lost-by-inheritance");
  assert.deepEqual(
    finding?.fixes.map(({ title, applicability }) => `${applicability}: ${title}`),
    [
      "safe: Repeat the outer Upgrade and Connection headers here",
      "suggested: Repeat all outer headers here: Upgrade and Connection, and Host and X-Real-IP",
    ],
  );
  const whole = applyEdits(text, finding?.fixes[1]?.edits ?? []);
  assert.ok(
    whole.includes(`live;
        proxy_set_header Host $host;
        proxy_set_header X-Real-IP $remote_addr;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $connection_upgrade;
    }`),
    whole,
  );
});

async function fixesOf(text: string, rule: string): Promise<readonly (readonly [string, string])[]> {
  const project = new Project(nothing);
  project.open("/srv/app/site.conf", text);
  await project.load(["/srv/app/site.conf"]);
  const finding = project.findings("/srv/app/site.conf").find((each) => each.rule === rule);
  assert.ok(finding, rule);
  return finding.fixes.map(({ title, edits }) => [title, applyEdits(text, edits)] as const);
}

test("what else fixes write", async () => {
  const location = (rest: string, path = "/ws") => `server {
    location ${path} {
        proxy_http_version 1.1;
        proxy_set_header Upgrade $http_upgrade;
        ${rest}
    }
}
`;
  const swallowed =
    "proxy_pass http://127.0.0.1:1; proxy_set_header X-Real-IP $remote_addr proxy_set_header Connection upgrade;";
  const [semicolon] = await fixesOf(location(swallowed), "directive-refused");
  assert.equal(semicolon?.[0], "Insert ; before proxy_set_header");
  assert.ok(semicolon?.[1].includes("$remote_addr; proxy_set_header Connection upgrade;"), semicolon?.[1]);

  const tls = `upstream be { server app.internal; server "b.internal" backup; }\n${location('proxy_pass https://be; proxy_set_header Connection "upgrade";')}`;
  const [port, scheme] = await fixesOf(tls, "tls-mismatch");
  assert.equal(port?.[0], "Write :443 after all 2 servers");
  assert.ok(port?.[1].includes('server app.internal:443; server "b.internal:443" backup;'), port?.[1]);
  assert.equal(scheme?.[0], "Use http://");

  const login = `auth_request /auth; error_page 401 =302 https://login.example.com/; proxy_pass http://127.0.0.1:1;
        proxy_set_header Connection $http_connection;`;
  assert.equal((await fixesOf(location(login), "auth-redirects-handshake")).length, 1);
  assert.deepEqual(await fixesOf(location(login, "/"), "auth-redirects-handshake"), []);

  const twice = "proxy_http_version 1.1; proxy_pass http://127.0.0.1:1; proxy_set_header Connection upgrade;";
  const [duplicate] = await fixesOf(location(twice), "directive-refused");
  assert.equal(duplicate?.[0], "Remove this proxy_http_version 1.1, keep the other one");

  const whole = `worker_rlimit_nofile 20000;\nevents {}\nhttp {\n${location('proxy_pass http://127.0.0.1:1; proxy_set_header Connection "upgrade";')}}\n`;
  const [connections] = await fixesOf(whole, "worker-connections");
  assert.ok(connections?.[1].includes("events { worker_connections 8192; }"), connections?.[1]);
});

test("the map goes into an http block that only includes, on lines of its own and with the file's line endings", async () => {
  const root = "/srv/app/nginx.conf";
  for (const eol of ["\n", "\r\n"]) {
    const texts = new Map([
      [root, `events {}\nhttp {\n    include sites/*;\n}\n`.replaceAll("\n", eol)],
      ["/srv/app/sites/a", site.replaceAll("\n", eol)],
    ]);
    const read = async (file: string) => ({ text: texts.get(file) ?? "" });
    const project = new Project({ read, glob: async () => ["/srv/app/sites/a"] });
    await project.load([root]);
    const fixes = project.findings("/srv/app/sites/a").flatMap((finding) => finding.fixes);
    const edits = fixes.flatMap((fix) => fix.edits.filter((edit) => edit.file === root));
    const [edit] = edits;
    assert.ok(edit, "a map in the file that has the http block");
    const lines = applyEdits(texts.get(root) ?? "", [edit]).split(eol);
    assert.deepEqual(lines.slice(1, 4), [
      "http {",
      "    map $http_upgrade $connection_upgrade {",
      "        default upgrade;",
    ]);
    assert.ok(!lines.some((line) => line.includes("\r")));
  }
});
