import { changedStretch } from "./changes.ts";
import type { Entry } from "./scope.ts";

/** What was taken out of a list of statements, and what was put in. */
export interface Difference {
  readonly gone: readonly Entry[];
  readonly fresh: readonly Entry[];
}

/** So many changes are remembered; whoever looks more seldom has to compare everything. */
const MAX_CHANGES = 64;

/**
 * The statements of a level that changes again and again, and its last changes. The list is changed where it is: to copy
 * thousands of statements for each edit takes longer than all the rest of the edit.
 */
export class History {
  private list: Entry[];
  private readonly changes: Difference[] = [];
  /** The version after which the first of the changes was made. */
  private first = 0;
  /** Where the last patch was: the next one is likely to be there too. */
  private at = 0;
  /** Whether it is newer than the last copy. */
  isAhead = false;

  constructor(entries: readonly Entry[]) {
    this.list = [...entries];
  }

  /** How many statements there are. */
  get size(): number {
    return this.list.length;
  }

  /** How often something changed. */
  get version(): number {
    return this.first + this.changes.length;
  }

  /** The statements as they are now. */
  copy(): readonly Entry[] {
    return this.list.slice();
  }

  /** Takes other statements, and says in what they differ. */
  replace(entries: readonly Entry[]): Difference {
    const { start, endBefore, endAfter } = changedStretch(this.list, entries);
    const change = { gone: this.list.slice(start, endBefore), fresh: entries.slice(start, endAfter) };
    this.list = [...entries];
    this.note(change);
    return change;
  }

  /** Puts some statements in the place of others that stand beside each other; false where they are not there. */
  patch(gone: readonly Entry[], fresh: readonly Entry[]): boolean {
    const [first] = gone;
    if (!first) return false;
    const at = this.list[this.at] === first ? this.at : this.list.indexOf(first);
    if (at < 0 || gone.some((entry, index) => this.list[at + index] !== entry)) return false;
    if (gone.length === fresh.length) for (const [index, entry] of fresh.entries()) this.list[at + index] = entry;
    else if (fresh.length < 1000) this.list.splice(at, gone.length, ...fresh);
    else this.list = [...this.list.slice(0, at), ...fresh, ...this.list.slice(at + gone.length)];
    this.at = at;
    this.note({ gone, fresh });
    return true;
  }

  /** What changed in all since a version; undefined when that is forgotten. */
  changesSince(version: number): Difference | undefined {
    if (version < this.first || version > this.version) return undefined;
    const gone = new Set<Entry>();
    const fresh = new Set<Entry>();
    for (const change of this.changes.slice(version - this.first)) {
      for (const entry of change.gone) if (!fresh.delete(entry)) gone.add(entry);
      for (const entry of change.fresh) if (!gone.delete(entry)) fresh.add(entry);
    }
    return { gone: [...gone], fresh: [...fresh] };
  }

  private note(change: Difference): void {
    this.isAhead = true;
    this.changes.push(change);
    if (this.changes.length <= MAX_CHANGES) return;
    this.changes.shift();
    this.first++;
  }
}
