import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { coverConstructs } from "../server/core/syntax/template-text.ts";
import { findNginx } from "./support/nginx.ts";
import { areAlike, readAsWeDo } from "./syntax/first-error.ts";
import { mutate, Random } from "./syntax/mutate.ts";
import { askNginx, type FileVerdict } from "./syntax/nginx-verdict.ts";
import { readAsNginx, type Stop } from "./syntax/reference-reader.ts";
import { loadSeeds, type Seed } from "./syntax/seeds.ts";

// The first syntax error we report is the one at which nginx stops. Set MUTANTS for more texts, SEED for
// others, SEEDS to a folder of configurations to break those as well.

const count = Number(process.env.MUTANTS ?? 600);
const random = new Random(Number(process.env.SEED ?? 20_261));
const seeds = loadSeeds(process.cwd(), process.env.SEEDS);
const SYNTAX = /^(unexpected (?!.* in condition)|too long)/s;

/** What a template becomes is not known, so nginx has no say in how it is read: test/templates.test.ts has them. */
function* mutants(howMany: number, broken = seeds): Generator<Seed> {
  for (const mutant of rawMutants(howMany, broken)) if (coverConstructs(mutant.text) === undefined) yield mutant;
}

function* rawMutants(howMany: number, broken: readonly Seed[]): Generator<Seed> {
  yield* seeds.slice(0, howMany);
  for (let made = seeds.length; made < howMany; made++) {
    const { text, where } = random.pick(broken);
    const mutant = mutate(text, random);
    yield { where, text: mutant };
  }
}

type Ours = ReturnType<typeof readAsWeDo>;

/** What is wrong with our answer, given nginx's; "same", or "open" when nginx stopped for another reason before. */
function compare(ours: Ours, verdict: FileVerdict): string {
  const { message = "", line } = verdict;
  if (verdict.message === undefined) return ours ? `nginx accepts it, we say: ${ours.message} (${ours.line})` : "same";
  if (ours && ours.line === line && areAlike(ours.message, message)) return "same";
  if (SYNTAX.test(message)) return `nginx: ${message} (${line}), we: ${ours?.message} (${ours?.line})`;
  // What is wrong with the whole configuration, or with a file that this one includes, tells nothing of its place.
  if (line === undefined) return "open";
  // A directive nginx does not accept there: it never came to what we report.
  if (!ours || ours.line >= line) return "open";
  return `nginx read on to line ${line} (${message}), we: ${ours.message} (${ours.line})`;
}

test("the first syntax error is the one at which nginx stops", async (t) => {
  const [nginx] = await findNginx();
  if (!nginx) return t.skip(`no nginx here to judge ${count} texts`);
  const wrong: string[] = [];
  const tally = { same: 0, open: 0 };
  const ask = async (texts: Iterable<Seed>, take: (seed: Seed, verdict: FileVerdict) => void): Promise<void> => {
    const folder = mkdtempSync(join(tmpdir(), "nginx-syntax-"));
    try {
      for (const seed of texts) take(seed, await askNginx(nginx, folder, seed.text, seed.where));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  const askAll = async (texts: IterableIterator<Seed>, take: (seed: Seed, verdict: FileVerdict) => void) => {
    await Promise.all(Array.from({ length: 2 * availableParallelism() }, () => ask(texts, take)));
  };
  // Where nginx already refuses the seed for a file or a module that is not here, it would never come to a mutation.
  const good: Seed[] = [];
  await askAll(seeds.values(), (seed, { message }) => void (message === undefined && good.push(seed)));
  good.sort((a, b) => (a.text < b.text ? -1 : 1));
  await askAll(mutants(count, good), ({ text }, verdict) => {
    const outcome = compare(readAsWeDo(text), verdict);
    if (outcome === "same" || outcome === "open") tally[outcome]++;
    else wrong.push(`${outcome}\n${JSON.stringify(text.replace(/(.)\1{60,}/gu, "<$1 many>"))}`);
  });
  t.diagnostic(`nginx ${nginx.version}: ${tally.same} same, ${tally.open} stopped earlier for another reason`);
  assert.deepEqual(wrong.slice(0, 5), [], `${wrong.length} of ${count} differ`);
  // Half of the mutants at least must really be compared.
  assert.ok(tally.same >= count / 2, `only ${tally.same} of ${count} could be compared`);
});

test("it is also the one of a literal description of nginx's reader", () => {
  const wrong: string[] = [];
  for (const { text } of mutants(10 * count)) {
    if (text.includes("_by_lua_block")) continue;
    const outcome = compareWithReference(readAsWeDo(text), readAsNginx(Buffer.from(text)));
    if (outcome) wrong.push(`${outcome}\n${JSON.stringify(text.replace(/(.)\1{60,}/gu, "<$1 many>"))}`);
  }
  assert.deepEqual(wrong.slice(0, 5), []);
});

function compareWithReference(ours: Ours, theirs: Stop | undefined): string | undefined {
  // A missing semicolon or brace that nginx meets as a wrong directive: the reader, which knows none, reads on.
  if (ours && !ours.isSyntaxOnly && (!theirs || theirs.read > ours.read)) return undefined;
  if (!ours && !theirs) return undefined;
  if (ours && theirs && ours.line === theirs.line && areAlike(ours.message, theirs.message)) return undefined;
  return `reader: ${theirs?.message} (${theirs?.line}), we: ${ours?.message} (${ours?.line})`;
}
