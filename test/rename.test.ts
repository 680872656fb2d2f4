// Renames: what changes, what is refused and why; nginx accepts the result and answers the same.
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { edited, type Scene, sceneOf } from "./support/navigate.ts";
import { findNginx, type Listener, type Nginx, openListener, startNginx, testConfig } from "./support/nginx.ts";

/** A configuration with all kinds of names; its parts are listed in `names`. */
const tree = {
  "nginx.conf": `events {}
http {
    access_log off;
    log_format plain '$remote_addr "\${route}" \\"$answer\\"';
    limit_req_zone $binary_remote_addr zone=calm:1m rate=1000r/s;
    limit_conn_zone $binary_remote_addr zone=few:1m;
    proxy_cache_path cache keys_zone=pages:1m;
    map $arg_to $route { default first; two "second"; }
    geo $here { default far; 127.0.0.0/8 near; }
    split_clients $remote_addr $half { 100% all; }
    include conf.d/*.conf;
}
`,
  "conf.d/app.conf": `upstream first { server 127.0.0.1:PORT2; }
upstream second { server 127.0.0.1:PORT2; zone second_zone 64k; }
server {
    listen 127.0.0.1:PORT1;
    proxy_set_header Host same;
    limit_req zone=calm burst=1000 nodelay;
    limit_conn few 1000;
    access_log access.log plain;
    location / { set $answer "\${here}-$half"; proxy_pass http://$route; proxy_cache pages; proxy_set_header Host same; proxy_set_header X-Answer $answer; }
    location /direct { proxy_pass http://second/; }
    location ~ "^/(?<word>[a-z]+)/(?<rest>.*)$" { return 200 "word=$word rest=\${rest}."; }
    location /gone { error_page 404 = @fallback; return 404; }
    location @fallback { return 200 "fallback $half"; }
}
server { listen 127.0.0.1:PORT2; location / { return 200 "$request_uri $http_host $http_x_answer $here"; } }
`,
};

async function at(files: Readonly<Record<string, string>>, file: string, text: string): Promise<Scene> {
  const content = files[file]!;
  const index = content.indexOf(text) + text.length;
  assert.ok(index >= text.length, text);
  return sceneOf({ ...files, [file]: `${content.slice(0, index)}¦${content.slice(index)}` });
}

function rename(scene: Scene, name: string): Readonly<Record<string, string>> {
  const result = scene.navigator.rename(scene.file, scene.offset, name);
  assert.equal(result.refusal, undefined);
  return edited(scene, result.edits!);
}

function refusal(scene: Scene, name = "other"): string {
  const result = scene.navigator.rename(scene.file, scene.offset, name);
  assert.ok(result.refusal !== undefined, `renamed: ${JSON.stringify(result)}`);
  return result.refusal;
}

/** Where each name is, and what else it can be. */
const names = [
  ["nginx.conf", "log_format pl", "plain", "detailed", /\bplain\b/g],
  ["nginx.conf", "zone=ca", "calm", "quiet", /\bcalm\b/g],
  ["nginx.conf", "zone=fe", "few", "small", /\bfew\b/g],
  ["nginx.conf", "keys_zone=pa", "pages", "leaves", /\bpages\b/g],
  ["nginx.conf", "$arg_to $ro", "route", "way", /\broute\b/g],
  ["nginx.conf", "geo $he", "here", "place", /\bhere\b/g],
  ["nginx.conf", "_addr $ha", "half", "share", /\bhalf\b/g],
  ["conf.d/app.conf", "set $an", "answer", "text_2", /\banswer\b/g],
  ["conf.d/app.conf", "upstream fi", "first", "primary", /\bfirst\b/g],
  ["conf.d/app.conf", "upstream se", "second", "backup-pool", /\bsecond\b(?!_)/g],
  ["conf.d/app.conf", "zone second", "second_zone", "shared", /\bsecond_zone\b/g],
  ["conf.d/app.conf", "(?<wo", "word", "noun", /(?<=[<$])word\b/g],
  ["conf.d/app.conf", "(?<re", "rest", "others", /(?<=[<{])rest\b/g],
  ["conf.d/app.conf", "= @fa", "fallback", "last_resort", /\bfallback\b(?! \$)/g],
] as const;

test("every kind of name is renamed everywhere, and back", async () => {
  for (const [file, text, old, name, places] of names) {
    const changed = rename(await at(tree, file, text), name);
    const expected = Object.fromEntries(
      Object.entries(tree).map(([each, content]) => [each, content.replace(places, name)]),
    );
    assert.deepEqual({ ...tree, ...changed }, expected, `${text} → ${name}`);
    const scene = await sceneOf({ ...tree, ...changed });
    const offset = expected[file]!.indexOf(name) + 1;
    const back = scene.navigator.rename(`/etc/nginx/${file}`, offset, old);
    assert.equal(back.refusal, undefined);
    assert.deepEqual({ ...tree, ...changed, ...edited(scene, back.edits!) }, tree, `${name} → back`);
  }
});

test("nginx accepts every renamed configuration and answers the same", async (t) => {
  const [nginx] = await findNginx();
  if (!nginx) return t.skip("no nginx");
  const requests = ["/", "/?to=two", "/direct", "/abc/def", "/gone"];
  const before = await answers(nginx, tree, requests);
  assert.deepEqual(before, [
    "/ same near-all near",
    "/?to=two same near-all near",
    "/ same  near",
    "word=abc rest=def.",
    "fallback all",
  ]);
  for (const [file, text, , name] of names) {
    const changed = rename(await at(tree, file, text), name);
    assert.deepEqual(await answers(nginx, { ...tree, ...changed }, requests), before, `${text} → ${name}`);
  }
});

async function answers(
  nginx: Nginx,
  files: Readonly<Record<string, string>>,
  requests: readonly string[],
): Promise<readonly string[]> {
  const prefix = mkdtempSync(join(tmpdir(), "nginx-websocket-rename-"));
  // Workers of another user have to reach the cache.
  chmodSync(prefix, 0o755);
  const listeners: Listener[] = [await openListener(), await openListener()];
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(prefix, name)), { recursive: true });
      const ports = text.replace(/PORT(\d)/g, (_, number: string) => String(listeners[Number(number) - 1]!.port));
      writeFileSync(join(prefix, name), ports);
    }
    const verdict = await testConfig(nginx, prefix, "nginx.conf");
    assert.ok(verdict.ok, verdict.message);
    const running = startNginx(nginx, prefix, "nginx.conf", listeners);
    try {
      const found: string[] = [];
      for (const path of requests) found.push(await ask(listeners[0]!.port, path));
      return found;
    } finally {
      await running.stop();
    }
  } finally {
    for (const { server } of listeners) server.close();
    rmSync(prefix, { recursive: true, force: true });
  }
}

function ask(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ port, path, host: "127.0.0.1", agent: false }, (response) => {
      let body = "";
      response.on("data", (data) => {
        body += data;
      });
      response.on("end", () => resolve(body));
    }).on("error", reject);
  });
}

test("the sign that belongs to a name may be typed or not", async () => {
  const scene = await at(tree, "nginx.conf", "$arg_to $ro");
  assert.deepEqual(rename(scene, "$way"), rename(scene, "way"));
  assert.deepEqual(rename(scene, `\${way}`), rename(scene, "way"));
  const named = await at(tree, "conf.d/app.conf", "= @fa");
  assert.deepEqual(rename(named, "@last"), rename(named, "last"));
  assert.deepEqual(rename(scene, "route"), {});
});

test("a name that nginx would not take is refused with the reason", async () => {
  const variable = await at(tree, "nginx.conf", "$arg_to $ro");
  assert.match(refusal(variable, "a-b"), /letters, digits and underlines/);
  assert.match(refusal(variable, ""), /needed/);
  assert.match(refusal(variable, "1st"), /digit/);
  assert.match(refusal(variable, "http_x"), /nginx itself/);
  assert.match(refusal(variable, "Host"), /nginx itself/);
  assert.match(refusal(variable, "ANSWER"), /already used in nginx\.conf:4|already defined/);
  assert.match(refusal(await at(tree, "conf.d/app.conf", "(?<wo"), "x".repeat(33)), /too long/);
  assert.match(refusal(await at(tree, "conf.d/app.conf", "upstream fi"), "second"), /already defined in app\.conf:2/);
  assert.match(refusal(await at(tree, "conf.d/app.conf", "upstream fi"), "a b"), /cannot be the name/);
  assert.match(refusal(await at(tree, "nginx.conf", "zone=ca"), "pages"), /already defined/);
  assert.match(refusal(await at(tree, "nginx.conf", "log_format pl"), "combined"), /nginx itself/);
});

test("what nginx defines, or nothing that is known, has no other name", async () => {
  assert.match(refusal(await at(tree, "nginx.conf", "'$remote_a")), /nginx itself/);
  const host = {
    "nginx.conf": "events {}\nhttp { server { location / { set $x $y; proxy_pass http://localhost; } } }\n",
  };
  assert.match(refusal(await at(host, "nginx.conf", "http://lo")), /name of a host/);
  assert.match(refusal(await at(host, "nginx.conf", "set $x $")), /defines \$y/);
  assert.match(refusal(await at(host, "nginx.conf", "locat")), /no name here/);
});

const http = (inside: string): Readonly<Record<string, string>> => ({
  "nginx.conf": `events {}\nhttp {\nupstream app { server 127.0.0.1:1; }\nmap $host $kind { default a; }\n${inside}\n}\n`,
});

test("a rename is refused where it could miss a place", async () => {
  const cases: readonly (readonly [RegExp, string, Readonly<Record<string, string>>])[] = [
    [
      /program in nginx\.conf:5/,
      "$ki",
      http("server { location / { content_by_lua_block { ngx.say(ngx.var.kind) } } }"),
    ],
    [/program in/, "$ki", http(`server { location / { access_by_lua 'ngx.say(ngx.var["kind"])'; } }`)],
    [/program in/, "upstream ap", http(`server { location / { access_by_lua_block { ngx.var.x = "app" } } }`)],
    [/template part/, "$ki", http("server { location / { {% if kind %} return 200 x; {% endif %} } }")],
    [/template decides/i, "$ki", http("{% if x %}\nserver { location / { return 200 $kind; } }\n{% endif %}")],
    [/extra\.conf.*is not here/, "$ki", http("include extra.conf;")],
    [/\$arg_to.*for each request/, "upstream ap", http("server { location / { proxy_pass http://$arg_to; } }")],
    [/a\$1.*for each request/, "upstream ap", http('server { location ~ "/(.*)" { proxy_pass "http://a$1"; } }')],
    [
      /compares/,
      "upstream ap",
      http(
        "map $arg_x $to { default app; }\nserver { location / { if ($to = app) { return 1; } proxy_pass http://$to; } }",
      ),
    ],
  ];
  for (const [reason, text, files] of cases) {
    assert.match(refusal(await at(files, "nginx.conf", text)), reason);
    const scene = await at(files, "nginx.conf", text);
    const early = scene.navigator.renamable(scene.file, scene.offset);
    assert.ok("refusal" in early, "refused before a name is typed");
  }
});

test("a rename is not refused where nothing can be missed", async () => {
  const cases: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ["$ki", http("include mime.types;")],
    ["$ki", http("server { location / { content_by_lua_block { ngx.say(ngx.var.kindness) } } }")],
    ["upstream ap", http("server { location / { proxy_pass http://$host; } }")],
    ["upstream ap", http('server { location ~ "/(.*)" { proxy_pass "http://b$1"; } }')],
    ["$ki", { "nginx.conf": `include /etc/nginx/modules-enabled/*.conf;\n${http("")["nginx.conf"]}` }],
  ];
  for (const [text, files] of cases) rename(await at(files, "nginx.conf", text), "other");
});

test("a rename that changes more than the name says so", async () => {
  const warningsOf = async (text: string, inside: string): Promise<string> => {
    const scene = await at(http(inside), "nginx.conf", text);
    const result = scene.navigator.rename(scene.file, scene.offset, "other");
    assert.equal(result.refusal, undefined);
    return result.warnings!.join("\n");
  };
  assert.match(
    await warningsOf("upstream ap", "server { location / { proxy_pass http://app; } }"),
    /Host header: “other”/,
  );
  const set = "proxy_set_header Host $host;";
  assert.equal(await warningsOf("upstream ap", `server { location / { proxy_pass http://app; ${set} } }`), "");
  const redirect = `server { location / { proxy_pass http://app; ${set} proxy_redirect http://app/ /; } }`;
  assert.match(await warningsOf("upstream ap", redirect), /proxy_redirect http:\/\/app\/ \/” \(nginx\.conf:5\)/);
  const route = "map $arg_x $to { default app; }";
  assert.match(
    await warningsOf("upstream ap", `${route} server { location / { proxy_pass http://$to; } }`),
    /Host header/,
  );
  const tls = `server { location / { proxy_pass https://app; ${set} proxy_ssl_verify on; } }`;
  assert.match(await warningsOf("upstream ap", tls), /TLS/);
  assert.match(await warningsOf("$ki", "js_import main.js;"), /main\.js.*was not read/);
  assert.match(await warningsOf("$ki", "init_by_lua_block { ngx.say(ngx.var[name]) }"), /chooses variables/);
});

test("a dump is not renamed", async () => {
  const main =
    "# configuration file /etc/nginx/nginx.conf:\nevents {}\nhttp { include a.conf; map $host $ki¦nd { default a; } }\n\n";
  const scene = await sceneOf({
    "dump.txt": `${main}# configuration file /etc/nginx/a.conf:\nserver { return 200 $kind; }\n\n`,
  });
  assert.match(refusal(scene), /dump of nginx -T/);
});

test("a file that two configurations include is renamed in both", async () => {
  const root = (port: number) =>
    `events {}\nhttp {\ninclude shared.conf;\nserver { listen ${port}; return 200 $kind; }\n}\n`;
  const files = { "one.conf": root(1), "two.conf": root(2), "shared.conf": "map $host $kind { default a; }\n" };
  const scene = await sceneOf({ ...files, "one.conf": files["one.conf"].replace("$kind", "$ki¦nd") }, [
    "one.conf",
    "two.conf",
  ]);
  assert.deepEqual(Object.keys(rename(scene, "sort")).sort(), ["one.conf", "shared.conf", "two.conf"]);
});
