import { isUtf8 } from "node:buffer";
import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  type Stats,
  statSync,
} from "node:fs";
import { dirname, resolve } from "node:path";
import { type FileId, type Files, type Folders, type ReadResult, walkPattern } from "../core/index.ts";

/** How the bytes of a file became text; writing with the same encoding gives the same bytes back. */
export type Encoding = "utf8" | "latin1";

/** A file's whole text, or why there is none (a sentence for people, without the path). */
export type NodeReadResult =
  | { readonly text: string; readonly encoding: Encoding }
  | Exclude<ReadResult, { readonly text: string }>;

const NOTHING_THERE = "does not exist";
const CIRCLE = "is a symbolic link that leads in a circle";
const maxBytes = 64 * 1024 * 1024;
/** A NUL byte among the first this many bytes means that the file is not text. */
const sniffedBytes = 8192;
/** Names that one pattern may look at. */
const maxNames = 1_000_000;
/** Milliseconds of reading after which waiting work gets its turn. */
const slice = 10;

/**
 * The file system of this machine, read-only. Reads are synchronous, because that costs a quarter of the time for
 * thousands of small files, but they make way for other work every 10 ms.
 */
export function nodeFiles(): Files {
  const turn = createTurns();
  const folders = diskFolders(turn);
  return {
    async read(file): Promise<ReadResult> {
      for (let wait = turn(); wait !== undefined; wait = turn()) await wait;
      return readNodeFile(file);
    },
    async glob(pattern) {
      const root = /^(?:[a-z]:)?(?=\/)/i.exec(pattern)?.[0];
      return root === undefined ? [] : walkPattern(pattern, root, folders);
    },
  };
}

/** Says whether work may go on at once (nothing) or must wait, because its slice of time is used up. */
function createTurns(): () => Promise<void> | undefined {
  let until = 0;
  let waiting: Promise<void> | undefined;
  return () => {
    if (waiting !== undefined) return waiting;
    const now = performance.now();
    // A long gap means that others have run in the meantime.
    if (now > until + 5 * slice) until = now + slice;
    if (now <= until) return undefined;
    waiting = new Promise((resolve) => {
      setImmediate(() => {
        waiting = undefined;
        until = performance.now() + slice;
        resolve();
      });
    });
    return waiting;
  };
}

/** Reads a regular file of at most 64 MB; what is not valid UTF-8 is read byte by byte as Latin-1. Never throws. */
export function readNodeFile(path: string, limit = maxBytes): NodeReadResult {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path)) return { error: "is not on this machine’s disk" };
  let descriptor: number | undefined;
  try {
    // Opening a named pipe would wait for a writer, so look before, and do not wait if it is swapped in between.
    const stats = statSync(path);
    const refused = refuse(stats);
    if (refused !== undefined) return stats.isDirectory() ? { error: refused, isFolder: true } : { error: refused };
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const opened = fstatSync(descriptor);
    if (opened.size > limit) return { error: "larger than anybody needs" };
    const swapped = refuse(opened);
    if (swapped !== undefined) return { error: swapped };
    return decode(readBytes(descriptor, opened.size));
  } catch (error) {
    const reason = explain(error);
    const link = reason === NOTHING_THERE || reason === CIRCLE ? findLink(path) : undefined;
    if (link !== undefined) return { error: reason, isMissing: true, link };
    return reason === NOTHING_THERE ? { error: reason, isMissing: true } : { error: reason };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** As many links in a row as Linux follows. */
const maxLinks = 40;

/** Where a symbolic link ends that leads to nothing or in a circle; undefined if the path is no link. */
function findLink(path: string): FileId | undefined {
  let target = path;
  let count = 0;
  try {
    for (; count < maxLinks && lstatSync(target).isSymbolicLink(); count++)
      target = resolve(dirname(target), readlinkSync(target));
  } catch {
    // Here it ends.
  }
  return count === 0 ? undefined : target.replaceAll("\\", "/");
}

function refuse(stats: Stats): string | undefined {
  if (stats.isDirectory()) return "is a directory";
  if (stats.isFIFO()) return "is a named pipe, not a file";
  if (stats.isSocket()) return "is a socket, not a file";
  if (!stats.isFile()) return "is a device, not a file";
  if (stats.size > maxBytes) return "larger than 64 MB";
  return undefined;
}

/** Reads to the end, whatever size the file claims: it may grow meanwhile, and /proc claims 0. */
function readBytes(descriptor: number, size: number): Buffer {
  let bytes = Buffer.allocUnsafe(size + 1);
  let length = 0;
  for (;;) {
    const read = readSync(descriptor, bytes, length, bytes.length - length, null);
    if (read === 0) return bytes.subarray(0, length);
    length += read;
    if (length > maxBytes) return bytes.subarray(0, length);
    if (length === bytes.length) bytes = Buffer.concat([bytes], Math.min(2 * length + 4096, maxBytes + 1));
  }
}

function decode(bytes: Buffer): NodeReadResult {
  if (bytes.length > maxBytes) return { error: "larger than 64 MB" };
  if (bytes.subarray(0, sniffedBytes).includes(0)) return { error: "not a text file" };
  const encoding = isUtf8(bytes) ? "utf8" : "latin1";
  return { text: bytes.toString(encoding), encoding };
}

function explain(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return NOTHING_THERE;
    case "EACCES":
    case "EPERM":
    case "ERR_ACCESS_DENIED":
      return "may not be read: permission denied";
    case "EISDIR":
      return "is a directory";
    case "ELOOP":
      return CIRCLE;
    case "ENAMETOOLONG":
      return "has a path that is too long";
    case "ERR_INVALID_ARG_VALUE":
      return "is not a valid path";
    default:
      return `cannot be read${code === "" ? "" : ` (${code})`}`;
  }
}

/** The folders of this disk. */
function diskFolders(turn: () => Promise<void> | undefined): Folders {
  return {
    maxNames,
    has: async (folder, name) => exists(`${folder}/${name}`),
    async list(folder) {
      for (let wait = turn(); wait !== undefined; wait = turn()) await wait;
      return listFolder(`${folder}/`).map((entry) => ({
        name: entry.name,
        isFolder: entry.isDirectory() || entry.isSymbolicLink(),
      }));
    },
  };
}

function listFolder(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function exists(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}
