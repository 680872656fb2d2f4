import type { ConfiguredTimeout, Document, DumpView, FileId, Finding, Project, Span } from "../core/index.ts";
import { applySafeFixes, isFixable } from "./fix.ts";
import { writePatch } from "./patch.ts";
import { Subject } from "./subject.ts";

/** What repairs the files of dumps, which are on another machine. */
export interface DumpRepair {
  readonly patch: string;
  readonly findings: number;
  readonly files: number;
}

/** The files that came out of dumps of `nginx -T`, beside those of this machine. */
export class Dumped {
  readonly #project: Project;
  readonly #views: readonly DumpView[];
  /** Whether a patch repairs what has a safe fix, so that only the rest is to be reported. */
  #repaired = false;

  constructor(project: Project, files: readonly FileId[]) {
    this.#project = project;
    this.#views = files.flatMap((file) => project.dump(file) ?? []);
  }

  /** Puts the files of a dump in the place of the dump. */
  expand(files: readonly FileId[]): readonly FileId[] {
    return files.flatMap((file) => this.#views.find((view) => view.file === file)?.files() ?? [file]);
  }

  /** The findings in a file. */
  findings(file: FileId): readonly Finding[] {
    const view = this.#viewOf(file);
    if (view === undefined) return this.#project.findings(file);
    return view.project.findings(file).filter((finding) => !this.#repaired || !isFixable(finding));
  }

  /** The read time-outs that the files set; those of a dump under the names that the files have in it. */
  readTimeouts(): readonly ConfiguredTimeout[] {
    const own = this.#project.readTimeouts().filter(({ span }) => this.#views.every(({ file }) => file !== span.file));
    return [...own, ...this.#views.flatMap(({ project }) => project.readTimeouts())];
  }

  /** The text of a file. */
  document(file: FileId): Document | undefined {
    return this.#viewOf(file)?.document(file) ?? this.#project.document(file);
  }

  /** The path of a file as its dump has it; nothing for a file of this machine. */
  name(file: FileId): string | undefined {
    return this.#viewOf(file)?.nameOf(file);
  }

  /** The place in its dump of a place in a file that came out of one. */
  place(span: Span): Span | undefined {
    return this.#viewOf(span.file)?.spanInDump({ file: span.file, start: span.start, end: span.end });
  }

  /** Writes the safe fixes as a patch for the machine that the dumps come from; nothing without a dump. */
  async repair(): Promise<DumpRepair | undefined> {
    if (this.#views.length === 0) return undefined;
    let patch = "";
    let findings = 0;
    let files = 0;
    for (const view of this.#views) {
      const { project } = view;
      const repair = await applySafeFixes(project, new Subject(project, view.roots()));
      findings += repair.findings.length;
      files += repair.texts.size;
      for (const [file, { before, after }] of repair.texts) {
        patch += writePatch(view.nameOf(file) ?? file, before, after);
        // The files are as they were until somebody applies the patch, and so are the places in the report.
        project.open(file, before);
      }
      await view.load();
    }
    this.#repaired = true;
    return { patch, findings, files };
  }

  #viewOf(file: FileId): DumpView | undefined {
    return this.#views.find((view) => view.nameOf(file) !== undefined);
  }
}
