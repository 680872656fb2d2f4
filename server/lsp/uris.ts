import { URI } from "vscode-uri";
import type { FileId } from "../core/index.ts";

/** The core's name for a document: a path for `file:`, else `scheme://authority/path`, always decoded. */
export function fileIdOf(uri: string): FileId {
  const { scheme, authority, path, query, fragment } = URI.parse(uri);
  if (scheme === "file") {
    if (authority !== "") return `//${authority}${path}`;
    return /^\/[a-z]:/i.test(path) ? path.charAt(1).toLowerCase() + path.slice(2) : path;
  }
  // Two versions of one file in a history view differ only in their query, two cells of a notebook only in their fragment.
  const rest = (query === "" ? "" : `?${query}`) + (fragment === "" ? "" : `#${fragment}`);
  return `${scheme}://${authority}${path.startsWith("/") ? "" : "/"}${path}${rest}`;
}

/** The URI of a file that no client has named yet. */
export function uriOf(file: FileId): string {
  const remote = /^([a-z][a-z0-9+.-]+):\/\/([^/]*)(.*)$/i.exec(file);
  if (remote === null) return URI.file(file).toString();
  return URI.from({ scheme: remote[1]!, authority: remote[2]!, path: remote[3]! }).toString();
}
