// Every fix, safe or suggested, on fixtures that are laid out and put together differently: what nginx accepted it still
// accepts, a safe fix does away with its finding and needs no second time, and nothing outside of the edits changes.
// Set FIXES for more of them, SEED for others.

import assert from "node:assert/strict";
import { test } from "node:test";
import { applyEdits, applyFixes, type Edit, type FileId, type Finding, type Fix } from "../server/core/index.ts";
import { analyse } from "./support/analyser.ts";
import { type Fixture, findFixtures, makeFixture, readFixture, writeCopy } from "./support/fixture.ts";
import { layouts } from "./support/layout.ts";
import { withoutMarkers } from "./support/markers.ts";
import { findNginx, type Nginx, testConfig, type Verdict } from "./support/nginx.ts";
import { findEditMistakes, findTextMistakes } from "./support/oracle.ts";
import { nameOf } from "./support/prepare.ts";
import { structures, type Texts } from "./support/structure.ts";
import { truthLine } from "./support/truths.ts";
import { Random } from "./syntax/mutate.ts";

const wanted = Number(process.env.FIXES ?? 60);
/** How many of the mistakes are shown. */
const shown = Number(process.env.SHOW ?? 5);
const random = new Random(Number(process.env.SEED ?? 20_264));
const tally = { variants: 0, fixes: 0, judged: 0 };

/** A fixture in another shape. */
interface Variant {
  readonly name: string;
  readonly rule: string;
  readonly fixture: Fixture;
  readonly texts: Texts;
}

/** The fixtures in random order, each time in another shape, without end. */
function* variants(): Generator<Variant> {
  const all = findFixtures("test/rules").filter(({ path }) => !/\.fixed(?:\.conf)?$/.test(path));
  const shapes = Object.entries(structures);
  const styles = [["as written", (text: string) => text] as const, ...Object.entries(layouts)];
  for (;;) {
    const { rule, path } = random.pick(all);
    const [structure, restructure] = random.pick(shapes);
    const [layout, layOut] = random.pick(styles);
    const { root, files, statement } = readFixture(path);
    const bare = new Map([...files].map(([name, text]) => [name, withoutTruths(withoutMarkers(text))]));
    const texts = restructure(bare, root);
    if (!texts) continue;
    const laidOut = new Map([...texts].map(([name, text]) => [name, layOut(text)]));
    const name = `${path}, ${structure}, ${layout}`;
    yield { name, rule, fixture: { ...makeFixture(name, root, laidOut), statement }, texts: laidOut };
  }
}

function withoutTruths(text: string): string {
  return text
    .split("\n")
    .filter((line) => !truthLine.test(line))
    .join("\n");
}

/** How often each rule speaks; with a severity, how often with that one. */
function countOf(findings: readonly Finding[], rule: string, severity?: string): number {
  return findings.filter((each) => each.rule === rule && (severity === undefined || each.severity === severity)).length;
}

async function findingsOf({ fixture, rule }: Variant, texts: Texts): Promise<readonly Finding[]> {
  return [...(await analyse(fixture, texts, rule)).values()].flat();
}

/** Asks nginx about texts. In a test of a configuration it minds no port that is in use, so any will do. */
async function askNginx(nginx: Nginx, { fixture }: Variant, texts: Texts): Promise<Verdict> {
  const listenPort = (port: number, family: 4 | 6): number => 1024 + (port % 30_000) + (family === 6 ? 31_000 : 0);
  const copy = writeCopy({ ...fixture, files: texts }, nginx, { listenPort, backends: new Map() });
  try {
    return await testConfig(nginx, copy.prefix, fixture.root);
  } finally {
    copy.remove();
  }
}

function byFile(edits: readonly Edit[]): ReadonlyMap<FileId, readonly Edit[]> {
  return new Map(edits.map(({ file }) => [file, edits.filter((each) => each.file === file)]));
}

/** Texts with edits applied, and what is wrong with that. */
function edited(texts: Texts, edits: ReadonlyMap<FileId, readonly Edit[]>): { texts: Texts; mistakes: string[] } {
  const changed = new Map(texts);
  const mistakes: string[] = [];
  for (const [file, fileEdits] of edits) {
    const name = nameOf(file);
    const text = texts.get(name);
    if (text === undefined) {
      mistakes.push(`edits ${file}, which does not exist`);
      continue;
    }
    const result = applyEdits(text, fileEdits);
    changed.set(name, result);
    mistakes.push(...findTextMistakes(name, text, fileEdits, result));
  }
  return { texts: changed, mistakes };
}

/**
 * Errors of rules that had none before: more of a kind is the same mistake, copied with the headers of a level. Where
 * nginx stopped at the syntax before, what it refuses further on comes to light, and that is fine.
 */
function findNewErrors(before: readonly Finding[], after: readonly Finding[]): string[] {
  if (countOf(before, "syntax-error") > 0) return [];
  return after
    .filter(({ rule, severity }) => severity === "error" && countOf(before, rule, "error") === 0)
    .map(({ rule, message }) => `brings ${rule}: ${message}`);
}

/** The one comment that a fix may take away: one that allows what nobody reports. */
const aboutSuppression = /: the comment "#\s*nginx-ws: .*" is lost$/;

/** What is wrong with one fix. */
async function findMistakes(
  variant: Variant,
  before: readonly Finding[],
  finding: Finding,
  fix: Fix,
  accepts: (texts: Texts) => Promise<string | undefined>,
): Promise<string[]> {
  const { texts, mistakes } = edited(variant.texts, byFile(fix.edits));
  const after = await findingsOf(variant, texts);
  mistakes.push(...findNewErrors(before, after));
  const isGone = countOf(after, finding.rule) < countOf(before, finding.rule);
  if (fix.applicability === "safe" && !isGone) mistakes.push("the finding stays");
  const refusal = await accepts(texts);
  if (refusal !== undefined) mistakes.push(`nginx stops at: ${refusal}`);
  return mistakes
    .filter((mistake) => !(finding.rule === "unused-suppression" && aboutSuppression.test(mistake)))
    .map((mistake) => `${variant.name}\n${finding.rule}, "${fix.title}": ${mistake}\n${show(texts)}`);
}

/** All safe fixes until there is none: an end comes soon, and nginx accepts it. */
async function findMistakesOfAll(
  variant: Variant,
  before: readonly Finding[],
  accepts: (texts: Texts) => Promise<string | undefined>,
): Promise<string[]> {
  let { texts } = variant;
  let findings = before;
  const mistakes: string[] = [];
  for (let round = 0; ; round++) {
    const edits = applyFixes(findings);
    if ([...edits.values()].every((each) => each.length === 0)) break;
    if (round === 4) {
      mistakes.push("the safe fixes come to no end");
      break;
    }
    const result = edited(texts, edits);
    mistakes.push(...result.mistakes);
    texts = result.texts;
    findings = await findingsOf(variant, texts);
  }
  if (texts === variant.texts) return [];
  mistakes.push(...findNewErrors(before, findings));
  const refusal = await accepts(texts);
  if (refusal !== undefined) mistakes.push(`nginx stops at: ${refusal}`);
  return mistakes.map((mistake) => `${variant.name}\nall safe fixes: ${mistake}\n${show(texts)}`);
}

function show(texts: Texts): string {
  return [...texts].map(([name, text]) => `--- ${name}\n${text}`).join("\n");
}

async function judge(variant: Variant, nginx: Nginx | undefined): Promise<string[]> {
  const before = await findingsOf(variant, variant.texts);
  const fixable = before.filter(({ fixes }) => fixes.length > 0);
  tally.variants += 1;
  if (fixable.length === 0) return [];
  const isAccepted = nginx !== undefined && (await askNginx(nginx, variant, variant.texts)).ok;
  const accepts = async (texts: Texts): Promise<string | undefined> => {
    if (nginx === undefined || !isAccepted) return undefined;
    tally.judged += 1;
    const { ok, message } = await askNginx(nginx, variant, texts);
    // A name that was looked up for each request is looked up at the start after the fix; this machine may not know it.
    return ok || message.startsWith("host not found in upstream") ? undefined : message;
  };
  const wrong: string[] = [];
  for (const finding of fixable) {
    wrong.push(...findEditMistakes(finding, variant.texts).map((mistake) => `${variant.name}\n${mistake}`));
    for (const fix of finding.fixes) {
      tally.fixes += 1;
      wrong.push(...(await findMistakes(variant, before, finding, fix, accepts)));
    }
  }
  wrong.push(...(await findMistakesOfAll(variant, before, accepts)));
  return wrong;
}

test("fixes hold on fixtures in other shapes", async (t) => {
  const [nginx] = await findNginx();
  const source = variants();
  const wrong: string[] = [];
  const work = async (): Promise<void> => {
    while (tally.fixes < wanted) wrong.push(...(await judge(source.next().value as Variant, nginx)));
  };
  await Promise.all([work(), work(), work()]);
  t.diagnostic(`${tally.fixes} fixes in ${tally.variants} variants; ${tally.judged} results put to nginx -t`);
  assert.ok(wrong.length === 0, `${wrong.length} are wrong\n${wrong.slice(0, shown).join("\n\n")}`);
  if (nginx) assert.ok(tally.judged > wanted / 2, `nginx judged only ${tally.judged}`);
});
