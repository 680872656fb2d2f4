// A file that is named alone on the command line is judged in the configuration above it that includes it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { findRootsAbove } from "../server/host/roots.ts";

const commandLine = resolve("dist/cli.cjs");
const MAP = "map $http_upgrade $connection_upgrade {\n  default upgrade;\n  '' close;\n}\n";
const MAIN = "events {}\nhttp {\n  include conf.d/*.conf;\n  include sites-enabled/*;\n}\n";
const SITE = `server {
  listen 80;
  location /ws {
    proxy_pass http://127.0.0.1:8080;
    proxy_http_version 1.1;
    proxy_read_timeout 3600s;
    proxy_set_header Host $http_host;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $connection_upgrade;
  }
}
`;
const UNDEFINED = "undefined-upgrade-variable";

function write(t: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "nginx-websocket-above-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

function run(folder: string, ...args: readonly string[]) {
  const result = spawnSync(process.execPath, [commandLine, ...args], { cwd: folder, encoding: "utf8" });
  assert.doesNotMatch(result.stderr, /^ {4}at /m);
  return { code: result.status, out: result.stdout, err: result.stderr };
}

interface Answer {
  readonly files: number;
  readonly roots?: readonly string[];
  readonly findings: readonly { readonly rule: string; readonly severity: string; readonly file: string }[];
}

function check(folder: string, ...args: readonly string[]) {
  const { code, out } = run(folder, "check", "--format", "json", "--fail-on", "warning", ...args);
  const { files, roots, findings } = JSON.parse(out) as Answer;
  const strong = findings.filter(({ severity }) => severity === "error" || severity === "warning");
  return { code, files, roots, findings: strong.map(({ rule, file }) => `${file} ${rule}`) };
}

test("a site is judged in the main file above it, and only what concerns it is reported", (t) => {
  const folder = write(t, {
    "deploy/nginx.conf": MAIN,
    "deploy/conf.d/map.conf": MAP,
    "deploy/conf.d/other.conf": SITE.replaceAll("$connection_upgrade", "$nobody"),
    "deploy/sites-enabled/app": SITE,
    "apart/sites-enabled/app": SITE.replaceAll("$connection_upgrade", "$nobody"),
  });
  const app = "deploy/sites-enabled/app";
  assert.deepEqual(check(folder, app), { code: 0, files: 1, roots: ["deploy/nginx.conf"], findings: [] });
  const text = run(folder, app);
  assert.match(text.out, /^1 file checked: .*\nJudged as a part of deploy\/nginx\.conf\.$/m);
  const other = check(folder, "deploy/conf.d/other.conf");
  assert.deepEqual(other.findings, [`deploy/conf.d/other.conf ${UNDEFINED}`]);
  assert.equal(other.code, 1);
  // Without a main file, and with it, nothing is new.
  assert.deepEqual(check(folder, "apart/sites-enabled/app").roots, undefined);
  const whole = check(folder, "deploy/nginx.conf");
  assert.deepEqual(whole, { code: 1, files: 4, roots: undefined, findings: [`deploy/conf.d/other.conf ${UNDEFINED}`] });
  assert.deepEqual(check(folder, "deploy"), whole);
  assert.deepEqual(check(folder, "deploy/nginx.conf", app), whole);
  assert.deepEqual(check(folder, "deploy/conf.d").roots, ["deploy/nginx.conf"]);
});

test("what has to be changed elsewhere for the named file is reported, and --fix repairs it", (t) => {
  const folder = write(t, {
    "nginx.conf": MAIN,
    "conf.d/map.conf": MAP.replace("default upgrade", "default close").replace("'' close", "'' upgrade"),
    "conf.d/app.conf": SITE,
    "conf.d/other.conf": SITE.replace("proxy_set_header Upgrade $http_upgrade;", "").replace("80", "81"),
  });
  const before = readFileSync(join(folder, "conf.d/other.conf"), "utf8");
  assert.deepEqual(check(folder, "conf.d/app.conf").findings, ["conf.d/map.conf map-values-wrong"]);
  const fixed = run(folder, "check", "--fix", "conf.d/app.conf");
  assert.match(fixed.out, /Repaired 1 finding in 1 file\./);
  assert.match(readFileSync(join(folder, "conf.d/map.conf"), "utf8"), /default upgrade/);
  assert.equal(readFileSync(join(folder, "conf.d/other.conf"), "utf8"), before);
  assert.equal(check(folder, "conf.d/app.conf").code, 0);
});

test("a site that is enabled by a link is judged where the link is included, under the name that was given", (t) => {
  const folder = write(t, {
    "nginx.conf": MAIN,
    "conf.d/map.conf": MAP,
    "sites-available/app": SITE.replace(/.*Upgrade.*\n/, ""),
    "sites-available/off": SITE,
    "sites-enabled/none": "# empty\n",
  });
  symlinkSync("../sites-available/app", join(folder, "sites-enabled/app"));
  const found = check(folder, "sites-available/app");
  assert.deepEqual(found.roots, ["nginx.conf"]);
  assert.deepEqual(found.findings, ["sites-available/app missing-upgrade-header"]);
  assert.equal(check(folder, "sites-available/off").roots, undefined);
  run(folder, "check", "--fix", "sites-available/app");
  assert.match(readFileSync(join(folder, "sites-available/app"), "utf8"), /Upgrade \$http_upgrade/);
  assert.equal(check(folder, "sites-available/app").code, 0);
});

test("explain --in looks there too, and a dump is explained with its own files and lines", (t) => {
  const site = SITE.replace(/.*Upgrade.*\n/, "");
  const folder = write(t, {
    "nginx.conf": MAIN,
    "conf.d/map.conf": MAP,
    "conf.d/app.conf": site,
    "dump.txt": `# configuration file /etc/nginx/nginx.conf:\n${MAIN}\n# configuration file /etc/nginx/conf.d/app.conf:\n${site.replace("3600s", "75s")}\n`,
  });
  const { out } = run(folder, "explain", "426", "--in", "conf.d/app.conf");
  assert.match(out, /conf\.d\/app\.conf:4/);
  const dumped = run(folder, "explain", "426", "--in", "dump.txt");
  assert.match(dumped.out, /\/etc\/nginx\/conf\.d\/app\.conf:4/);
  assert.doesNotMatch(dumped.out, /dump\.txt:/);
  const closed = run(folder, "explain", "closed after 75 seconds", "--in", "dump.txt");
  assert.match(closed.out, /\/etc\/nginx\/conf\.d\/app\.conf:6/);
  const json = JSON.parse(run(folder, "explain", "426", "--format", "json", "--in", "dump.txt").out) as {
    readonly symptoms: readonly { readonly causes: readonly { readonly findings: readonly object[] }[] }[];
  };
  const places = json.symptoms.flatMap(({ causes }) => causes.flatMap(({ findings }) => findings));
  assert.ok(places.length > 0);
  for (const place of places) {
    assert.ok("dump" in place && "file" in place);
    assert.equal(place.file, "/etc/nginx/conf.d/app.conf");
    assert.equal((place.dump as { readonly file: string }).file, "dump.txt");
  }
  const shown = run(folder, "show", "dump.txt", "/ws", "--format", "json");
  assert.match(shown.out, /"file": "\/etc\/nginx\/conf\.d\/app\.conf",[\s\S]*"dump": \{\s+"file": "dump\.txt"/);
  assert.match(run(folder, "show", "dump.txt", "/ws").out, /\/etc\/nginx\/conf\.d\/app\.conf:\d/);
});

test("the search goes upwards only, a few folders, and not out of the repository", (t) => {
  const folder = write(t, {
    "nginx.conf": MAIN,
    "a/web.conf": MAIN,
    "a/site.conf": SITE,
    "a/beside/nginx.conf": MAIN,
    "a/b/.git/config": "",
    "a/b/nginx.conf": MAIN,
    "a/b/c/conf.d/app.conf": SITE,
    "a/1/2/3/4/5/app.conf": SITE,
  }).replaceAll("\\", "/");
  const above = (file: string) =>
    findRootsAbove(`${folder}/${file}`)
      .filter((root) => root.startsWith(folder))
      .map((root) => root.slice(folder.length + 1));
  assert.deepEqual(above("a/b/c/conf.d/app.conf"), ["a/b/nginx.conf"]);
  assert.deepEqual(above("a/site.conf"), ["a/web.conf", "nginx.conf"]);
  assert.deepEqual(above("a/1/2/3/4/5/app.conf"), []);
  assert.deepEqual(above("nginx.conf"), []);
});
