import { type FileId, isAbsolute, joinPath, type Settings, type SettingsSource } from "../core/index.ts";
import type { ProjectFile, ProjectFiles } from "./find.ts";

/** What is set outside of project files. */
export interface Surroundings {
  /** What is in force where no project file says anything else. */
  below(file: FileId): Settings;
  /** Everything that `below` can give. */
  allBelow(): Iterable<Settings>;
  /** What counts more than a project file. */
  readonly above?: Partial<Settings>;
  /** Whether a folder that a project file names may be read. */
  mayRead(folder: FileId, projectFile: ProjectFile): boolean;
}

/** The settings of a file that is judged, and of one that nothing is reported about. */
interface Pair {
  readonly judged: Settings;
  readonly ignored: Settings;
}

/** Settings in layers: those of the editor, those of the nearest project file, and what was said on the command line. */
export class LayeredSettings implements SettingsSource {
  readonly #projectFiles: ProjectFiles;
  readonly #surroundings: Surroundings;
  /** The same object for the same layers, because others compare. */
  readonly #known = new Map<Settings, Map<ProjectFile | undefined, Pair>>();
  #changes = 0;

  constructor(projectFiles: ProjectFiles, surroundings: Surroundings) {
    this.#projectFiles = projectFiles;
    this.#surroundings = surroundings;
  }

  of(file: FileId): Settings {
    const projectFile = this.#projectFiles.nearest(file);
    const pair = this.#layers(this.#surroundings.below(file), projectFile);
    return projectFile?.ignores(file) ? pair.ignored : pair.judged;
  }

  *all(): Generator<Settings> {
    for (const below of this.#surroundings.allBelow()) yield this.#layers(below, undefined).judged;
    for (const projectFile of this.#projectFiles.all()) {
      yield this.#layers(this.#surroundings.below(projectFile.file), projectFile).judged;
    }
  }

  get version(): number {
    return this.#projectFiles.version + this.#changes;
  }

  learn(files: Iterable<FileId>): Promise<void> {
    return this.#projectFiles.learn(files);
  }

  /** Says that what is set outside of project files, or what may be read, is different now. */
  changed(): void {
    this.#changes++;
    for (const below of this.#known.keys())
      if (![...this.#surroundings.allBelow()].includes(below)) this.#known.delete(below);
  }

  #layers(below: Settings, projectFile: ProjectFile | undefined): Pair {
    const ofBelow = this.#known.get(below) ?? new Map<ProjectFile | undefined, Pair>();
    this.#known.set(below, ofBelow);
    const known = ofBelow.get(projectFile);
    if (known !== undefined) return known;
    const judged = this.#merge(below, projectFile);
    const pair = { judged, ignored: { ...judged, enable: false } };
    ofBelow.set(projectFile, pair);
    return pair;
  }

  #merge(below: Settings, projectFile: ProjectFile | undefined): Settings {
    const { above = {} } = this.#surroundings;
    const said = projectFile?.content;
    return {
      ...below,
      ...(said?.nginxVersion === undefined
        ? {}
        : { nginxVersion: said.nginxVersion, nginxVersionFrom: "project file" as const }),
      ...above,
      ...(above.nginxVersion === undefined ? {} : { nginxVersionFrom: "setting" as const }),
      rules: { ...below.rules, ...said?.rules, ...above.rules },
      includeRoots: { ...below.includeRoots, ...this.#includeRoots(projectFile), ...above.includeRoots },
    };
  }

  #includeRoots(projectFile: ProjectFile | undefined): Readonly<Record<string, string>> {
    if (projectFile === undefined) return {};
    return Object.fromEntries(
      Object.entries(projectFile.content.includeRoots).flatMap(([prefix, folder]) => {
        const path = locate(folder, projectFile);
        return this.#surroundings.mayRead(path, projectFile) ? [[prefix, path]] : [];
      }),
    );
  }
}

/** Where a folder is that a project file names. */
export function locate(folder: string, projectFile: Pick<ProjectFile, "folder">): FileId {
  const path = folder.replaceAll("\\", "/").replace(/^[A-Z]:/, (drive) => drive.toLowerCase());
  return isAbsolute(path) ? joinPath(path, "") : joinPath(projectFile.folder, path);
}
