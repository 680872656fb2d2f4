import type { Directive } from "../syntax/directive.ts";
import type { Document, Segment } from "../syntax/document.ts";
import { isOpenAtTop } from "../syntax/template.ts";
import type { Brought } from "./expand.ts";
import type { Entry, Scope } from "./scope.ts";

/** An include directly at the level of a file or in its `http`, and what it brings. */
export interface Inclusion {
  readonly directive: Directive;
  /** The includes that what it brings came through: this one is the last. */
  readonly via: readonly Directive[];
  /** Undefined when that is not known. */
  brought: Brought | undefined;
  levels: readonly Level[];
}

/** An include inside a block, and what it led to when the block was expanded. */
export interface NestedInclude {
  readonly directive: Directive;
  readonly via: readonly Directive[];
  readonly brought: Brought | undefined;
}

/** Whether all statements that an include brings are known, and a template adds none and leaves none out. */
export function isKnown(brought: Brought | undefined): boolean {
  return brought?.isAll === true && !brought.documents.some(isOpenAtTop);
}

/** Statements of a segment, or an include among them. */
export type Part = { readonly entries: readonly Entry[] } | { readonly inclusion: Inclusion };

/** What one segment expands to in one place. */
export class Piece {
  readonly segment: Segment;
  readonly outer: Level;
  parts: readonly Part[] = [];
  /** The includes in its blocks. */
  nested: NestedInclude[] = [];
  /** The inside of `http`, `stream` or `mail`, if the segment is the head of one. */
  container: Level | undefined;
  /** Whether it has to be expanded again itself. */
  isSpoilt = true;
  /** The levels inside it in which something has to be expanded again. */
  readonly stale = new Set<Level>();
  /** Whether its includes lead elsewhere since it was collected. */
  isChanged = false;

  constructor(segment: Segment, outer: Level) {
    this.segment = segment;
    this.outer = outer;
  }

  /** Its includes, inside of blocks, that bring a document. */
  includesOf(document: Document): readonly Directive[] {
    return this.nested.filter(({ brought }) => brought?.documents.includes(document)).map(({ directive }) => directive);
  }

  /** The includes that stand outside its blocks. */
  *inclusions(): Generator<Inclusion> {
    for (const part of this.parts) if ("inclusion" in part) yield part.inclusion;
  }

  /** Adds everything in it, with what its files include, in nginx's order. */
  collect(entries: Entry[], unresolved: Directive[]): void {
    for (const part of this.parts) {
      if ("entries" in part) {
        for (const entry of part.entries) entries.push(entry);
        continue;
      }
      if (!isKnown(part.inclusion.brought)) unresolved.push(part.inclusion.directive);
      for (const level of part.inclusion.levels) {
        for (const piece of level.pieces) piece.collect(entries, unresolved);
      }
    }
  }

  /** The levels inside it. */
  *levels(): Generator<Level> {
    if (this.container) yield this.container;
    for (const { levels } of this.inclusions()) yield* levels;
  }
}

/** The statements of one level of a file in one place: its outermost ones, or those in its `http`, `stream` or `mail`. */
export class Level {
  readonly document: Document;
  /** Where the statements go: the scope of the level, or that of the include which brings the file. */
  readonly scope: Scope;
  readonly via: readonly Directive[];
  readonly outer: Piece | undefined;
  /** The head of the block whose inside this is. */
  readonly container: Segment | undefined;
  pieces: readonly Piece[] = [];
  /** Whether a template decided about statements directly in the file when its segments were looked at. */
  isOpen = false;
  /** Whether the document changed since its segments were looked at. */
  isSpoilt = true;
  /** The pieces in which something has to be expanded again. */
  readonly stale = new Set<Piece>();
  /** What is new since its scope was filled, if it has one of its own. */
  readonly patches: Patch[] = [];

  constructor(
    document: Document,
    scope: Scope,
    via: readonly Directive[],
    outer: Piece | undefined,
    container: Segment | undefined,
  ) {
    this.document = document;
    this.scope = scope;
    this.via = via;
    this.outer = outer;
    this.container = container;
  }

  /** The include that brings it. */
  includesOf(_document: Document): readonly Directive[] {
    return this.via.slice(-1);
  }

  /** The segments of this level as they are now. */
  segments(): readonly Segment[] {
    const { container, document } = this;
    return document.segments.filter((segment) => segment.container === container && segment.kind !== "close");
  }
}

/** Pieces that take the place of others in what a scope holds. */
export interface Patch {
  readonly gone: readonly Entry[];
  readonly goneUnresolved: readonly Directive[];
  readonly fresh: readonly Piece[];
}

/** Describes what takes the place of some pieces, before they are let go of. */
export function patchOf(before: readonly Piece[], fresh: readonly Piece[]): Patch {
  const gone: Entry[] = [];
  const goneUnresolved: Directive[] = [];
  for (const piece of before) piece.collect(gone, goneUnresolved);
  return { gone, goneUnresolved, fresh };
}

/** Puts what a level and the files included in it hold into its scope. */
export function fillScope({ scope, pieces }: Level, patches: readonly Patch[]): void {
  const [patch, ...others] = patches;
  if (patch && others.length === 0 && patchScope(scope, patch)) return;
  const entries: Entry[] = [];
  const unresolved: Directive[] = [];
  for (const piece of pieces) piece.collect(entries, unresolved);
  scope.fill(entries, unresolved);
}

/** To collect thousands of files again takes longer than to change what there is. */
function patchScope(scope: Scope, { gone, goneUnresolved, fresh }: Patch): boolean {
  const entries: Entry[] = [];
  const unresolved: Directive[] = [];
  for (const piece of fresh) piece.collect(entries, unresolved);
  return goneUnresolved.length === 0 && unresolved.length === 0 && scope.patch(gone, entries);
}

/** Says that something has to be expanded again, and so everything around it has to be looked at. */
export function markStale(node: Level | Piece): void {
  for (let at: Level | Piece | undefined = node; at; at = at.outer) {
    if (at instanceof Piece) at.outer.stale.add(at);
    else at.outer?.stale.add(at);
  }
}
