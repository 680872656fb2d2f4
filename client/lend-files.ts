import { type Disposable, FileSystemError, FileType, Uri, workspace } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";

/** What a request names. */
interface Place {
  readonly uri: string;
}

/** The text, or why there is none. */
interface FileAnswer {
  readonly text?: string;
  readonly error?: string;
  readonly isMissing?: true;
}

const maxBytes = 8 * 1024 * 1024;
/** A NUL byte among the first this many bytes means that the file is not text. */
const sniffedBytes = 8192;
/** Entries of one folder that are listed. */
const maxEntries = 10_000;

/** Lets a server without a disk read files and list folders of the workspace, through the editor. It cannot write. */
export function lendFiles(client: BaseLanguageClient): Disposable[] {
  return [
    client.onRequest("nginxWebsocket/readFile", ({ uri }: Place) => readFile(Uri.parse(uri))),
    client.onRequest("nginxWebsocket/readFolder", ({ uri }: Place) => readFolder(Uri.parse(uri))),
  ];
}

async function readFile(uri: Uri): Promise<FileAnswer> {
  if (!isLent(uri)) return { error: "is outside of the workspace" };
  try {
    const { type, size } = await workspace.fs.stat(uri);
    if ((type & FileType.Directory) !== 0) return { error: "is a directory" };
    if (size > maxBytes) return { error: "larger than 8 MB" };
    const bytes = await workspace.fs.readFile(uri);
    if (bytes.length > maxBytes) return { error: "larger than 8 MB" };
    if (bytes.subarray(0, sniffedBytes).includes(0)) return { error: "not a text file" };
    return { text: decode(bytes) };
  } catch (error) {
    const code = error instanceof FileSystemError ? error.code : "";
    if (code === "FileNotFound") return { error: "does not exist", isMissing: true };
    return { error: code === "NoPermissions" ? "may not be read: permission denied" : "cannot be read" };
  }
}

/** Names, each with whether it may be a folder; nothing for what cannot be listed. */
async function readFolder(uri: Uri): Promise<readonly (readonly [name: string, isFolder: boolean])[]> {
  if (!isLent(uri)) return [];
  try {
    const entries = await workspace.fs.readDirectory(uri);
    return entries.slice(0, maxEntries).map(([name, type]) => [name, (type & FileType.Directory) !== 0]);
  } catch {
    return [];
  }
}

/** Only file systems that somebody has opened a folder or a document of: others may ask the network, or the user. */
function isLent({ scheme, authority }: Uri): boolean {
  const opened = [
    ...(workspace.workspaceFolders ?? []),
    ...workspace.textDocuments.filter(({ languageId }) => languageId.toLowerCase() === "nginx"),
  ];
  return opened.some(({ uri }) => uri.scheme === scheme && uri.authority === authority);
}

/** What is not valid UTF-8 is read byte by byte. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return new TextDecoder("latin1").decode(bytes);
  }
}
