import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { findNginx } from "../test/support/nginx.ts";
import { writeSingle, writeTree } from "./configurations.ts";
import { canMeasure, median, type Program, runOnce, type Usage } from "./measure.ts";

// The whole check as a user starts it, beside `nginx -t` and other tools, on the same configurations in one run. They
// do different work: nginx also opens its socket and builds its tables; nginx-conf only parses.

interface Input {
  readonly name: string;
  readonly shape: "single" | "tree";
  readonly write: (folder: string) => void;
}

const INPUTS: readonly Input[] = [
  { name: "32,000 lines in one file (1 MB)", shape: "single", write: (folder) => writeSingle(folder, 975_000) },
  { name: "10 MB in one file", shape: "single", write: (folder) => writeSingle(folder, 10_000_000) },
  { name: "1,000 included files (1 MB)", shape: "tree", write: (folder) => writeTree(folder, 1000) },
];

/** Parses one file and nothing that it includes, so it has no place beside a tree. */
const PARSER_ONLY = "nginx-conf (parses only)";

/** How often a program runs, and the milliseconds after which it does not start again. */
const ROUNDS = 7;
const PATIENCE = 6000;

async function listPrograms(): Promise<readonly Program[]> {
  const ours = resolve("dist/cli.cjs");
  const peers = resolve("out/bench-peers/node_modules");
  const [nginx] = await findNginx();
  if (!nginx) console.log("There is no nginx here: the figures stand without its own.");
  const parse = `require(${JSON.stringify(join(peers, "nginx-conf"))})
    .parse(require("fs").readFileSync("nginx.conf", "utf8"), (error) => process.exit(error ? 2 : 0))`;
  return [
    // One site in ten is broken, so a check that works finds something.
    { name: "ours", command: [process.execPath, ours, "check", "--format", "json", "nginx.conf"], exits: [1] },
    ...(nginx
      ? [
          {
            name: `nginx ${nginx.version} -t`,
            command: [nginx.path, ..."-t -q -p . -c nginx.conf".split(" ")],
            exits: [0],
          },
        ]
      : []),
    {
      name: "nginx-linter",
      command: [process.execPath, join(peers, "nginx-linter/bin/nginx-linter.js"), "--include", "nginx.conf"],
      exits: [1],
    },
    { name: PARSER_ONLY, command: [process.execPath, "-e", parse], exits: [0] },
    { name: "an empty Node process", command: [process.execPath, "-e", "0"], exits: [0] },
  ];
}

/** Runs the programs in turn, so that what else the machine does meets all of them. */
function compare(programs: readonly Program[], folder: string): void {
  const runs = programs.map((program) => ({ program, usages: [] as Usage[], spent: 0 }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const run of runs) {
      if (run.spent > PATIENCE) continue;
      const start = performance.now();
      run.usages.push(runOnce(run.program, folder, `${folder}.usage`));
      run.spent += performance.now() - start;
    }
  }
  const rows = runs.map(({ program, usages }) => ({ name: program.name, usages, middle: middleOf(usages) }));
  const own = rows[0]!.middle;
  for (const { name, usages, middle } of rows) {
    const { wall, cpu, memory } = middle;
    const figures = `${(wall / 1000).toFixed(2)} s, CPU ${(cpu / 1000).toFixed(2)} s, ${memory.toFixed(0)} MB`;
    const ratios = [own.wall / wall, own.cpu / cpu, own.memory / memory].map((ratio) => ratio.toFixed(2));
    const beside =
      name === "ours" ? "" : `ours: ${ratios[0]} of its time, ${ratios[1]} of its CPU, ${ratios[2]} of its memory`;
    console.log(`  ${name.padEnd(26)} ${figures.padEnd(34)} ${`${usages.length} runs`.padEnd(8)} ${beside}`.trimEnd());
  }
}

function middleOf(usages: readonly Usage[]): Usage {
  return {
    wall: median(usages.map(({ wall }) => wall)),
    cpu: median(usages.map(({ cpu }) => cpu)),
    memory: median(usages.map(({ memory }) => memory)),
  };
}

async function main(): Promise<void> {
  if (!canMeasure()) {
    console.log("Skipped: what a process used is read with GNU time (/usr/bin/time), and there is none here.");
    return;
  }
  const programs = await listPrograms();
  const folder = mkdtempSync(join(tmpdir(), "nginx-websocket-bench-"));
  try {
    for (const [index, { name, shape, write }] of INPUTS.entries()) {
      const input = join(folder, String(index));
      write(input);
      console.log(name);
      compare(shape === "tree" ? programs.filter((program) => program.name !== PARSER_ONLY) : programs, input);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
