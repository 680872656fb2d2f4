import type { FileId } from "../finding.ts";
import { joinPath, rootOf } from "../text/path.ts";

/** Where the files of an installed nginx lie, depending on who packed it. */
const USUAL = [
  "/etc/nginx",
  "/usr/local/nginx/conf",
  "/usr/local/etc/nginx",
  "/opt/homebrew/etc/nginx",
  "/etc/openresty",
  "/usr/local/openresty/nginx/conf",
];

function usualFolderOf(path: string): string | undefined {
  return USUAL.find((folder) => path.startsWith(`${folder}/`));
}

/** Whether a file lies where an installed nginx has its files, so that it is no copy of them. */
export function isInstalled(file: FileId): boolean {
  return usualFolderOf(file.slice(rootOf(file).length)) !== undefined;
}

/**
 * Where a copy of nginx's folder would have what an absolute include argument names; undefined for a path that is in none
 * of the usual folders, and for one that would lead out of the copy.
 */
export function pathInCopy(argument: string, copy: FileId): FileId | undefined {
  const usual = usualFolderOf(argument);
  const path = usual === undefined ? undefined : joinPath(copy, argument.slice(usual.length));
  return path?.startsWith(`${copy}/`) ? path : undefined;
}
