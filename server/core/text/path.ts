import type { FileId } from "../finding.ts";

// File identities are paths with forward slashes: `/etc/nginx/nginx.conf`, `c:/nginx/conf/nginx.conf`, or with a scheme and
// authority in front (`vscode-vfs://github/owner/repo/nginx.conf`).
const rootPattern = /^(?:[A-Za-z][A-Za-z0-9+.-]+:\/\/[^/]*|[A-Za-z]:)?(?=\/|$)/;

/** What stands before the path of a file identity: scheme and authority, a drive, or nothing. */
export function rootOf(file: FileId): string {
  return rootPattern.exec(file)?.[0] ?? "";
}

/** The folder of a file, without a slash at the end. */
export function folderOf(file: FileId): string {
  const slash = file.lastIndexOf("/");
  return slash < 0 ? "" : file.slice(0, slash);
}

/** The last part of a path. */
export function baseName(file: FileId): string {
  return file.slice(file.lastIndexOf("/") + 1);
}

/** Whether a path says by itself where it is. */
export function isAbsolute(path: string): boolean {
  return rootPattern.exec(path) !== null && path.startsWith("/", rootOf(path).length);
}

/** Joins a path to a folder and removes `.`, `..` and doubled slashes. */
export function joinPath(folder: string, path: string): FileId {
  const root = rootOf(folder);
  const parts: string[] = [];
  for (const part of `${folder.slice(root.length)}/${path}`.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return `${root}/${parts.join("/")}`;
}
