import type { ConfigurationItem, WorkspaceFolder } from "vscode-languageserver";
import { defaultSettings, type FileId, type Files, type Settings, type SettingsSource } from "../core/index.ts";
import { type ProjectFile, ProjectFiles } from "../project-file/find.ts";
import { LayeredSettings } from "../project-file/layers.ts";
import { readSettings } from "./settings.ts";
import { fileIdOf } from "./uris.ts";

/** A folder of the workspace. */
interface Folder {
  /** As the client spells it. */
  readonly uri: string;
  readonly path: FileId;
}

/** The settings of each folder of the workspace: what the editor says, and above that what project files in it say. */
export class FolderSettings {
  readonly projectFiles: ProjectFiles;
  /** What is in force for each file. */
  readonly source: SettingsSource;
  /** Whether folders outside of the workspace may be read because a file in it says so. */
  isTrusted = true;
  readonly #layers: LayeredSettings;
  #folders: readonly Folder[] = [];
  #outside: Settings = defaultSettings;
  readonly #inside = new Map<FileId, Settings>();

  constructor(files: Pick<Files, "read">) {
    this.projectFiles = new ProjectFiles({
      files,
      covers: (file) => this.folderOf(file) !== undefined,
      ends: (folder) => this.#folders.some(({ path }) => path === folder),
    });
    this.#layers = new LayeredSettings(this.projectFiles, {
      below: (file) => this.#inside.get(this.folderOf(file) ?? "") ?? this.#outside,
      allBelow: () => [this.#outside, ...this.#inside.values()],
      mayRead: (folder, projectFile) => this.mayRead(folder, projectFile),
    });
    this.source = this.#layers;
  }

  /** The folders of the workspace. */
  get folders(): readonly FileId[] {
    return this.#folders.map(({ path }) => path);
  }

  /** Takes other folders; what the editor says about new ones has to be asked for. */
  follow(folders: readonly Pick<WorkspaceFolder, "uri">[]): void {
    this.#folders = folders.map(({ uri }) => ({ uri, path: fileIdOf(uri).replace(/\/$/, "") }));
    const paths = new Set(this.folders);
    for (const path of this.#inside.keys()) if (!paths.has(path)) this.#inside.delete(path);
    this.projectFiles.forgetAll();
    this.#layers.changed();
  }

  /** Some folders came and others went. */
  change(added: readonly WorkspaceFolder[], removed: readonly WorkspaceFolder[]): void {
    const gone = new Set(removed.map(({ uri }) => fileIdOf(uri).replace(/\/$/, "")));
    this.follow([...this.#folders.filter(({ path }) => !gone.has(path)), ...added]);
  }

  /** What to ask the editor: its settings for files outside of all folders, and for each folder. */
  questions(section: string): ConfigurationItem[] {
    return [{ section }, ...this.#folders.map(({ uri }) => ({ section, scopeUri: uri }))];
  }

  /** Takes what the editor answered to `questions`; gives whether anything is different now. */
  take(questions: readonly ConfigurationItem[], answers: readonly unknown[]): boolean {
    const paths = new Set(this.folders);
    let isNew = false;
    for (const [index, { scopeUri }] of questions.entries()) {
      const path = scopeUri === undefined ? undefined : fileIdOf(scopeUri).replace(/\/$/, "");
      // A folder may have left while the editor was answering.
      if (path !== undefined && !paths.has(path)) continue;
      const before = path === undefined ? this.#outside : this.#inside.get(path);
      const after = readSettings(answers[index], path ?? this.folders[0]);
      if (JSON.stringify(before) === JSON.stringify(after)) continue;
      isNew = true;
      if (path === undefined) this.#outside = after;
      else this.#inside.set(path, after);
    }
    if (isNew) this.#layers.changed();
    return isNew;
  }

  /** The innermost folder of the workspace that a file is in. */
  folderOf(file: FileId): FileId | undefined {
    let found: FileId | undefined;
    for (const { path } of this.#folders) {
      if (file.startsWith(`${path}/`) && path.length >= (found?.length ?? 0)) found = path;
    }
    return found;
  }

  /** Whether a folder that a project file names may be read. */
  mayRead(folder: FileId, { file }: Pick<ProjectFile, "file">): boolean {
    const own = this.folderOf(file);
    return this.isTrusted || (own !== undefined && `${folder}/`.startsWith(`${own}/`));
  }
}
