import ignore, { type Ignore } from "ignore";
import { type FileId, type Files, folderOf } from "../core/index.ts";
import { type ProjectFileProblem, projectFileName, type ReadProjectFile, readProjectFile } from "./content.ts";

/** A project file that is in force for the files beside and below it. */
export interface ProjectFile extends ReadProjectFile {
  readonly file: FileId;
  readonly folder: FileId;
  readonly text: string;
  /** Whether nothing is to be reported about a file. */
  ignores(file: FileId): boolean;
}

/** Where project files are looked for. */
export interface Search {
  readonly files: Pick<Files, "read">;
  /** Whether a file can have a project file at all. */
  covers(file: FileId): boolean;
  /** Whether the search upwards ends in this folder. */
  ends(folder: FileId): boolean;
  /** The one that counts for every file, wherever it is; then nothing is searched. */
  readonly only?: FileId;
}

/** The nearest project file above each file. */
export class ProjectFiles {
  readonly #search: Search;
  /** Folder → what is in it; a folder that was not looked into is not here. */
  readonly #found = new Map<FileId, ProjectFile | undefined>();
  /** Folder → the project file in force there, as far as it was asked for. */
  readonly #nearest = new Map<FileId, ProjectFile | undefined>();
  /** Folders whose project file may have changed. */
  readonly #stale = new Set<FileId>();
  #version = 0;

  constructor(search: Search) {
    this.#search = search;
  }

  /** Another number whenever a project file says something else, came or went. */
  get version(): number {
    return this.#version;
  }

  /** Reads the project files above some files. */
  async learn(files: Iterable<FileId>): Promise<void> {
    const unknown = new Set<FileId>(this.#stale);
    this.#stale.clear();
    if (this.#search.only !== undefined) {
      if (!this.#found.has("")) unknown.add("");
    } else {
      for (const file of files) {
        if (!this.#search.covers(file)) continue;
        for (const folder of this.#foldersAbove(file)) if (!this.#found.has(folder)) unknown.add(folder);
      }
    }
    for (const folder of unknown) {
      const before = this.#found.get(folder);
      const after = await this.#read(this.#search.only ?? `${folder}/${projectFileName}`);
      if (before !== undefined && after !== undefined && isSame(before, after)) continue;
      this.#found.set(folder, after);
      if (before !== after) this.#version++;
    }
    // An unknown folder may lie between a file and the project file that was in force for it.
    if (unknown.size > 0) this.#nearest.clear();
  }

  /** Reads a project file again the next time. */
  forget(file: FileId): void {
    const folder = folderOf(file);
    if (this.#found.has(folder)) this.#stale.add(folder);
  }

  /** Searches everywhere again: other folders count. */
  forgetAll(): void {
    this.#version++;
    this.#found.clear();
    this.#nearest.clear();
    this.#stale.clear();
  }

  /** The project file in force for a file. */
  nearest(file: FileId): ProjectFile | undefined {
    if (this.#search.only !== undefined) return this.#found.get("");
    if (!this.#search.covers(file)) return undefined;
    const folder = folderOf(file);
    if (this.#nearest.has(folder)) return this.#nearest.get(folder);
    let found: ProjectFile | undefined;
    for (const above of this.#foldersAbove(file)) {
      found = this.#found.get(above);
      if (found !== undefined) break;
    }
    this.#nearest.set(folder, found);
    return found;
  }

  /** All that were read. */
  all(): readonly ProjectFile[] {
    return [...this.#found.values()].filter((found) => found !== undefined);
  }

  *#foldersAbove(file: FileId): Generator<FileId> {
    for (let folder = folderOf(file); ; folder = folderOf(folder)) {
      yield folder;
      if (folder === "" || !folder.includes("/") || this.#search.ends(folder)) return;
    }
  }

  async #read(file: FileId): Promise<ProjectFile | undefined> {
    const result = await this.#search.files.read(file);
    const isElsewhere = /^[a-z][a-z0-9+.-]+:\/\//i.test(file);
    if ("text" in result) return describe(file, result.text, readProjectFile(result.text));
    if ((result.isMissing && this.#search.only === undefined) || isElsewhere) return undefined;
    const problem: ProjectFileProblem = { start: 0, end: 0, message: `It cannot be read: ${result.error}.` };
    return describe(file, "", { ...readProjectFile(""), problems: [problem] });
  }
}

function isSame(before: ProjectFile, after: ProjectFile): boolean {
  return before.text === after.text && before.problems.length === after.problems.length;
}

function describe(file: FileId, text: string, read: ReadProjectFile): ProjectFile {
  const folder = folderOf(file);
  let patterns: Ignore | undefined;
  return {
    ...read,
    file,
    folder,
    text,
    ignores(other) {
      if (read.content.ignore.length === 0 || !other.startsWith(`${folder}/`)) return false;
      patterns ??= ignore().add([...read.content.ignore]);
      const path = other.slice(folder.length + 1);
      return ignore.isPathValid(path) && patterns.ignores(path);
    },
  };
}
