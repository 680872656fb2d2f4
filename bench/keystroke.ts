import { statSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { LanguageServer } from "./language-server.ts";
import { type Language, languages } from "./languages.ts";
import { median, quantile } from "./measure.ts";

// How long after a keystroke its diagnostics arrive, in real sessions over stdio, beside other language servers in one
// run. Each letter makes a mistake and its deletion repairs it; that both are reported proves what was measured.
// The json server waits 500 ms before it looks at a document: there, the CPU per keystroke is what compares.

const SIZES = [
  { name: "1 KB", length: 1000 },
  { name: "100 KB", length: 100_000 },
  // At 1,000,000 characters our server begins to wait for a pause in typing; here it answers each keystroke.
  { name: "990 KB", length: 990_000 },
];
/** Keystrokes, and the milliseconds after which there is no further one; first those that only warm the server up. */
const WARM_UP = { keystrokes: 40, patience: 3000 };
const MEASURED = { keystrokes: 200, patience: 9000 };
/** Milliseconds between an answer and the next keystroke: a key that repeats. */
const PAUSE = 30;
const COLD_STARTS = 5;

interface Typing {
  readonly times: readonly number[];
  /** Milliseconds of CPU per keystroke. */
  readonly cpu: number;
}

async function withServer<T>(language: Language, work: (server: LanguageServer) => Promise<T>): Promise<T> {
  const server = new LanguageServer(language.script, `file:///bench/${language.fileName}`);
  try {
    const result = await work(server);
    await server.stop();
    return result;
  } catch (error) {
    server.kill();
    throw new Error(`The ${language.name} language server: ${error instanceof Error ? error.message : error}`);
  }
}

/**
 * Types and deletes a letter, at places spread over the document, which has `clean` diagnostics without that letter.
 * Gives the milliseconds that each keystroke took.
 */
async function type(server: LanguageServer, language: Language, text: string, clean: number, limit: typeof MEASURED) {
  const times: number[] = [];
  const end = performance.now() + limit.patience;
  while (times.length < limit.keystrokes && (performance.now() < end || times.length === 0)) {
    const { line, character } = findSpot(text, language.before, times.length / limit.keystrokes);
    const here = { line, character };
    for (const typed of ["x", ""]) {
      const range = { start: here, end: typed === "" ? { line, character: character + 1 } : here };
      const start = performance.now();
      const { length: found } = await server.change(range, typed);
      times.push(performance.now() - start);
      if (typed === "" ? found !== clean : found <= clean) throw new Error(`${found} diagnostics after "${typed}"`);
      await pause(PAUSE);
    }
  }
  return times;
}

function measureTyping(language: Language, length: number): Promise<Typing> {
  const text = language.make(length);
  return withServer(language, async (server) => {
    await server.initialize();
    const clean = (await server.open(language.languageId, text)).length;
    await type(server, language, text, clean, WARM_UP);
    const before = server.cpuTime();
    const times = await type(server, language, text, clean, MEASURED);
    return { times, cpu: ((server.cpuTime() ?? NaN) - (before ?? NaN)) / times.length };
  });
}

/** The end of the first such text after this share of the document. */
function findSpot(text: string, before: string, share: number): { line: number; character: number } {
  const from = Math.floor(share * text.length);
  const found = text.indexOf(before, from);
  const at = (found < 0 ? text.lastIndexOf(before) : found) + before.length;
  const head = text.slice(0, at);
  return { line: head.split("\n").length - 1, character: at - (head.lastIndexOf("\n") + 1) };
}

/** Milliseconds from the start of the process to the first diagnostics of a small document. */
async function measureStart(language: Language): Promise<number> {
  const text = language.make(1000);
  const start = performance.now();
  return withServer(language, async (server) => {
    await server.initialize();
    await server.open(language.languageId, text);
    return performance.now() - start;
  });
}

async function compareTyping(size: { name: string; length: number }): Promise<void> {
  const results = [];
  for (const language of languages) results.push({ language, ...(await measureTyping(language, size.length)) });
  const fastest = Math.min(...results.slice(1).map(({ times }) => median(times)));
  const thriftiest = Math.min(...results.slice(1).map(({ cpu }) => cpu));
  console.log(`${size.name}: keystroke to diagnostics`);
  for (const { language, times, cpu } of results) {
    const p50 = median(times).toFixed(1).padStart(7);
    const p99 = quantile(times, 0.99).toFixed(1).padStart(7);
    console.log(
      `  ${language.name.padEnd(12)} p50 ${p50} ms, p99 ${p99} ms, CPU ${cpu.toFixed(1).padStart(7)} ms (${times.length})`,
    );
  }
  const own = results[0]!;
  const shares = [median(own.times) / fastest, quantile(own.times, 0.99) / fastest, own.cpu / thriftiest];
  const [p50, p99, cpu] = shares.map((share) => share.toFixed(3));
  console.log(`  ours / fastest peer's p50: p50 ${p50}, p99 ${p99}; CPU per keystroke / thriftiest peer ${cpu}`);
}

async function compareStarts(): Promise<void> {
  const times = new Map<string, number[]>(languages.map(({ name }) => [name, []]));
  for (let round = 0; round < COLD_STARTS; round++) {
    for (const language of languages) times.get(language.name)!.push(await measureStart(language));
  }
  console.log("start of the process to first diagnostics of 1 KB");
  const own = median(times.get("ours")!);
  for (const [name, all] of times) {
    console.log(
      `  ${name.padEnd(12)} ${median(all).toFixed(0).padStart(7)} ms, ours / this ${(own / median(all)).toFixed(2)}`,
    );
  }
  console.log(`  our server is one file of ${(statSync("dist/server.cjs").size / 1000).toFixed(0)} KB`);
}

async function main(): Promise<void> {
  await compareStarts();
  for (const size of SIZES) await compareTyping(size);
}

void main();
