import { performance } from "node:perf_hooks";
import { Config } from "../server/core/model/config.ts";
import { allRules } from "../server/core/rules/index.ts";
import { Judge } from "../server/core/rules/judge.ts";
import type { Draft, Rule } from "../server/core/rules/rule.ts";
import { Document } from "../server/core/syntax/document.ts";
import { makeConfiguration } from "./configurations.ts";
import { median } from "./measure.ts";

// What each rule costs on 1 MB of sites, in two ways. Alone: the judgement with this rule only, less the judgement with no
// rule; what several rules need of the model counts for each of them. By itself: the time inside its checks while all
// rules run, each round in another order, so that in most rounds somebody else has paid for what they share. The core may
// read no clock, so the checks are wrapped here. About 1 ms either way is noise.

const ROUNDS = 9;
/** The rounds in which each rule also runs alone: every one of them costs as many judgements as there are rules. */
const LONE_ROUNDS = 3;

/** A rule stands out above this share of what all rules take by themselves, or above so many times the median. */
const SHARE = 0.1;
const TIMES = 3;
const NOISE_MS = 1;

const text = Buffer.from(makeConfiguration(1_000_000)).toString();
const rules = allRules.filter(({ check }) => Object.keys(check).length > 0);

function fail(message: string): never {
  throw new Error(message);
}

/** Milliseconds for a judgement with these rules that remembers nothing, and how much they found. */
function judge(chosen: readonly Rule[]): { time: number; found: number } {
  const document = new Document("/nginx.conf", text);
  const environment = new Config(document, () => undefined).update("main", undefined);
  // The garbage of reading the text would be collected on somebody's time.
  globalThis.gc?.();
  const start = performance.now();
  const judged = new Judge(chosen, fail).judge(environment);
  const time = performance.now() - start;
  return { time, found: judged.get(document)?.length ?? 0 };
}

type Check = (this: Rule["check"], ...args: unknown[]) => Iterable<Draft>;

/** The same rule with a clock around each of its checks. */
function timed(rule: Rule, spent: Map<string, number>): Rule {
  const check = Object.entries(rule.check).map(([entity, ask]) => {
    function* measured(...args: unknown[]): Generator<Draft> {
      let start = performance.now();
      const drafts = (ask as Check).apply(rule.check, args)[Symbol.iterator]();
      for (;;) {
        const { done, value } = drafts.next();
        spent.set(rule.id, (spent.get(rule.id) ?? 0) + performance.now() - start);
        if (done) return;
        yield value;
        start = performance.now();
      }
    }
    return [entity, measured];
  });
  return { ...rule, check: Object.fromEntries(check) };
}

let seed = 1;

/** The items in another order each time, and in the same orders in each run of the bench. */
function shuffled<Item>(items: readonly Item[]): readonly Item[] {
  const keyed = items.map((item) => {
    seed = (seed * 48271) % 0x7fffffff;
    return { item, key: seed };
  });
  return keyed.toSorted((a, b) => a.key - b.key).map(({ item }) => item);
}

const none: number[] = [];
const all: number[] = [];
const runs = rules.map((rule) => ({ rule, alone: [] as number[], itself: [] as number[], found: 0 }));
for (let round = 0; round < ROUNDS; round++) {
  none.push(judge([]).time);
  all.push(judge(rules).time);
  for (const run of round < LONE_ROUNDS ? runs : []) {
    const { time, found } = judge([run.rule]);
    run.alone.push(time);
    run.found = found;
  }
  const spent = new Map<string, number>();
  judge(shuffled(rules).map((rule) => timed(rule, spent)));
  for (const run of runs) run.itself.push(spent.get(run.rule.id) ?? 0);
}

const base = median(none);
const costs = runs
  .map(({ rule, alone, itself, found }) => ({
    name: rule.id,
    alone: median(alone) - base,
    itself: median(itself),
    found,
  }))
  .toSorted((a, b) => b.itself - a.itself);
const ms = (time: number) => `${time.toFixed(1).padStart(7)} ms`;
console.log(`no rule ${ms(base)}, ${rules.length} rules together ${ms(median(all) - base)} beyond that`);
console.log(`  ${"".padEnd(38)}${"by itself".padStart(10)}${"alone".padStart(11)}`);
for (const { name, alone, itself, found } of costs) {
  console.log(`  ${name.padEnd(38)}${ms(itself)} ${ms(alone)} ${String(found).padStart(5)} found`);
}

const sum = costs.reduce((total, { itself }) => total + itself, 0);
const middle = median(costs.map(({ itself }) => itself));
const greedy = costs.filter(({ itself }) => itself > NOISE_MS && (itself > SHARE * sum || itself > TIMES * middle));
console.log(`all by themselves ${ms(sum)}, the median ${ms(middle)}`);
for (const { name, itself } of greedy) {
  const share = `${((100 * itself) / sum).toFixed(0)} % of all`;
  console.log(`  ${name} takes more than its share: ${share}, ${(itself / middle).toFixed(1)} times the median`);
}
if (greedy.length === 0) console.log("  no rule takes more than its share");
