// The comments that allow a finding: where they are written, and that they do what they say.
import assert from "node:assert/strict";
import { test } from "node:test";
import { applyEdits, Project } from "../server/core/index.ts";

const rule = "missing-upgrade-headers";
const other = "read-timeout-default";
const file = "/etc/nginx/conf.d/site.conf";

async function open(text: string): Promise<Project> {
  const project = new Project({ read: async () => ({ error: "none" }), glob: async () => [] });
  project.open(file, text);
  await project.load([file]);
  return project;
}

/** Applies what allows a rule on its line (0) or in its file (1), and gives the text. */
async function allow(text: string, id: string, scope: 0 | 1): Promise<string> {
  const project = await open(text);
  const finding = project.findings(file).find((each) => each.rule === id);
  assert.ok(finding, `${id} is found in ${text}`);
  const before = project.findings(file).map((each) => each.rule);
  const fix = project.suppressions(finding).find(({ title }) => title.endsWith(scope === 0 ? "line" : "file"));
  assert.ok(fix, `${id} can be allowed in ${text}`);
  const changed = applyEdits(text, fix.edits);
  const after = (await open(changed)).findings(file).map((each) => each.rule);
  assert.deepEqual(
    after.toSorted(),
    before.filter((each) => each !== id).toSorted(),
    `exactly ${id} is gone in ${JSON.stringify(changed)}`,
  );
  return changed;
}

const plain = "server {\n    location /ws {\n        proxy_pass http://127.0.0.1:8080;\n    }\n}\n";

test("a line above the mistake, with its indentation", async () => {
  assert.equal(
    await allow(plain, rule, 0),
    plain.replace("        proxy_pass", `        # nginx-ws: allow ${rule}\n        proxy_pass`),
  );
  assert.equal(await allow(plain, rule, 1), `# nginx-ws: allow-file ${rule}\n${plain}`);
});

test("line endings of the file, tabs, and a block on one line", async () => {
  const windows = plain.replaceAll("\n", "\r\n").replaceAll("    ", "\t");
  assert.equal(
    await allow(windows, rule, 0),
    windows.replace("\t\tproxy_pass", `\t\t# nginx-ws: allow ${rule}\r\n\t\tproxy_pass`),
  );
  assert.equal(await allow(windows, rule, 1), `# nginx-ws: allow-file ${rule}\r\n${windows}`);
  const line = "  server { location /ws { proxy_pass http://127.0.0.1:8080; } }\n";
  assert.equal(await allow(line, rule, 0), `  # nginx-ws: allow ${rule}\n${line}`);
});

test("a comment that is there becomes longer, so that it goes on speaking about its line", async () => {
  const upgrade = "proxy_set_header Upgrade $http_upgrade;\n        proxy_set_header Connection upgrade;";
  const timed = plain.replace("8080;", `8080;\n        proxy_http_version 1.1;\n        ${upgrade}`);
  const present = (await open(timed)).findings(file).map((each) => each.rule);
  assert.ok(present.includes(other) && present.includes("host-not-forwarded"), present.join());
  for (const start of [
    await allow(timed, other, 0),
    timed.replace("8080;", `8080; # nginx-ws: allow ${other} it pings`),
  ]) {
    const both = await allow(start, "host-not-forwarded", 0);
    assert.match(both, /# nginx-ws: allow read-timeout-default, host-not-forwarded/);
    assert.equal(both.split("nginx-ws").length, 2);
  }
  const fileWide = await allow(await allow(timed, other, 1), "host-not-forwarded", 1);
  assert.match(fileWide, /^# nginx-ws: allow-file read-timeout-default, host-not-forwarded\nserver/);
});

test("behind the line where a line above would be part of a text, and nowhere where there is no room", async () => {
  const text = plain.replace("proxy_pass", 'set $note "one\ntwo"; proxy_pass');
  assert.equal(await allow(text, rule, 0), text.replace("8080;", `8080; # nginx-ws: allow ${rule}`));
  for (const full of [text.replace("8080;", "8080; # a word"), text.replace("8080;", '8080; set $more "\n";')]) {
    const project = await open(full);
    const finding = project.findings(file).find((each) => each.rule === rule);
    assert.deepEqual(finding && project.suppressions(finding).map(({ title }) => title), [
      `Allow ${rule} in this file`,
    ]);
  }
});

test("what says that a comment is needless cannot be allowed by a comment", async () => {
  const project = await open(`# nginx-ws: allow-file ${other}\n`);
  const [finding] = project.findings(file);
  assert.equal(finding?.rule, "unused-suppression");
  assert.deepEqual(project.suppressions(finding), []);
});
