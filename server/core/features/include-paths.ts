import type { Files } from "../files.ts";
import type { FileId } from "../finding.ts";
import { includePath } from "../model/include.ts";
import { folderOf } from "../text/path.ts";

/** No longer list of paths helps anybody. */
const MAX_PATHS = 200;

/** The files and folders that begin with what is written in an include, each as it would be written there. */
export async function includePaths(
  files: Files,
  root: FileId,
  typed: string,
  includeRoots: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  if (/[*?[\]]/.test(typed)) return [];
  const written = typed.slice(0, typed.lastIndexOf("/") + 1);
  const folder = includePath(root, written === "" ? "." : written, includeRoots).replace(/\/+$/, "");
  const begun = typed.slice(written.length);
  const pattern = `${folder}/${begun}*`;
  const inFolders = await files.glob(`${pattern}/*`);
  const folders = new Set(inFolders.map((file) => folderOf(file)));
  const found = (await files.glob(pattern)).filter((file) => file !== root && !folders.has(file));
  const names = [...folders].map((path) => `${path}/`).concat(found);
  const patterns = [...folders].flatMap((path) => {
    const ending = inFolders.some((file) => folderOf(file) === path && file.endsWith(".conf")) ? "*.conf" : "*";
    return `${path}/${ending}`;
  });
  return [...found, ...patterns, ...names.filter((path) => path.endsWith("/"))]
    .slice(0, MAX_PATHS)
    .map((path) => written + path.slice(folder.length + 1));
}
