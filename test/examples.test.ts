// The configuration that the demonstration shows, before and after its repair, on a real nginx.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { type Fixture, readFixture } from "./support/fixture.ts";
import { judgeOnNginx } from "./support/judge.ts";
import { findNginx } from "./support/nginx.ts";
import { findTruthLines, readStatement } from "./support/truths.ts";

const commandLine = resolve("dist/cli.cjs");

/** WebSocket endpoints of the example · what a strict backend makes of their handshake before the repair. */
const endpoints: readonly (readonly [url: string, status: number])[] = [
  ["http://chat.example.com/ws", 426],
  ["http://chat.example.com/socket.io/", 426],
  ["http://support.example.com/console/ws", 426],
  ["http://dashboard.example.com/metrics/websocket", 400],
];

/** Plain requests that must keep working. */
const pages = ["http://chat.example.com/", "http://support.example.com/", "http://dashboard.example.com/"];

let folder: string;
let repaired: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "nginx-example-"));
  repaired = join(folder, "repaired");
  cpSync("examples", repaired, { recursive: true });
  const { status, stderr } = spawnSync(process.execPath, [commandLine, "check", "--fix", join(repaired, "nginx.conf")]);
  assert.ok(status === 0 || status === 1, String(stderr));
});

after(() => rmSync(folder, { recursive: true, force: true }));

function readExample(path: string, truths: readonly string[]): Fixture {
  const lines = ["context main", ...truths].map((truth) => `#: ${truth}`);
  return { ...readFixture(path), statement: readStatement(findTruthLines(lines.join("\n"))) };
}

test("the example as it is: nginx accepts it, and no WebSocket that it is about can connect", async (t) => {
  const [nginx] = await findNginx();
  if (nginx === undefined) return t.skip("no nginx on this machine");
  const truths = [
    ...endpoints.map(([url, status]) => `handshake ${url} ${status}`),
    "handshake http://chat.example.com/live 101",
    "closes http://chat.example.com/live 3.6",
    ...pages.map((url) => `get ${url} 200 http`),
  ];
  const { disagreements } = await judgeOnNginx(readExample("examples", truths), nginx);
  assert.deepEqual(disagreements, []);
});

test("the example after --fix: every WebSocket connects, plain requests are answered as before", async (t) => {
  const [nginx] = await findNginx();
  if (nginx === undefined) return t.skip("no nginx on this machine");
  const truths = [
    ...endpoints.map(([url]) => `handshake ${url} 101`),
    "handshake http://chat.example.com/live 101",
    ...pages.map((url) => `get ${url} 200 http`),
  ];
  const { disagreements } = await judgeOnNginx(readExample(repaired, truths), nginx);
  assert.deepEqual(disagreements, []);
});

test("the findings of the example are at least the mistakes that were put into it", () => {
  const { findings } = checkJson("examples/nginx.conf");
  const found = findings.map(({ file, rule }) => `${file} ${rule}`);
  for (const expected of [
    "examples/nginx.conf missing-upgrade-headers",
    "examples/nginx.conf connection-not-upgrade",
    "examples/nginx.conf timeout-unit",
    "examples/conf.d/support.conf headers-lost-by-inheritance",
    "examples/conf.d/dashboard.conf http-version-1-0",
  ]) {
    assert.ok(found.includes(expected), `${expected} is missing in:\n${found.join("\n")}`);
  }
});

test("after --fix no error is left in the example", () => {
  const { findings } = checkJson(join(repaired, "nginx.conf"));
  assert.deepEqual(
    findings.filter(({ severity }) => severity === "error"),
    [],
  );
});

interface Findings {
  readonly findings: readonly { readonly file: string; readonly rule: string; readonly severity: string }[];
}

function checkJson(path: string): Findings {
  const { stdout } = spawnSync(process.execPath, [commandLine, "check", "--format", "json", path], {
    encoding: "utf8",
  });
  return JSON.parse(stdout) as Findings;
}

test("npm start explains itself on the example and succeeds", () => {
  const output = execFileSync(process.execPath, ["scripts/start.mjs"], { encoding: "utf8", stdio: "pipe" });
  assert.match(output, /missing-upgrade-headers/);
  assert.match(output, /code --extensionDevelopmentPath=/);
});
