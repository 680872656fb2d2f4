import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Nginx } from "../support/nginx.ts";

/** What nginx says about a file that is included where its directives belong. */
export interface FileVerdict {
  /** The error in the file (bytes as Latin-1); undefined when nginx reads it to its end. */
  readonly message?: string;
  /** Undefined when the error is not in this file. */
  readonly line?: number;
}

/** Where a file is included: what stands around the include. */
export const surroundings = {
  main: ["", ""],
  http: ["events {} http {", "}"],
  server: ["events {} http { server {", "} }"],
  location: ["events {} http { server { location / {", "} } }"],
  upstream: ["events {} http { upstream u {", "} }"],
} as const;

/** A key of `surroundings`. */
export type Surrounding = keyof typeof surroundings;

/** No directive has this name: nginx comes to it when it has read the file, and stops before it opens any socket. */
const SENTINEL = "end_of_the_test";

/** Asks nginx about one text; the folder is for this call alone. */
export async function askNginx(nginx: Nginx, folder: string, text: string, where: Surrounding): Promise<FileVerdict> {
  const file = join(folder, "text.conf");
  const [before, after] = surroundings[where];
  await writeFile(file, text);
  await writeFile(join(folder, "nginx.conf"), `${before}\ninclude ${file};\n${SENTINEL};\n${after}\n`);
  const output = await run(nginx.path, [
    "-t",
    "-p",
    folder,
    "-c",
    join(folder, "nginx.conf"),
    "-e",
    join(folder, "log"),
  ]);
  if (output.includes(`unknown directive "${SENTINEL}"`)) return {};
  const start = output.search(/\[(?:emerg|crit|alert)\] /);
  if (start < 0) throw new Error(`nginx said neither yes nor no: ${output}`);
  // A message may hold line feeds itself.
  const error = output.slice(output.indexOf(" ", start) + 1);
  const withPlace = /^(.*) in (\S+):(\d+)\n/s.exec(error);
  const [, message = "", place, line] = withPlace ?? /^(.*)\n/.exec(error) ?? [];
  if (place !== file) return { message };
  return { message, line: Number(line) };
}

function run(path: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(path, args, { encoding: "latin1" }, (_, stdout, stderr) => resolve(stdout + stderr));
  });
}
