import type { Dirent } from "node:fs";
import { lstat, open, readdir, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { type FileId, looksLikeNginx } from "../core/index.ts";
import { describeSystemError } from "./system-error.ts";

/** What could not be done with a path, in words; `path` as the user wrote it. */
export interface Problem {
  readonly path: string;
  readonly reason: string;
}

/** The files that the paths stand for, and the paths that stand for nothing. */
export interface FoundFiles {
  readonly files: readonly FileId[];
  readonly problems: readonly Problem[];
}

const skippedFolders = new Set(["node_modules", ".git", ".hg", ".svn"]);

/** An absolute path as the core wants it: forward slashes, and a drive letter in lower case. */
export function toFileId(path: string): FileId {
  return toSlashes(resolve(path)).replace(/^[A-Z]:/, (drive) => drive.toLowerCase());
}

/** Turns the paths of the command line into files; folders are searched. `-` must be taken out before. */
export async function findFiles(paths: readonly string[]): Promise<FoundFiles> {
  const files = new Map<string, FileId>();
  const problems: Problem[] = [];
  for (const path of paths) {
    const found = await resolvePath(path, problems);
    for (const file of found) {
      // The same file may be named twice, or linked from sites-enabled: it is one file.
      const identity = await realpath(file).catch(() => resolve(file));
      if (!files.has(identity)) files.set(identity, toFileId(file));
    }
  }
  return { files: [...files.values()], problems };
}

async function resolvePath(path: string, problems: Problem[]): Promise<readonly string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
  } catch (error) {
    const isLink = await lstat(path).then(
      (link) => link.isSymbolicLink(),
      () => false,
    );
    const { code } = error as NodeJS.ErrnoException;
    problems.push({
      path,
      reason: isLink && code === "ENOENT" ? "a symbolic link to nothing" : describeSystemError(error),
    });
    return [];
  }
  const before = problems.length;
  const found = await searchFolder(path, problems);
  if (found.length === 0 && problems.length === before) {
    problems.push({ path, reason: "no nginx configuration in this folder" });
  }
  return found;
}

/**
 * Every nginx configuration in and below a folder, in the order of their names, links last so that a file is known by its
 * own name. Symbolic links to folders are not followed: they lead out of the folder, or in a circle.
 */
async function searchFolder(folder: string, problems: Problem[]): Promise<readonly string[]> {
  const found: string[] = [];
  const links: string[] = [];
  const folders = [folder];
  for (let current = folders.pop(); current !== undefined; current = folders.pop()) {
    const below: string[] = [];
    for (const entry of await listFolder(current, problems)) {
      const path = join(current, entry.name);
      if (entry.isDirectory()) {
        if (!skippedFolders.has(entry.name)) below.push(path);
      } else if (isCandidate(path) && (await isNginxFile(path, problems))) {
        (entry.isSymbolicLink() ? links : found).push(path);
      }
    }
    for (const path of below.reverse()) folders.push(path);
  }
  return [...found, ...links];
}

async function listFolder(folder: string, problems: Problem[]): Promise<readonly Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    problems.push({ path: folder, reason: describeSystemError(error) });
    return [];
  }
}

/** What stands behind the name of a file that becomes configuration when somebody fills it in or copies it. */
const endings =
  "template|(?:go|c)?tmpl|tpl|j2|jinja2?|erb|epp|ejs|hbs|mustache|twig|njk|ftl|tt2?|master|in|default|dist|sample|example";
const candidateName = new RegExp(
  `^(?!\\.).*(?:\\.(?:conf|nginx|nginxconf|vhost)|nginx\\.conf)(?:\\.(?:${endings}))?$`,
  "i",
);
const sitesFolders = new Set(["sites-available", "sites-enabled"]);

function isCandidate(path: string): boolean {
  const name = basename(path);
  if (candidateName.test(name)) return true;
  return (
    sitesFolders.has(basename(dirname(path))) && !name.startsWith(".") && !/[~]$|\.(?:bak|swp|orig|md)$/.test(name)
  );
}

/** Enough for a long comment before the first directive. */
const sniffedBytes = 64 * 1024;

async function isNginxFile(path: string, problems: Problem[]): Promise<boolean> {
  try {
    if (!(await stat(path)).isFile()) return false;
    const handle = await open(path);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(sniffedBytes), 0, sniffedBytes, 0);
      const head = buffer.subarray(0, bytesRead);
      if (head.includes(0)) return false;
      return basename(path) === "nginx.conf" || isConfiguration(head.toString("utf8"));
    } finally {
      await handle.close();
    }
  } catch (error) {
    // A link to nothing among many files is nobody's concern; a file that is there but closed to us is.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "ELOOP") problems.push({ path, reason: describeSystemError(error) });
    return false;
  }
}

/** A file of comments alone could be anybody's. */
function isConfiguration(text: string): boolean {
  return /^\s*[^\s#]/m.test(text) && looksLikeNginx(text);
}

/** Names a file as the user did: what lies under a named path begins with that path, the rest is relative to here. */
export function makeNaming(paths: readonly string[], special: ReadonlyMap<FileId, string>): (file: FileId) => string {
  const roots = paths.map((path) => ({ id: toFileId(path), path }));
  const here = toFileId(".");
  return (file) => {
    const known = special.get(file);
    if (known !== undefined) return known;
    for (const root of roots) {
      if (file === root.id) return toSlashes(join(root.path));
      if (file.startsWith(`${root.id}/`)) return toSlashes(join(root.path, file.slice(root.id.length + 1)));
    }
    return file.startsWith(`${here}/`) ? toSlashes(relative(here, file)) : file;
  };
}

function toSlashes(path: string): string {
  return path.split(sep).join("/");
}
