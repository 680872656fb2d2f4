import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";

/** What one whole run of a program took. */
export interface Usage {
  /** Milliseconds from start to end. */
  readonly wall: number;
  /** Milliseconds of CPU, in the program and in the kernel; in steps of 10. */
  readonly cpu: number;
  /** Megabytes at the peak. */
  readonly memory: number;
}

/** A program, how it is called, and the exit codes that mean that it did its work. */
export interface Program {
  readonly name: string;
  readonly command: readonly string[];
  readonly exits: readonly number[];
}

/** Node cannot tell what a child process used; GNU time can. */
const GNU_TIME = "/usr/bin/time";

/** Whether `runOnce` works on this machine. */
export function canMeasure(): boolean {
  return existsSync(GNU_TIME) && spawnSync(GNU_TIME, ["--version"]).status === 0;
}

/** Runs a program in a folder with its output thrown away; `report` is a file to write to. */
export function runOnce(program: Program, folder: string, report: string): Usage {
  const args = ["--quiet", "-f", "%U %S %M", "-o", report, ...program.command];
  const start = performance.now();
  const { status, error } = spawnSync(GNU_TIME, args, { cwd: folder, stdio: "ignore" });
  const wall = performance.now() - start;
  if (error) throw error;
  if (!program.exits.includes(status ?? -1)) throw new Error(`${program.name} ended with ${status} in ${folder}`);
  const [user, system, kilobytes] = readFileSync(report, "utf8").trim().split(" ").map(Number);
  return { wall, cpu: ((user ?? NaN) + (system ?? NaN)) * 1000, memory: (kilobytes ?? NaN) / 1000 };
}

/** The value in the middle. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

/** The value that this share of all is not above. */
export function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? NaN;
}
