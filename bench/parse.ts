import { createRequire } from "node:module";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { Document } from "../server/core/syntax/document.ts";
import { makeOneServer, makeSites } from "./texts.ts";

// How fast configuration becomes a document, beside a loop that only looks at every character of the same text, and
// beside other parsers for Node. Ratios of one run are what counts: the machine has other things to do.

const ROUNDS = 25;
const MEGABYTE = 1_000_000;

/** Milliseconds that a piece of work takes. */
function time(work: () => unknown): number {
  const start = performance.now();
  kept.last = work();
  return performance.now() - start;
}

/** What the last work gave, so that nothing is optimised away. */
const kept: { last: unknown } = { last: undefined };

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1] as number;
}

function lookAtAll(text: string): number {
  let sum = 0;
  for (let at = 0; at < text.length; at++) sum = (sum + text.charCodeAt(at)) | 0;
  return sum;
}

/** A text as a file gives it: flat, and not made of pieces. */
function flatten(text: string): string {
  return Buffer.from(text).toString();
}

function measureSpeed(name: string, text: string): void {
  const bare: number[] = [];
  const ours: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(time(() => lookAtAll(text)));
    ours.push(time(() => new Document("/bench.conf", text)));
  }
  const ratios = ours.map((each, round) => (bare[round] as number) / each);
  const speed = text.length / MEGABYTE / (median(ours) / 1000);
  const bareSpeed = text.length / MEGABYTE / (median(bare) / 1000);
  const best = Math.min(...bare) / Math.min(...ours);
  print(name, `${speed.toFixed(0)} MB/s; bare loop ${bareSpeed.toFixed(0)} MB/s`);
  print(
    "",
    `ratio ${median(ratios).toFixed(2)} (median), ${best.toFixed(2)} (best against best); gate 0.25, ambition 0.5`,
  );
  print("", `${measureMemory(text).toFixed(2)} bytes retained per source byte; gate 2, ambition 1.3`);
}

function measureMemory(text: string): number {
  const collect = (globalThis as { gc?: () => void }).gc;
  if (!collect) throw new Error("run with --expose-gc");
  const used = (): number => {
    for (let time = 0; time < 4; time++) collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  kept.last = new Document("/bench.conf", "a b;");
  const before = used();
  kept.last = new Document("/bench.conf", text);
  return (used() - before) / text.length;
}

/** Types a word in the middle of a document, letter by letter, and deletes it again. */
function measureEdits(name: string, text: string): void {
  const document = new Document("/bench.conf", text);
  const times: number[] = [];
  for (let round = 0; round < 60; round++) {
    const at = document.text.indexOf("proxy_pass", Math.floor((round / 60) * text.length)) + 11;
    for (const letter of "edited") times.push(time(() => document.change({ start: at, end: at, text: letter })));
    times.push(time(() => document.change({ start: at, end: at + 6, text: "" })));
  }
  const sorted = times.toSorted((a, b) => a - b);
  const p99 = sorted[Math.floor(sorted.length * 0.99)] as number;
  print(name, `p50 ${median(times).toFixed(3)} ms, p99 ${p99.toFixed(3)} ms`);
}

function comparePeers(text: string): void {
  const load = createRequire(join(process.cwd(), "out/bench-peers/package.json"));
  const { parse } = load("nginx-conf") as {
    parse: (text: string, done: (error: Error | null) => void) => void;
  };
  const { parser } = load("nginx-linter") as { parser: { parse: (text: string) => unknown } };
  const ours = median(Array.from({ length: 9 }, () => time(() => new Document("/bench.conf", text))));
  print("1 MB of sites, ours", `${ours.toFixed(1)} ms`);
  for (const [name, run] of [
    ["nginx-conf", () => parse(text, throwIt)],
    ["nginx-linter", () => parser.parse(text)],
  ] as const) {
    try {
      const theirs = median(Array.from({ length: 3 }, () => time(run)));
      print(name, `${theirs.toFixed(0)} ms, ${(theirs / ours).toFixed(0)} times ours`);
    } catch (error) {
      print(name, `cannot read it: ${String(error).split("\n")[0]}`);
    }
  }
}

function throwIt(error: Error | null): void {
  if (error) throw error;
}

function print(what: string, figures: string): void {
  console.log(`${what.padEnd(34)} ${figures}`);
}

measureSpeed("10 MB of sites", flatten(makeSites(10 * MEGABYTE)));
measureSpeed("10 MB in one server", flatten(makeOneServer(10 * MEGABYTE)));
measureEdits("edits in 1 MB of sites", flatten(makeSites(MEGABYTE)));
measureEdits("edits in 10 MB of sites", flatten(makeSites(10 * MEGABYTE)));
comparePeers(flatten(makeSites(MEGABYTE)));
