// Every fixture and every example of the rule pages before three judges: the analyser, `nginx -t`, and a running nginx
// with real backends behind it. With UPDATE=1 the fixed copies (`NAME.fixed.conf`) are written first.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { analyse } from "./support/analyser.ts";
import { compareToMarkers } from "./support/compare.ts";
import { type Example, findExamples } from "./support/examples.ts";
import { fixTexts } from "./support/fixes.ts";
import { type Fixture, findFixtures, readFixture } from "./support/fixture.ts";
import { countTruths, judgeOnNginx } from "./support/judge.ts";
import { readMarkers } from "./support/markers.ts";
import { findNginx, type Nginx } from "./support/nginx.ts";
import { findUnprovenFix } from "./support/restate.ts";

const rulesFolder = "test/rules";
const pagesFolder = "docs/rules";
const isFixed = /\.fixed(?:\.conf)?$/;
const isNearMiss = /\/ok-[^/]*$/;

/** The rules that are looked at, for whoever works on a few of them: `RULES=one,other`. All of them without it. */
const wanted = new Set((process.env.RULES ?? "").split(",").filter(Boolean));

function isWanted({ rule }: { readonly rule: string }): boolean {
  return wanted.size === 0 || wanted.has(rule);
}

const nginxes = findNginx();
const tally = { fixtures: 0, examples: 0, judged: 0, tableOnly: 0, skipped: 0 };

/** `NAME.conf` → `NAME.fixed.conf`, `NAME` → `NAME.fixed` */
function fixedPathOf(path: string): string {
  return path.endsWith(".conf") ? path.replace(/\.conf$/, ".fixed.conf") : `${path}.fixed`;
}

/** `NAME.fixed.conf` → `NAME.conf`, `NAME.fixed` → `NAME` */
function sourcePathOf(path: string): string {
  return path.replace(isFixed, path.endsWith(".conf") ? ".conf" : "");
}

/** Several nginx judge the same truths; a truth that none of them could judge is asserted from the table only. */
async function judgeOnEach(t: TestContext, fixture: Fixture, available: readonly Nginx[]): Promise<void> {
  const truths = countTruths(fixture);
  if (available.length === 0) {
    tally.skipped += truths;
    await t.test("nginx", (s) => s.skip(`no nginx on this machine: ${truths} truths not judged`));
    return;
  }
  let judgedSomewhere = false;
  for (const nginx of available) {
    await t.test(`nginx ${nginx.version}`, async (s) => {
      const judgement = await judgeOnNginx(fixture, nginx);
      tally.judged += judgement.judged;
      tally.skipped += judgement.skipped;
      if (judgement.notJudged !== undefined) return s.skip(judgement.notJudged);
      judgedSomewhere = true;
      const messages = judgement.disagreements.map(({ judge, message }) => `${judge}: ${message}`);
      assert.deepEqual(messages, []);
    });
  }
  if (!judgedSomewhere) tally.tableOnly += truths;
}

function checkForm(rule: string, path: string, fixture: Fixture): void {
  const markers = [...fixture.files.values()].flatMap((text) => readMarkers(text).markers);
  const fires = markers.some((marker) => marker.rule === rule);
  if (isFixed.test(path)) {
    assert.ok(existsSync(sourcePathOf(path)), "there is no fixture that it is the fixed copy of");
    assert.equal(findUnprovenFix(fixture), undefined);
  } else if (isNearMiss.test(path)) {
    const first = fixture.files.get(fixture.root)?.split("\n")[0] ?? "";
    assert.match(first, /^# \S.*[.]$/, "a near miss begins with a sentence that says why it is fine");
  } else {
    assert.ok(fires, `no marker says where ${rule} fires`);
  }
}

async function checkFixes(rule: string, path: string, fixture: Fixture): Promise<void> {
  const { texts, mistakes } = await fixTexts(fixture, rule);
  assert.deepEqual(mistakes, []);
  if (isNearMiss.test(path) || isFixed.test(path)) return;
  const fixedPath = fixedPathOf(path);
  if (texts === undefined) {
    assert.ok(!existsSync(fixedPath), `${fixedPath} exists, but there is no safe fix`);
    return;
  }
  assert.ok(existsSync(fixedPath), `${fixedPath} is missing: run with UPDATE=1`);
  const onDisk = named(readFixture(fixedPath).files, fixedPath);
  assert.deepEqual(onDisk, named(texts, fixedPath), `${fixedPath} is not what the safe fixes make: run with UPDATE=1`);
}

/** Texts by path on disk: a single file bears the name of the fixed copy. */
function named(texts: ReadonlyMap<string, string>, fixedPath: string): Record<string, string> {
  const single = fixedPath.endsWith(".conf");
  return Object.fromEntries([...texts].map(([name, text]) => [single ? fixedPath : join(fixedPath, name), text]));
}

async function updateFixedCopies(): Promise<void> {
  for (const { rule, path } of findFixtures(rulesFolder).filter(isWanted)) {
    if (isFixed.test(path) || isNearMiss.test(path)) continue;
    const fixedPath = fixedPathOf(path);
    rmSync(fixedPath, { recursive: true, force: true });
    const { texts } = await fixTexts(readFixture(path), rule);
    for (const [file, text] of Object.entries(named(texts ?? new Map(), fixedPath))) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
}

async function judgeFixture(t: TestContext, rule: string, path: string): Promise<void> {
  const fixture = readFixture(path);
  tally.fixtures += 1;
  await t.test("form", () => checkForm(rule, path, fixture));
  await t.test("analyser", async () => {
    const disagreements = compareToMarkers(fixture, await analyse(fixture, fixture.files, rule), rule);
    assert.deepEqual(
      disagreements.map(({ message }) => message),
      [],
    );
  });
  await t.test("fixes", () => checkFixes(rule, path, fixture));
  await judgeOnEach(t, fixture, await nginxes);
}

async function judgeExample(t: TestContext, { rule, claim, fixture }: Example): Promise<void> {
  tally.examples += 1;
  await t.test("analyser", async () => {
    const findings = [...(await analyse(fixture, fixture.files, rule)).values()].flat();
    const ofRule = findings.filter((finding) => finding.rule === rule);
    const serious = ofRule.filter(({ severity }) => severity === "error" || severity === "warning");
    if (claim === "broken") assert.notEqual(ofRule.length, 0, `${rule} does not fire in its broken example`);
    if (claim === "fixed") assert.deepEqual(serious, [], `${rule} fires in its fixed example`);
    assert.deepEqual((await fixTexts(fixture, rule)).mistakes, []);
  });
  await judgeOnEach(t, fixture, await nginxes);
}

test("fixtures and examples", { concurrency: 3 }, async (t) => {
  if (process.env.UPDATE === "1") await updateFixedCopies();
  const fixtures = findFixtures(rulesFolder).filter(isWanted);
  const pages = readdirSync(pagesFolder).filter((page) => page.endsWith(".md"));
  const examples = pages.flatMap((page) => {
    const path = `${pagesFolder}/${page}`;
    return findExamples(path, readFileSync(path, "utf8")).filter(isWanted);
  });
  const start = performance.now();
  await Promise.all([
    ...fixtures.map(({ rule, path }) => t.test(path, (s) => judgeFixture(s, rule, path))),
    ...examples.map((example) => t.test(example.fixture.name, (s) => judgeExample(s, example))),
  ]);
  const total = tally.fixtures + tally.examples;
  const versions = (await nginxes).map(({ version }) => version).join(", ");
  const each = total === 0 ? 0 : Math.round((performance.now() - start) / total);
  t.diagnostic(
    `${versions === "" ? "no nginx on this machine" : `nginx ${versions}`}: ${tally.fixtures} fixtures, ` +
      `${tally.examples} examples, ${tally.judged} truths judged, ${tally.tableOnly} asserted from the table only, ` +
      `${tally.skipped} skipped, ${each} ms each`,
  );
  assert.notEqual(total, 0, "there are no fixtures");
});
