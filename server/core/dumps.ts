import { isInDump, mayHoldDump } from "./dump.ts";
import { DumpView, type ProjectMaker } from "./dump-view.ts";
import type { FileId } from "./finding.ts";
import type { Document } from "./syntax/document.ts";

/** Which of a project's files hold a dump of `nginx -T`, and what is in it. */
export class Dumps {
  private readonly views = new Map<FileId, DumpView>();
  /** The state of each document when it was last looked at. */
  private readonly seen = new WeakMap<Document, number>();
  private readonly makerFor: (dump: FileId) => ProjectMaker;

  constructor(makerFor: (dump: FileId) => ProjectMaker) {
    this.makerFor = makerFor;
  }

  /** The dump in a file that was taken in. */
  of(file: FileId): DumpView | undefined {
    return this.views.get(file);
  }

  /** All of them. */
  all(): readonly DumpView[] {
    return [...this.views.values()];
  }

  /** Takes a document in if it holds a dump; gives whether it does. */
  async take(document: Document): Promise<boolean> {
    if (this.seen.get(document) !== document.version) {
      this.seen.set(document, document.version);
      this.look(document);
    }
    const view = this.views.get(document.file);
    await view?.load();
    return view !== undefined;
  }

  /** Forgets a file. */
  drop(file: FileId): void {
    this.views.delete(file);
  }

  private look(document: Document): void {
    const { file } = document;
    if (this.views.get(file)?.change(document.text)) return;
    this.views.delete(file);
    if (isInDump(file) || !document.segments.some((segment) => mayHoldDump(segment.text))) return;
    const view = DumpView.open(file, document.text, this.makerFor(file));
    if (view) this.views.set(file, view);
  }
}
