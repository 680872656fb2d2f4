import {
  type FileId,
  type Files,
  type FolderEntry,
  type Folders,
  type ReadResult,
  walkPattern,
} from "../core/index.ts";
import type { FindRoots } from "./roots.ts";
import { uriOf } from "./uris.ts";

/** Asks the client; it answers `nginxWebsocket/readFile` and `nginxWebsocket/readFolder`, both about `{ uri }`. */
export type AskClient = (method: string, params: { readonly uri: string }) => Promise<unknown>;

/** Names that one pattern may look at. */
const maxNames = 20_000;
/** What a search for whole configurations looks at: each folder and each file may be a round trip to a server. */
const maxFolders = 300;
const maxFiles = 200;
const maxRoots = 50;
const skipped = new Set(["node_modules", ".git", ".hg", ".svn"]);

/** The files of the client's workspace, for a server that has no disk, or whose disk they are not on. */
export function lentFiles(ask: AskClient): Files {
  const folders: Folders = {
    maxNames,
    list: (folder) => listFolder(ask, folder),
    has: async (folder, name) => (await listFolder(ask, folder)).some((entry) => entry.name === name),
  };
  return {
    read: (file) => readFile(ask, file),
    async glob(pattern) {
      const root = /^(?:[a-z][a-z0-9+.-]*:\/\/[^/]*|[a-z]:)?(?=\/)/i.exec(pattern)?.[0];
      return root === undefined ? [] : walkPattern(pattern, root, folders);
    },
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

async function listFolder(ask: AskClient, folder: FileId): Promise<readonly FolderEntry[]> {
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
