// Files of other programs that a pattern of the shell hands over: they are neither judged nor repaired.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { isForeign } from "../server/core/index.ts";

const foreign: Readonly<Record<string, string>> = {
  "apache.conf": "<VirtualHost *:80>\n  ServerName example.com\n</VirtualHost>\n",
  "unit.conf": "# systemd\n[Service]\nEnvironment=A=1\n",
  "prose.conf": "Some notes about the server.\nThey go on here { and here\n",
  "redis.conf": "maxmemory 100mb\nappendonly yes\n",
  "script.conf": "#!/bin/sh\nserver_name=x\n",
  "manual.conf": `${"# A manual of the program, above its first setting.\n".repeat(900)}acl localnet src 10.0.0.0/8\nhttp_access deny all\n`,
};

/** Pieces and broken configuration of nginx. */
const nginx: Readonly<Record<string, string>> = {
  "statement.conf": "proxy_pass http://127.0.0.1:1\n",
  "plain.conf": "deny all;\n",
  "block.conf": "location /ws {\n  proxy_pass http://127.0.0.1:1\n",
  "comments.conf": "# nothing yet\n",
  "template.conf": "{% if x %}\nlisten 80;\n{% endif %}\n",
  "map.conf": "map $a $b {\n",
};

test("what only another program can read is told from broken configuration", () => {
  for (const [name, text] of Object.entries(foreign)) assert.equal(isForeign(text), true, name);
  for (const [name, text] of Object.entries(nginx)) assert.equal(isForeign(text), false, name);
});

test("named on the command line, such files are not checked and stay as they are", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "nginx-websocket-foreign-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const files = { ...foreign, ...nginx };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const run = (...names: readonly string[]) =>
    spawnSync(process.execPath, [resolve("dist/cli.cjs"), "check", "--fix", ...names], {
      cwd: folder,
      encoding: "utf8",
    });
  const all = run(...Object.keys(files));
  assert.match(all.stdout, /^6 files checked/m);
  for (const [name, text] of Object.entries(foreign)) {
    assert.ok(all.stderr.includes(`${name}: not checked, it does not look like nginx configuration`), all.stderr);
    assert.equal(readFileSync(join(folder, name), "utf8"), text);
  }
  assert.equal(readFileSync(join(folder, "statement.conf"), "utf8"), "proxy_pass http://127.0.0.1:1;\n");
  assert.equal(run("apache.conf").status, 0);
});

test("what an unknown word begins is not ended by itself", () => {
  const result = spawnSync(process.execPath, [resolve("dist/cli.cjs"), "check", "--fix", "-"], {
    input: "listen 80;\n...\n",
    encoding: "utf8",
  });
  assert.equal(result.stdout, "listen 80;\n...\n");
  assert.match(result.stderr, /";" is missing after "\.\.\."/);
});
