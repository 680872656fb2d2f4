import { parseSegment } from "./glob.ts";

/** A name in a folder. */
export interface FolderEntry {
  readonly name: string;
  /** Whether it may be a folder: a link may. */
  readonly isFolder: boolean;
}

/** The folders that a pattern leads through; a path ends without a slash, so the outermost one may be empty. */
export interface Folders {
  /** What is in a folder; nothing where there is none. */
  list(folder: string): Promise<readonly FolderEntry[]>;
  /** Whether a name is in a folder. */
  has(folder: string, name: string): Promise<boolean>;
  /** Names that one pattern may look at, so that links which lead in circles cannot multiply without end. */
  readonly maxNames: number;
}

/**
 * Files and folders that match an absolute pattern, in the order of their bytes, as glob(3) sorts for nginx. `root` is
 * what the pattern begins with before its first slash: nothing, a drive, or scheme and host of a URI.
 */
export async function walkPattern(pattern: string, root: string, folders: Folders): Promise<readonly string[]> {
  const names = pattern.slice(root.length).split("/");
  const segments = names.filter((name) => name !== "").map(parseSegment);
  let found: string[] = [root];
  let looked = 0;
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    const next: string[] = [];
    for (const folder of found) {
      if (segment.kind === "literal") {
        if (!isLast || (await folders.has(folder, segment.name))) next.push(`${folder}/${segment.name}`);
        continue;
      }
      for (const { name, isFolder } of await folders.list(folder)) {
        if (++looked > folders.maxNames) break;
        if (segment.matches(name) && (isLast || isFolder)) next.push(`${folder}/${name}`);
      }
    }
    found = next;
  }
  return found.some((path) => /[\ud800-\uffff]/.test(path)) ? found.sort(compareCodePoints) : found.sort();
}

/** The bytes of UTF-8 sort as code points do; UTF-16 differs once surrogates meet the characters from U+E000 on. */
function compareCodePoints(left: string, right: string): number {
  const [a, b] = [[...left], [...right]];
  const at = a.findIndex((character, index) => character !== b[index]);
  if (at < 0) return a.length - b.length;
  return (a[at]?.codePointAt(0) ?? 0) - (b[at]?.codePointAt(0) ?? -1);
}
