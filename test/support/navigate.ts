// A tree of files with a cursor in one of them, for the tests of navigation.
import { applyEdits, type Edit, type FileId, Navigator, Project, type Span } from "../../server/core/index.ts";
import { parseSegment } from "../../server/core/text/glob.ts";

const cursor = "¦";

/** Files that are loaded, and where the cursor is. */
export interface Scene {
  readonly project: Project;
  readonly navigator: Navigator;
  readonly file: FileId;
  readonly offset: number;
  readonly texts: ReadonlyMap<FileId, string>;
}

/** Loads files of /etc/nginx (name → text); a `¦` in one of them is the cursor. The first file is a root. */
export async function sceneOf(files: Readonly<Record<string, string>>, load?: readonly string[]): Promise<Scene> {
  const texts = new Map<FileId, string>();
  let file = "";
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const path = `/etc/nginx/${name}`;
    const at = text.indexOf(cursor);
    if (at >= 0) {
      file = path;
      offset = at;
    }
    texts.set(path, text.replace(cursor, ""));
  }
  const project = projectOf(texts);
  const roots = (load ?? [Object.keys(files)[0] as string]).map((name) => `/etc/nginx/${name}`);
  await project.load(roots);
  return { project, navigator: new Navigator(project), file: file || (roots[0] as string), offset, texts };
}

/** A project whose only files are these. */
export function projectOf(texts: ReadonlyMap<FileId, string>): Project {
  return new Project({
    read: async (path) => {
      const text = texts.get(path);
      return text === undefined ? { error: "none", isMissing: true } : { text };
    },
    glob: async (pattern) => [...texts.keys()].filter((path) => matches(pattern, path)).sort(),
  });
}

function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split("/").map(parseSegment);
  const parts = path.split("/");
  if (wanted.length !== parts.length) return false;
  return wanted.every((each, index) => {
    const part = parts[index] as string;
    return each.kind === "literal" ? each.name === part : each.matches(part);
  });
}

/** `app.conf:3 backend`: the line of a span and its text. */
export function show({ texts }: Scene, { file, start, end }: Span): string {
  const text = texts.get(file) ?? "";
  const line = text.slice(0, start).split("\n").length;
  return `${file.replace("/etc/nginx/", "")}:${line} ${text.slice(start, end)}`.trimEnd();
}

/** The files after some edits, by their names; those that stay as they are are left out. */
export function edited({ texts }: Scene, edits: readonly Edit[]): Readonly<Record<string, string>> {
  const changed: Record<string, string> = {};
  for (const file of new Set(edits.map((edit) => edit.file))) {
    const own = edits.filter((edit) => edit.file === file);
    changed[file.replace("/etc/nginx/", "")] = applyEdits(texts.get(file) ?? "", own);
  }
  return changed;
}
