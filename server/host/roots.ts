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
