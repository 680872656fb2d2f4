import { type FileId, type Finding, isForeign, type LoadError, type Project, sniffedLength } from "../core/index.ts";
import { findRootsAbove } from "../host/roots.ts";
import { chooseNames, findAliases } from "./aliases.ts";

/** What a command is about: files, with the configurations that include them. */
export class Subject {
  readonly #project: Project;
  /** What the user named. */
  readonly named: readonly FileId[];
  /** The same, but a file that a configuration includes under another name has that name, and what is left out is not there. */
  #requested: readonly FileId[];
  /** Files that nothing the user named includes, and the whole configurations above them that may. */
  #alone: readonly FileId[] = [];
  #candidates: readonly FileId[] = [];

  constructor(project: Project, named: readonly FileId[]) {
    this.#project = project;
    this.named = named;
    this.#requested = named;
  }

  /** Reads the files again as they were found the first time. */
  async load(): Promise<readonly LoadError[]> {
    const errors = await this.#project.load(this.#requested);
    if (this.#candidates.length > 0) await this.#project.load(this.#alone, this.#candidates);
    return errors;
  }

  /**
   * Looks upwards for the configurations that include the files, as an editor does in its workspace. Gives the names that
   * links have in them: a site that is enabled is included under the name of its link.
   */
  async findRoots(createProject: () => Project): Promise<ReadonlyMap<FileId, FileId>> {
    const project = this.#project;
    this.#alone = this.#requested.filter((file) => project.needsRoot(file));
    const candidates = new Set(this.#alone.flatMap(findRootsAbove));
    for (const file of this.#requested) candidates.delete(file);
    this.#candidates = [...candidates];
    if (this.#candidates.length === 0) return new Map();
    await project.load(this.#alone, this.#candidates);
    const linked = await this.#findLinks(createProject());
    if (linked.size === 0) return new Map();
    const rename = (file: FileId): FileId => linked.get(file) ?? file;
    this.#requested = this.#requested.map(rename);
    this.#alone = this.#alone.map(rename);
    for (const file of linked.keys()) project.close(file);
    await this.load();
    return new Map([...linked].map(([file, link]) => [link, file]));
  }

  /** The files that a configuration above includes under another name only, and that name. */
  async #findLinks(project: Project): Promise<ReadonlyMap<FileId, FileId>> {
    const linked = new Map<FileId, FileId>();
    const left = this.#alone.filter((file) => this.#project.needsRoot(file));
    if (left.length === 0) return linked;
    await project.load(this.#candidates);
    const aliases = await findAliases([...left, ...project.files()]);
    for (const file of left) {
      const link = aliases.get(file)?.find((name) => name !== file);
      if (link !== undefined) linked.set(file, link);
    }
    return linked;
  }

  /**
   * Leaves out named files that are another program's, unless a configuration includes them; gives them. A pattern of the
   * shell names every `.conf`; whoever hands over standard input means it.
   */
  leaveOutForeign(input: FileId | undefined): readonly FileId[] {
    const project = this.#project;
    const isLeftOut = (file: FileId) => {
      const text = project.document(file)?.slice(0, sniffedLength);
      const isIncluded = project.rootsOf(file).some((root) => root !== file);
      return file !== input && text !== undefined && !isIncluded && !file.endsWith("/nginx.conf") && isForeign(text);
    };
    const left = this.#requested.filter(isLeftOut);
    this.#requested = this.#requested.filter((file) => !left.includes(file));
    return left;
  }

  /** The whole configurations that were not named, in which named files are judged. */
  roots(): readonly FileId[] {
    const named = new Set(this.#requested);
    const found = this.#alone.flatMap((file) => this.#project.rootsOf(file));
    return [...new Set(found)].filter((root) => !named.has(root));
  }

  /** The named files and what they include, each under one name. */
  async files(): Promise<readonly FileId[]> {
    const own = this.#own();
    const files = this.#project.files().filter((file) => own.has(file));
    return chooseNames(await findAliases(files), this.#requested);
  }

  /** What is wrong in other files of a configuration that was not named, and concerns the named ones. */
  findingsElsewhere(): readonly Finding[] {
    if (this.roots().length === 0) return [];
    const own = this.#own();
    return this.#project
      .files()
      .filter((file) => !own.has(file))
      .flatMap((file) => this.#project.findings(file))
      .filter(({ related }) => related.some(({ span }) => own.has(span.file)));
  }

  #own(): ReadonlySet<FileId> {
    return new Set(this.#requested.flatMap((file) => [...this.#project.reach(file)]));
  }
}
