import { performance } from "node:perf_hooks";
import { Config } from "../server/core/model/config.ts";
import { allRules } from "../server/core/rules/index.ts";
import { Judge } from "../server/core/rules/judge.ts";
import type { Rule } from "../server/core/rules/rule.ts";
import { Document } from "../server/core/syntax/document.ts";
import { makeConfiguration } from "./configurations.ts";
import { median } from "./measure.ts";

// What each rule costs on 1 MB of sites: the judgement with this rule alone, less the judgement with no rule at all;
// about 1 ms either way is noise.
// What several rules need of the model counts for each of them here, so the sum is more than all of them together.

const ROUNDS = 9;

const text = Buffer.from(makeConfiguration(1_000_000)).toString();

function fail(message: string): never {
  throw new Error(message);
}

/** Milliseconds for a judgement with these rules that remembers nothing, and how much they found. */
function judge(rules: readonly Rule[]): { time: number; found: number } {
  const environment = new Config(new Document("/nginx.conf", text), () => undefined).update("main", undefined);
  const start = performance.now();
  const judged = new Judge(rules, fail).judge(environment);
  const time = performance.now() - start;
  return { time, found: [...judged.values()].reduce((sum, { length }) => sum + length, 0) };
}

const candidates = [
  { name: "no rule", rules: [] as readonly Rule[] },
  { name: "all rules", rules: allRules },
  ...allRules.filter(({ check }) => Object.keys(check).length > 0).map((rule) => ({ name: rule.id, rules: [rule] })),
].map((candidate) => ({ ...candidate, times: [] as number[], found: 0 }));

for (let round = 0; round < ROUNDS; round++) {
  for (const candidate of candidates) {
    const { time, found } = judge(candidate.rules);
    candidate.times.push(time);
    candidate.found = found;
  }
}

const [none, all, ...single] = candidates.map(({ name, times, found }) => ({ name, time: median(times), found }));
const print = (name: string, time: number, found: number) =>
  console.log(`${name.padEnd(36)} ${time.toFixed(1).padStart(6)} ms ${String(found).padStart(5)} found`);
print("no rule", none!.time, none!.found);
print("all rules together, beyond that", all!.time - none!.time, all!.found);
for (const { name, time, found } of single.toSorted((a, b) => b.time - a.time))
  print(`  ${name}`, time - none!.time, found);
