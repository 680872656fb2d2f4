import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { Project } from "../server/core/index.ts";
import { nodeFiles } from "../server/host/files.ts";
import { writeTree } from "./configurations.ts";
import { median, quantile } from "./measure.ts";

// What a nginx.conf costs that includes so many files of one site each: the first analysis of everything, the memory it
// keeps, and one keystroke in one of the sites. A keystroke must not cost more because there are more files beside it.

const SIZES = [10, 1000, 10_000];
const WARM_UP = 100;
const KEYSTROKES = 300;

interface Figures {
  readonly files: number;
  /** Milliseconds until everything has been read and judged. */
  readonly cold: number;
  /** Megabytes of the process that everything together keeps. */
  readonly memory: number;
  /** Milliseconds of each keystroke until the findings of the edited file are there. */
  readonly keystrokes: readonly number[];
  /** Milliseconds until the findings of all files are there again, after a pause in typing. */
  readonly sweep: number;
  /** The longest time that nothing else could be done while everything was judged for the first time. */
  readonly block: number;
}

async function measure(folder: string, files: number): Promise<Figures> {
  const before = process.memoryUsage().rss;
  const root = join(folder, "nginx.conf");
  const site = join(folder, "sites", `site-${files >> 1}.conf`);
  const project = new Project(nodeFiles(), undefined, (message) => {
    throw new Error(message);
  });
  const start = performance.now();
  await project.load([root]);
  let block = 0;
  let from = performance.now();
  const pause = () => {
    block = Math.max(block, performance.now() - from);
    from = performance.now();
  };
  for (const _ of project.prepare()) pause();
  for (const file of project.files()) {
    project.findings(file);
    pause();
  }
  const cold = performance.now() - start;
  global.gc?.();
  const memory = (process.memoryUsage().rss - before) / 1e6;

  const text = readFileSync(site, "utf8");
  project.open(site, text);
  const open = [root, site];
  project.open(root, readFileSync(root, "utf8"));
  await project.load(open);
  const clean = project.findings(site).length;
  const at = text.indexOf("$http_upgrade") + "$http_upgrade".length;
  const keystrokes: number[] = [];
  for (let count = 0; count < WARM_UP + KEYSTROKES; count++) {
    const isTyped = count % 2 === 0;
    from = performance.now();
    project.change(site, [{ start: at, end: isTyped ? at : at + 1, text: isTyped ? "x" : "" }]);
    await project.load(open);
    const found = project.findings(site, "prompt").length;
    if (count >= WARM_UP) keystrokes.push(performance.now() - from);
    if (isTyped ? found <= clean : found !== clean) throw new Error(`${found} findings, ${clean} without the mistake`);
  }
  from = performance.now();
  for (const file of project.files()) project.findings(file);
  return { files, cold, memory, keystrokes, sweep: performance.now() - from, block };
}

async function main(): Promise<void> {
  const sizes = process.argv[2] === undefined ? SIZES : process.argv.slice(2).map(Number);
  const folder = mkdtempSync(join(tmpdir(), "nginx-websocket-bench-"));
  try {
    let small: Figures | undefined;
    for (const files of sizes) {
      const input = join(folder, String(files));
      writeTree(input, files);
      const figures = await measure(input, files);
      small ??= figures;
      const { cold, memory, keystrokes, sweep, block } = figures;
      const p50 = median(keystrokes);
      console.log(
        `  ${String(files).padStart(6)} files: cold ${cold.toFixed(0).padStart(5)} ms, ${memory.toFixed(0).padStart(4)} MB; keystroke p50 ${p50.toFixed(2)} ms, p99 ${quantile(keystrokes, 0.99).toFixed(2)} ms; all files again ${sweep.toFixed(0)} ms; longest block ${block.toFixed(0)} ms`,
      );
      if (figures !== small)
        console.log(
          `    keystroke / the same with ${small.files} files: ${(p50 / median(small.keystrokes)).toFixed(2)}`,
        );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
