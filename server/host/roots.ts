import { type Dirent, readdirSync } from "node:fs";
import type { FileId } from "../core/index.ts";
import { readNodeFile } from "./files.ts";

const skipped = new Set(["node_modules", ".git", ".hg", ".svn"]);
/** Folder entries that one search looks at, and files that it opens. */
const maxEntries = 200_000;
const maxFiles = 5000;
const maxRoots = 200;
/** Milliseconds of work after which other work gets its turn. */
const slice = 10;

/** Says that nobody waits for a search any more. */
export interface Cancellation {
  isCancelled: boolean;
}

/**
 * The whole configurations in some folders: files named nginx.conf, and others ending in .conf that have an `http` or
 * `events` block. Links are not followed; a search in a huge folder ends early with what it has found.
 */
export async function findRootFiles(
  folders: readonly FileId[],
  cancellation: Cancellation,
): Promise<readonly FileId[]> {
  const found: FileId[] = [];
  const queue = folders.filter((folder) => folder.startsWith("/") || /^[a-z]:\//.test(folder));
  let entries = 0;
  let files = 0;
  let until = performance.now() + slice;
  for (let at = 0; at < queue.length && entries < maxEntries; at++) {
    for (const entry of listFolder(queue[at] as FileId)) {
      if (performance.now() > until) {
        await new Promise<void>((resolve) => setImmediate(resolve));
        until = performance.now() + slice;
      }
      if (cancellation.isCancelled || found.length >= maxRoots) return found;
      if (++entries > maxEntries) break;
      const path = `${queue[at] === "/" ? "" : queue[at]}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!skipped.has(entry.name)) queue.push(path);
      } else if (entry.isFile() && isCandidate(entry.name) && files++ < maxFiles && isRoot(path, entry.name)) {
        found.push(path);
      }
    }
  }
  return found;
}

/** Folders upwards that are looked into for the configuration of a file: a site lies one or two below its main file. */
const maxLevels = 5;
/** In a folder with more entries than this nobody keeps a main file. */
const maxBeside = 2000;
/** Files that are opened in one folder. */
const maxOpened = 50;

/**
 * The whole configurations beside a file and in the folders above it, the nearest first. The folder with `.git` is the
 * last one: above it other projects begin.
 */
export function findRootsAbove(file: FileId): readonly FileId[] {
  const found: FileId[] = [];
  let folder = file;
  for (let level = 0; level < maxLevels && folder.includes("/"); level++) {
    folder = folder.slice(0, folder.lastIndexOf("/"));
    const entries = listFolder(folder === "" ? "/" : folder);
    if (entries.length <= maxBeside) {
      const names = entries.filter((entry) => !entry.isDirectory() && isCandidate(entry.name)).map(({ name }) => name);
      // A main file is mostly called so.
      const sorted = names.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1)).slice(0, maxOpened);
      found.push(...sorted.filter((name) => isRoot(`${folder}/${name}`, name)).map((name) => `${folder}/${name}`));
    }
    if (entries.some(({ name }) => name === ".git")) break;
  }
  return found.filter((root) => root !== file);
}

function rank(name: string): number {
  return name === "nginx.conf" ? 0 : 1;
}

function isCandidate(name: string): boolean {
  return /(?:\.conf|nginx\.conf(?:\.[a-z0-9]+)?)$/i.test(name);
}

function isRoot(path: FileId, name: string): boolean {
  if (name === "nginx.conf") return true;
  const result = readNodeFile(path, maxRootBytes);
  return "text" in result && /^\s*(?:http|events)\s*\{/m.test(result.text);
}

/** Somebody's main file is not larger. */
const maxRootBytes = 1_000_000;

function listFolder(folder: FileId): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
