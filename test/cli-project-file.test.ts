// The project file on the command line.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";

const commandLine = resolve("dist/cli.cjs");
const broken = "server {\n    location /ws {\n        proxy_pass http://127.0.0.1:8080;\n    }\n}\n";
const rule = "missing-upgrade-headers";
const name = ".nginx-websocket.json";

/** A folder with files, and what runs the command line in it. */
function prepare(t: { after(run: () => void): void }, files: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), "nginx-project-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const [path, text] of Object.entries({ ".git/HEAD": "", ...files })) put(path, text);
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [commandLine, ...args], {
      cwd: folder,
      encoding: "utf8",
      input: broken,
    });
    return { code: status, out: stdout, err: stderr };
  };
  return { folder, put, run };
}

function severities(out: string): readonly string[] {
  const report = JSON.parse(out) as { findings: { rule: string; severity: string; file: string }[] };
  return report.findings.filter((finding) => finding.rule === rule).map(({ file, severity }) => `${file}: ${severity}`);
}

test("the nearest project file counts, up to the root of the repository; options count more", (t) => {
  const { run } = prepare(t, {
    [name]: `{ "rules": { "${rule}": "information" } }`,
    "site.conf": broken,
    "a/site.conf": broken,
    [`b/${name}`]: `{ "rules": { "${rule}": "hint" } }`,
    "b/c/site.conf": broken,
    "d/.git/HEAD": "",
    "d/site.conf": broken,
  });
  const all = run("check", "--format", "json", ".");
  assert.deepEqual(severities(all.out), [
    "site.conf: information",
    "a/site.conf: information",
    "b/c/site.conf: hint",
    "d/site.conf: warning",
  ]);
  assert.deepEqual((JSON.parse(all.out) as { projectFiles: unknown }).projectFiles, [name, `b/${name}`]);
  assert.match(run("check", "b/c/site.conf").out, /^Settings: b\/\.nginx-websocket\.json$/m);
  const json = (...args: string[]) => severities(run("check", "--format", "json", "b/c/site.conf", ...args).out);
  assert.deepEqual(json("--rule", `${rule}=error`), ["b/c/site.conf: error"]);
  assert.deepEqual(json("--no-config"), ["b/c/site.conf: warning"]);
  assert.deepEqual(json("--config", name), ["b/c/site.conf: information"]);
  assert.deepEqual(severities(run("check", "--format", "json", "-").out), ["<stdin>: information"]);
});

test("a mistake in it: its line, exit code 2, and nothing is judged or repaired", (t) => {
  const { run, folder } = prepare(t, {
    [name]: `{\n  "rules": {\n    "missing-upgrade-heders": "off"\n  }\n}\n`,
    "site.conf": broken,
  });
  for (const args of [
    ["check", "site.conf"],
    ["check", "--fix", "site.conf"],
    ["show", "site.conf"],
  ]) {
    const { code, out, err } = run(...args);
    assert.equal(code, 2, args.join(" "));
    assert.equal(out, "");
    assert.match(err, /: \.nginx-websocket\.json:3:5: There is no rule .* Did you mean “missing-upgrade-headers”\?\n$/);
  }
  assert.equal(readFileSync(join(folder, "site.conf"), "utf8"), broken);
  assert.equal(run("check", "--no-config", "site.conf").code, 1);
  assert.match(run("explain", "400", "--in", "site.conf").err, /There is no rule/);
});

test("--config: a file of any name, which has to be there", (t) => {
  const { run } = prepare(t, { "site.conf": broken, "ci/strict.json": `{ "failOn": "error", }` });
  assert.equal(run("check", "site.conf").code, 1);
  assert.equal(run("check", "--config", "ci/strict.json", "site.conf").code, 0);
  const { code, err } = run("check", "--config", "none.json", "site.conf");
  assert.equal(code, 2);
  assert.match(err, /none\.json: It cannot be read: does not exist\./);
  assert.match(run("check", "--config", "x", "--no-config", "site.conf").err, /exclude each other/);
  assert.match(run("rules", "--no-config").err, /belongs to check, not to rules/);
});

test("failOn, the version, includes and what is ignored", (t) => {
  const { run, put, folder } = prepare(t, {
    [name]: `{ "failOn": "error", "ignore": ["legacy/"], "includeRoots": { "/etc/nginx": "deploy/nginx" } }`,
    "site.conf": broken,
    "legacy/old.conf": broken,
    "deploy/nginx/ws.conf":
      "proxy_http_version 1.1;\nproxy_set_header Upgrade $http_upgrade;\nproxy_set_header Connection upgrade;\nproxy_set_header Host $host;\n",
    "mapped.conf": broken.replace("proxy_pass", "include /etc/nginx/ws.conf;\n        proxy_pass"),
  });
  assert.equal(run("check", "site.conf").code, 0);
  assert.equal(run("check", "--fail-on", "warning", "site.conf").code, 1);
  const all = run("check", "--format", "json", ".");
  assert.deepEqual(severities(all.out), ["site.conf: warning"]);
  const named = run("check", "--fix", "legacy/old.conf");
  assert.equal(named.code, 0);
  assert.match(named.err, /: legacy\/old\.conf: ignored, because \.nginx-websocket\.json says so\n$/);
  assert.equal(readFileSync(join(folder, "legacy/old.conf"), "utf8"), broken);
  put(name, `{ "nginxVersion": "1.30.0", "rules": { "${rule}": "off" } }`);
  assert.doesNotMatch(run("check", "site.conf").out, /missing-upgrade-headers/);
});
