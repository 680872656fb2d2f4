import type { FileId } from "../core/index.ts";

/** Searches folders for whole configurations; ends early once nobody waits for it. */
export type FindRoots = (
  folders: readonly FileId[],
  cancellation: { isCancelled: boolean },
) => Promise<readonly FileId[]>;

/**
 * Milliseconds that the first diagnostics wait for a search: what is said about a part of a configuration without the
 * rest of it may be wrong. What is found later is taken in then.
 */
const patience = 3000;
/** The same where an earlier search has found something to go by. */
const shortPatience = 200;

/** The whole configurations of the workspace, looked for when the first file is judged, and never without a workspace. */
export class Roots {
  readonly #find: FindRoots | undefined;
  /** Reads what they include, as far as anybody will ask for it. */
  readonly #read: (roots: readonly FileId[]) => Promise<void>;
  /** Called when a search has ended that somebody did without. */
  readonly #late: () => void;
  #folders: readonly FileId[] = [];
  #known: readonly FileId[] | undefined;
  /** What the search before this one has found. */
  #before: readonly FileId[] | undefined;
  #started = 0;
  /** Whether somebody was answered before a search had ended. */
  #wasMissed = false;
  #search: Promise<void> | undefined;
  #cancellation = { isCancelled: false };

  constructor(find: FindRoots | undefined, read: (roots: readonly FileId[]) => Promise<void>, late: () => void) {
    this.#find = find;
    this.#read = read;
    this.#late = late;
  }

  /** Looks in these folders from now on. */
  follow(folders: readonly FileId[]): void {
    this.#folders = folders;
    this.forget();
    this.#before = undefined;
  }

  /** Searches again when it is asked the next time: files came or went. */
  forget(): void {
    this.#cancellation.isCancelled = true;
    this.#before = this.#known ?? this.#before;
    this.#known = undefined;
    this.#search = undefined;
  }

  /** What is known by now, after a short wait for a search. */
  async candidates(): Promise<readonly FileId[]> {
    const find = this.#find;
    if (find === undefined || this.#folders.length === 0) return [];
    for (;;) {
      if (this.#known !== undefined) return this.#known;
      this.#search ??= this.#look(find);
      const search = this.#search;
      await this.#waitFor(search);
      // Another search may have begun meanwhile: what this one found counts no more.
      if (search !== this.#search || this.#known !== undefined) continue;
      this.#wasMissed = true;
      return this.#before ?? [];
    }
  }

  async #waitFor(search: Promise<void>): Promise<void> {
    const left = this.#started + (this.#before ? shortPatience : patience) - performance.now();
    if (left <= 0) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const enough = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, left);
    });
    await Promise.race([search, enough]);
    clearTimeout(timer);
  }

  async #look(find: FindRoots): Promise<void> {
    const cancellation = { isCancelled: false };
    this.#cancellation = cancellation;
    this.#started = performance.now();
    // Parts are judged by themselves if the folders cannot be searched.
    const found = await find(this.#folders, cancellation).catch((): readonly FileId[] => []);
    if (cancellation.isCancelled) return;
    await this.#read(found).catch(() => {});
    if (cancellation.isCancelled) return;
    this.#known = found;
    const wasMissed = this.#wasMissed;
    this.#wasMissed = false;
    if (wasMissed && (found.length > 0 || (this.#before?.length ?? 0) > 0)) this.#late();
  }
}
