import { type Dump, type DumpPart, dumpFiles, readDump } from "./dump.ts";
import type { Hover } from "./features/hover.ts";
import type { Files } from "./files.ts";
import type { ConfiguredTimeout, Edit, FileId, Finding, Fix, Span } from "./finding.ts";
import type { Project } from "./project.ts";
import type { Document } from "./syntax/document.ts";

/** Makes the project that judges the files of a dump. */
export type ProjectMaker = (files: Files, version: string | undefined) => Project;

/** A dump that is open: its files as a project of their own, and the way from its places to theirs and back. */
export class DumpView {
  /** The file that holds the dump. */
  readonly file: FileId;
  private readonly makeProject: ProjectMaker;
  private dump: Dump;
  private text: string;
  private byFile: ReadonlyMap<FileId, DumpPart>;
  private inner: Project;
  private loaded = false;

  private constructor(file: FileId, text: string, dump: Dump, makeProject: ProjectMaker) {
    this.file = file;
    this.text = text;
    this.dump = dump;
    this.makeProject = makeProject;
    this.byFile = firstParts(dump);
    this.inner = this.create();
  }

  /** Opens the dump in a file; nothing if it holds none. */
  static open(file: FileId, text: string, makeProject: ProjectMaker): DumpView | undefined {
    const dump = readDump(text, file);
    return dump && new DumpView(file, text, dump, makeProject);
  }

  /** The project of the files, under the names that `files` gives. */
  get project(): Project {
    return this.inner;
  }

  /** The files in it, each once, in the order in which nginx opened them. */
  files(): readonly FileId[] {
    return [...this.byFile.keys()];
  }

  /** The main file; of a part of a dump all files, because nobody knows which of them includes the others. */
  roots(): readonly FileId[] {
    return this.dump.isWhole ? this.files().slice(0, 1) : this.files();
  }

  /** The version of the nginx that printed it, where the dump says so. */
  get version(): string | undefined {
    return this.dump.version;
  }

  /** The path of a file as the dump has it. */
  nameOf(file: FileId): string | undefined {
    return this.byFile.get(file)?.name;
  }

  /** Takes another text; gives whether it is still a dump. */
  change(text: string): boolean {
    const dump = readDump(text, this.file);
    if (!dump) return false;
    const before = this.dump;
    const beforeText = this.text;
    const isSame = sameFiles(before, dump);
    this.dump = dump;
    this.text = text;
    this.byFile = firstParts(dump);
    if (!isSame) {
      this.inner = this.create();
      this.loaded = false;
      return true;
    }
    for (const [index, part] of dump.parts.entries()) {
      const old = before.parts[index] as DumpPart;
      if (this.byFile.get(part.file) !== part) continue;
      replace(this.inner, part.file, beforeText.slice(old.start, old.end), text.slice(part.start, part.end));
    }
    return true;
  }

  /** Reads what is in it. Has to be awaited before findings are asked for. */
  async load(): Promise<void> {
    const { inner } = this;
    if (!this.loaded)
      for (const { file, start, end } of this.byFile.values()) inner.open(file, this.text.slice(start, end));
    this.loaded = true;
    await inner.load(this.roots());
  }

  /** What is wrong in its files, as places of the dump. */
  findings(): readonly Finding[] {
    return this.files().flatMap((file) => this.inner.findings(file).map((finding) => this.findingInDump(finding)));
  }

  /** The comments that allow a finding of the dump. */
  suppressions(finding: Finding): readonly Fix[] {
    const part = this.partAt(finding.span.start);
    if (!part) return [];
    const shift = (span: Span) => ({ file: part.file, start: span.start - part.start, end: span.end - part.start });
    return this.inner.suppressions({ ...finding, span: shift(finding.span) }).map((fix) => this.fixInDump(fix));
  }

  /** Explains what stands at an offset of the dump. */
  hover(offset: number): Hover | undefined {
    const part = this.partAt(offset);
    const hover = part && this.inner.hover(part.file, offset - part.start);
    return hover && { ...hover, span: this.spanInDump(hover.span) };
  }

  /** The read time-outs that its files set, as places of the dump. */
  readTimeouts(): readonly ConfiguredTimeout[] {
    return this.inner.readTimeouts().map((timeout) => ({ ...timeout, span: this.spanInDump(timeout.span) }));
  }

  /** The document of one of its files. */
  document(file: FileId): Document | undefined {
    return this.byFile.has(file) ? this.inner.document(file) : undefined;
  }

  /** The place in the dump of a place in one of its files. */
  spanInDump<Place extends Span>(place: Place): Place {
    const shift = this.byFile.get(place.file)?.start ?? 0;
    return { ...place, file: this.file, start: place.start + shift, end: place.end + shift };
  }

  private findingInDump(finding: Finding): Finding {
    return {
      ...finding,
      span: this.spanInDump(finding.span),
      related: finding.related.map(({ span, message }) => ({ span: this.spanInDump(span), message })),
      fixes: finding.fixes.map((fix) => this.fixInDump(fix)),
    };
  }

  private fixInDump(fix: Fix): Fix {
    return { ...fix, edits: fix.edits.map((edit: Edit) => this.spanInDump(edit)) };
  }

  /** The file of the dump that holds an offset, and the offset in it; nothing between the files. */
  inside(offset: number): { readonly file: FileId; readonly offset: number } | undefined {
    const part = this.partAt(offset);
    return part && { file: part.file, offset: offset - part.start };
  }

  /** The file whose text holds an offset; nothing between them. */
  private partAt(offset: number): DumpPart | undefined {
    return [...this.byFile.values()].find(({ start, end }) => start <= offset && offset <= end);
  }

  private create(): Project {
    return this.makeProject(
      dumpFiles(this.dump, ({ start, end }) => this.text.slice(start, end)),
      this.dump.version,
    );
  }
}

function firstParts({ parts }: Dump): ReadonlyMap<FileId, DumpPart> {
  const found = new Map<FileId, DumpPart>();
  for (const part of parts) if (!found.has(part.file)) found.set(part.file, part);
  return found;
}

function sameFiles(left: Dump, right: Dump): boolean {
  return (
    left.isWhole === right.isWhole &&
    left.version === right.version &&
    left.parts.length === right.parts.length &&
    left.parts.every(({ name }, index) => name === right.parts[index]?.name)
  );
}

/** Changes a file where its text differs, so that what stands around that is not read again. */
function replace(project: Project, file: FileId, before: string, after: string): void {
  if (before === after) return;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let tail = 0;
  while (tail < shorter - start && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  project.change(file, [{ start, end: before.length - tail, text: after.slice(start, after.length - tail) }]);
}
