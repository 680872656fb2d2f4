import type { FileId } from "../core/index.ts";

/** Searches folders for whole configurations; ends early once nobody waits for it. */
export type FindRoots = (
  folders: readonly FileId[],
  cancellation: { isCancelled: boolean },
) => Promise<readonly FileId[]>;

/** Milliseconds that the first diagnostics wait for a search; what is found later is taken in then. */
const patience = 200;

/** The whole configurations of the workspace, looked for when the first file is judged, and never without a workspace. */
export class Roots {
  readonly #find: FindRoots | undefined;
  /** Called when a search that nobody waited for has ended. */
  readonly #late: () => void;
  #folders: readonly FileId[] = [];
  #known: readonly FileId[] | undefined;
  #search: Promise<void> | undefined;
  #cancellation = { isCancelled: false };

  constructor(find: FindRoots | undefined, late: () => void) {
    this.#find = find;
    this.#late = late;
  }

  /** Looks in these folders from now on. */
  follow(folders: readonly FileId[]): void {
    this.#folders = folders;
    this.forget();
  }

  /** Searches again when it is asked the next time: files came or went. */
  forget(): void {
    this.#cancellation.isCancelled = true;
    this.#known = undefined;
    this.#search = undefined;
  }

  /** What is known by now, after a short wait for a search. */
  async candidates(): Promise<readonly FileId[]> {
    const find = this.#find;
    if (find === undefined || this.#folders.length === 0) return [];
    if (this.#known !== undefined) return this.#known;
    this.#search ??= this.#look(find);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const enough = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patience);
    });
    await Promise.race([this.#search, enough]);
    clearTimeout(timer);
    return this.#known ?? [];
  }

  async #look(find: FindRoots): Promise<void> {
    const cancellation = { isCancelled: false };
    this.#cancellation = cancellation;
    const start = performance.now();
    const found = await find(this.#folders, cancellation);
    if (cancellation.isCancelled) return;
    this.#known = found;
    if (found.length > 0 && performance.now() - start > patience) this.#late();
  }
}
