import { type Diagnostic, type Disposable, type PublishDiagnosticsParams, RAL } from "vscode-languageserver";
import type { Care, FileId } from "../core/index.ts";
import { type Target, toDiagnostics } from "./convert.ts";

/** Documents shorter than this are judged on every keystroke, as soon as no further message waits. */
const largeDocument = 1_000_000;
/** Milliseconds without an edit before the files that nobody is typing in are judged again. */
const restBeforeSweep = 200;
/** Milliseconds of work after which messages are let through. */
const slice = 10;
/** Milliseconds a large document may wait for a pause in typing. */
const longestWait = 1000;

/** What the publisher needs from the server. */
export interface PublisherHost {
  readonly target: Target;
  /** Resolves when the settings are known; nothing is judged before. */
  readonly ready: Promise<void>;
  /** Whether a document is to be judged at all. */
  wants(file: FileId): boolean;
  send(params: PublishDiagnosticsParams): void;
  log(message: string): void;
  /** Called when everything has been judged; the files are those of the whole include graph. */
  rested(files: readonly FileId[]): void;
}

/**
 * Decides when diagnostics are computed and sent. The edited document comes first and at once; all other files of the
 * include graph follow when typing rests, in slices, and are sent only if they changed.
 */
export class Publisher {
  readonly #host: PublisherHost;
  readonly #edited = new Set<FileId>();
  /** What the client shows now, for every file that it shows anything for. */
  readonly #shown = new Map<FileId, readonly Diagnostic[]>();
  /** What each file's diagnostics were made of. */
  readonly #stamps = new Map<FileId, readonly unknown[]>();
  readonly #reported = new Set<string>();
  #generation = 0;
  #timer: Disposable | undefined;
  #stale = true;
  #loading: Promise<void> | undefined;
  /** Milliseconds that judging the edited documents took the last time. */
  #lastCost = 0;

  constructor(host: PublisherHost) {
    this.#host = host;
  }

  /** Texts changed: from now on findings may be asked for only after `settle()`. */
  markStale(): void {
    this.#stale = true;
  }

  /** Judges soon; a call while the last one still waits replaces it, so that a burst of edits costs one round. */
  schedule(...edited: readonly FileId[]): void {
    this.markStale();
    const generation = ++this.#generation;
    for (const file of edited) this.#edited.add(file);
    this.#timer?.dispose();
    const delay = this.#delayOf(edited);
    // One turn of the event loop is not enough: the next message is handled in the same turn as this callback.
    const later = () => {
      this.#timer = RAL().timer.setImmediate(() => void this.#run(generation));
    };
    this.#timer = delay > 0 ? RAL().timer.setTimeout(later, delay) : RAL().timer.setImmediate(later);
  }

  /** Waits until the project has read everything that the open documents need. */
  async settle(): Promise<void> {
    await this.#host.ready;
    while (this.#stale || this.#loading !== undefined) {
      this.#loading ??= this.#load();
      await this.#loading;
    }
  }

  /** Stops all work that is waiting. */
  stop(): void {
    this.#generation++;
    this.#timer?.dispose();
  }

  async #load(): Promise<void> {
    this.#stale = false;
    const { target, log, wants } = this.#host;
    try {
      const files = target.documents.files();
      // A whole configuration need not wait until others have been found.
      const needsOthers = files.some((file) => target.project.isPart(file) && wants(file));
      const candidates = needsOthers ? await target.candidates() : [];
      for (const { file, error } of await target.project.load(target.documents.files(), candidates)) {
        const line = `${file}: ${error}`;
        if (this.#reported.has(line)) continue;
        this.#reported.add(line);
        log(line);
      }
      await inSlices(target.project.assemble(), () => this.#stale);
    } catch (error) {
      log(`reading the files failed: ${error}`);
    } finally {
      this.#loading = undefined;
    }
  }

  #delayOf(edited: readonly FileId[]): number {
    const isLarge = (file: FileId) => (this.#host.target.project.document(file)?.length ?? 0) >= largeDocument;
    return edited.some(isLarge) ? Math.min(longestWait, 2 * this.#lastCost) : 0;
  }

  async #run(generation: number): Promise<void> {
    await this.#host.ready;
    const started = performance.now();
    await this.settle();
    if (generation !== this.#generation) return;
    for (const file of this.#edited) {
      this.#stamps.delete(file);
      this.#send(file, this.#judge(file, "prompt"));
    }
    this.#lastCost = performance.now() - started;
    const rest = this.#edited.size > 0 ? restBeforeSweep : 0;
    this.#edited.clear();
    this.#timer = RAL().timer.setTimeout(() => void this.#sweep(generation), rest);
  }

  async #sweep(generation: number): Promise<void> {
    const isOver = () => generation !== this.#generation;
    let isDone = false;
    while (!isDone) {
      await this.settle();
      if (isOver()) return;
      isDone = await inSlices(this.#judgeAll(), () => this.#stale || isOver());
    }
    this.#host.rested(this.#host.target.project.files());
  }

  /** Judges everything, and sends what is new, step by step. */
  *#judgeAll(): Generator<void> {
    const { project } = this.#host.target;
    yield* project.prepare();
    const loaded = new Set(project.files());
    for (const file of new Set([...this.#shown.keys(), ...loaded])) {
      yield;
      const before = this.#shown.get(file) ?? [];
      if (!loaded.has(file)) this.#stamps.delete(file);
      else if (!this.#isNew(file)) continue;
      const diagnostics = loaded.has(file) ? this.#judge(file, "complete") : [];
      if (before.length === 0 && diagnostics.length === 0) continue;
      if (JSON.stringify(diagnostics) !== JSON.stringify(before)) this.#send(file, diagnostics);
    }
  }

  /** Whether anything about a file may be different since it was swept last. */
  #isNew(file: FileId): boolean {
    const before = this.#stamps.get(file);
    try {
      const stamp = this.#host.target.project.stamp(file);
      if (stamp.length === before?.length && stamp.every((item, index) => item === before[index])) return false;
      this.#stamps.set(file, stamp);
    } catch {
      // Judging it will fail as well, and says so.
      this.#stamps.delete(file);
    }
    return true;
  }

  #judge(file: FileId, care: Care): Diagnostic[] {
    const { target, wants, log } = this.#host;
    const document = target.project.document(file);
    if (document === undefined || !wants(file)) return [];
    try {
      return toDiagnostics(target.project.findings(file, care), document, target);
    } catch (error) {
      log(`judging ${file} failed: ${error}`);
      return [];
    }
  }

  #send(file: FileId, diagnostics: Diagnostic[]): void {
    const { documents } = this.#host.target;
    const version = documents.version(file);
    if (diagnostics.length > 0) this.#shown.set(file, diagnostics);
    else this.#shown.delete(file);
    this.#host.send({ uri: documents.uri(file), ...(version === null ? {} : { version }), diagnostics });
  }
}

/** Takes steps and lets messages through between them; gives false if it `isOver` after a break. */
async function inSlices(steps: Iterable<void>, isOver: () => boolean): Promise<boolean> {
  let until = performance.now() + slice;
  for (const _ of steps) {
    if (performance.now() <= until) continue;
    await new Promise<void>((resolve) => RAL().timer.setImmediate(resolve));
    if (isOver()) return false;
    until = performance.now() + slice;
  }
  return true;
}
