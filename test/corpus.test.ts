// The measuring of real configurations, tried on a corpus of four small files.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { analyse } from "../corpus/analyse.ts";
import { coverage, rulesFor } from "../corpus/codes.ts";
import { compare } from "../corpus/compare.ts";
import { readCorpus } from "../corpus/corpus.ts";
import list from "../corpus/decisions.json" with { type: "json" };
import { repairAll } from "../corpus/repair.ts";
import { countUp, renderReport } from "../corpus/report.ts";

const files = {
  "nginx/a+a/broken.conf": "server {\n    location /ws {\n        proxy_pass http://127.0.0.1:8080;\n    }\n}\n",
  "nginx/a+a/mislabelled.conf": "server {\n    location /ws {\n        proxy_pass http://127.0.0.1:8080;\n    }\n}\n",
  "nginx/b+b/unlabelled.conf": "events {}\nmap $a $b {\n    default 1;\n}\nhttp {}\n",
  "notnginx/c+c/redis.conf": "bind 127.0.0.1\nport 6379\n",
};

const block = { line: 2, end_line: 4, block: "location /ws" };
const fault = (code: string, severity: string) => ({ code, severity, scope: "file" });
const refused = { ok: false, cls: "context-error", line: 2, unknown_vars: [], unknown_directives: [] };
const accepted = { ok: true, cls: "ok", unknown_vars: [], unknown_directives: [] };
const answers = (file: string, answer: object) => ({ file, nginx_1_22_1: answer, nginx_mainline_1_31_5_dev: answer });

const tables = {
  manifest: Object.keys(files).map((file) => ({ file, kind: file.split("/")[0], repo: file.split("/")[1] })),
  labels: [
    {
      ...block,
      file: "nginx/a+a/broken.conf",
      ok: false,
      findings: [fault("missing-upgrade", "broken"), fault("short-read-timeout", "degraded")],
    },
    { ...block, file: "nginx/a+a/mislabelled.conf", ok: true, findings: [] },
  ],
  truth: [answers("nginx/b+b/unlabelled.conf", refused), answers("nginx/a+a/broken.conf", accepted)],
  fixblocks: [{ file: "nginx/a+a/broken.conf", line: 2, eline: 4, loc: "/ws", changes: ["add-upgrade", "other"] }],
};

function writeCorpus(): string {
  const folder = mkdtempSync(join(tmpdir(), "nginx-websocket-corpus-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, "files", dirname(name)), { recursive: true });
    writeFileSync(join(folder, "files", name), text);
  }
  for (const [name, rows] of Object.entries(tables)) {
    writeFileSync(join(folder, `${name}.jsonl`), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  }
  return folder;
}

test("labels, nginx and the analyser are laid side by side", async () => {
  const folder = writeCorpus();
  try {
    const corpus = readCorpus(folder);
    const analysis = await analyse(corpus, "");
    assert.deepEqual(analysis.crashes, []);
    assert.deepEqual(analysis.mistaken, []);
    const comparison = compare(corpus, analysis);
    const { grave, supported, faults, covered, undecided } = countUp(comparison);
    assert.deepEqual({ grave, supported, faults, covered }, { grave: 2, supported: 1, faults: 2, covered: 1 });
    assert.equal(undecided, 2, "the false alarm on the block labelled correct, and the missed time-out");
    assert.equal(comparison.refusals.agreed.length, 1);
    assert.deepEqual(
      comparison.repairs.map(({ change, by }) => [change, by?.rule]),
      [["add-upgrade", "missing-upgrade-headers"]],
    );
    const repair = await repairAll(corpus, "");
    assert.deepEqual({ ...repair, findings: 0 }, { findings: 0, files: 2, left: [], worse: [] });
    const text = renderReport(analysis, comparison, repair, 3);
    assert.match(text, /MISSED {2}nginx\/a\+a\/broken\.conf:2 location \/ws \(degraded\)/);
    assert.match(text, /FALSE ALARM\? {2}nginx\/a\+a\/mislabelled\.conf:3:9 warning missing-upgrade-headers/);
    assert.match(text, /1 of 2, 50\.0 %/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("decisions name a file, a rule or a label code, and a reason", () => {
  const seen = new Set<string>();
  for (const { file, line, about, verdict, reason } of list as readonly {
    file: string;
    line?: number;
    about: string;
    verdict: string;
    reason: string;
  }[]) {
    const key = `${file}:${line ?? "*"} ${about}`;
    assert.match(file, /^nginx\/[^/]+\//, key);
    assert.ok(["true", "false", "silent"].includes(verdict), key);
    assert.ok(reason.length > 10 && reason.length < 200, key);
    assert.ok(!seen.has(key), `${key} is decided twice`);
    seen.add(key);
  }
  for (const code of Object.keys(coverage)) assert.ok(rulesFor(code), code);
});
