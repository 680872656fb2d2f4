import { type FileId, type Files, parseSegment, type ReadResult } from "../core/index.ts";
import type { FindRoots } from "./roots.ts";
import { uriOf } from "./uris.ts";

/** Asks the client; it answers `nginxWebsocket/readFile` and `nginxWebsocket/readFolder`, both about `{ uri }`. */
export type AskClient = (method: string, params: { readonly uri: string }) => Promise<unknown>;

interface Entry {
  readonly name: string;
  readonly isFolder: boolean;
}

/** Folder entries that one pattern may look at. */
const maxEntries = 20_000;
/** What a search for whole configurations looks at: each folder and each file may be a round trip to a server. */
const maxFolders = 300;
const maxFiles = 200;
const maxRoots = 50;
const skipped = new Set(["node_modules", ".git", ".hg", ".svn"]);

/** The files of the client's workspace, for a server that has no disk, or whose disk they are not on. */
export function lentFiles(ask: AskClient): Files {
  return {
    read: (file) => readFile(ask, file),
    glob: (pattern) => glob(ask, pattern),
  };
}

/** Finds whole configurations through the client. */
export function lentRoots(ask: AskClient): FindRoots {
  return async (folders, cancellation) => {
    const found: FileId[] = [];
    const queue = [...folders];
    let files = 0;
    for (let at = 0; at < queue.length && at < maxFolders; at++) {
      for (const { name, isFolder } of await listFolder(ask, queue[at]!)) {
        if (cancellation.isCancelled || found.length >= maxRoots) return found;
        const path = `${queue[at]}/${name}`;
        if (isFolder) {
          if (!skipped.has(name)) queue.push(path);
        } else if (
          name === "nginx.conf" ||
          (name.endsWith(".conf") && files++ < maxFiles && (await isRoot(ask, path)))
        ) {
          found.push(path);
        }
      }
    }
    return found;
  };
}

async function isRoot(ask: AskClient, file: FileId): Promise<boolean> {
  const result = await readFile(ask, file);
  return "text" in result && /^\s*(?:http|events)\s*\{/m.test(result.text);
}

async function readFile(ask: AskClient, file: FileId): Promise<ReadResult> {
  try {
    const answer = (await ask("nginxWebsocket/readFile", { uri: uriOf(file) })) as Partial<
      Record<string, unknown>
    > | null;
    if (typeof answer?.text === "string") return { text: answer.text };
    const error = typeof answer?.error === "string" ? answer.error : "cannot be read";
    return answer?.isMissing === true ? { error, isMissing: true } : { error };
  } catch {
    return { error: "cannot be read through the editor" };
  }
}

async function listFolder(ask: AskClient, folder: FileId): Promise<readonly Entry[]> {
  try {
    const answer = await ask("nginxWebsocket/readFolder", { uri: uriOf(folder === "" ? "/" : folder) });
    const pairs: readonly unknown[] = Array.isArray(answer) ? answer : [];
    return pairs.flatMap((pair) => {
      const [name, isFolder] = Array.isArray(pair) ? pair : [];
      return typeof name === "string" ? [{ name, isFolder: isFolder === true }] : [];
    });
  } catch {
    return [];
  }
}

/** Files and folders that match an absolute pattern, in the order of their bytes, as glob(3) sorts for nginx. */
async function glob(ask: AskClient, pattern: FileId): Promise<readonly FileId[]> {
  const root = /^(?:[a-z][a-z0-9+.-]*:\/\/[^/]*|[a-z]:)?(?=\/)/i.exec(pattern)?.[0];
  if (root === undefined) return [];
  const segments = pattern
    .slice(root.length)
    .split("/")
    .filter((segment) => segment !== "")
    .map(parseSegment);
  let found: string[] = [root];
  let entries = 0;
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    const next: string[] = [];
    for (const folder of found) {
      if (segment.kind === "literal" && !isLast) {
        next.push(`${folder}/${segment.name}`);
        continue;
      }
      for (const { name, isFolder } of await listFolder(ask, folder)) {
        if (++entries > maxEntries) break;
        const isMatch = segment.kind === "literal" ? segment.name === name : segment.matches(name);
        if (isMatch && (isLast || isFolder)) next.push(`${folder}/${name}`);
      }
    }
    found = next;
  }
  return found.sort(compareBytes);
}

/** The bytes of UTF-8 sort as code points do. */
function compareBytes(left: string, right: string): number {
  const a = [...left];
  const b = [...right];
  for (let at = 0; at < a.length && at < b.length; at++) {
    const difference = a[at]!.codePointAt(0)! - b[at]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
