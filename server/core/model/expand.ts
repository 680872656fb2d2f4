import type { Context } from "../nginx/directives.ts";
import type { Directive } from "../syntax/directive.ts";
import type { Document, Segment } from "../syntax/document.ts";
import { isDataBlock } from "../syntax/parser.ts";
import { isOpenAtTop } from "../syntax/template.ts";
import { sameItems } from "./changes.ts";
import { fillScope, type Inclusion, isKnown, Level, markStale, type Patch, Piece, patchOf } from "./expansion-tree.ts";
import { type Entry, Scope, type ScopeKind } from "./scope.ts";

/** What an include directive brings in. */
export interface Brought {
  /** The files, in nginx's order. */
  readonly documents: readonly Document[];
  /** Whether these are all. */
  readonly isAll: boolean;
}

/** Says what an include brings in; undefined when that is not known. */
export type Includes = (include: Directive) => Brought | undefined;

/** No chain of includes is followed further than this. */
const MAX_INCLUDE_DEPTH = 64;

/** A configuration that includes itself into more statements and files than this is not read further. */
const MAX_ENTRIES = 4_000_000;

/**
 * Turns documents into scopes: includes are expanded where they stand, blocks become child scopes. What a segment
 * expands to is kept, in each place that a file is included in, so that after an edit only the touched segment is
 * expanded again. A file that is included inside a block belongs to the segment of that block.
 */
export class Expansion {
  private readonly includes: Includes;
  /** What has to be looked at again when a document changes. */
  private readonly dependents = new Map<Document, Set<Level | Piece>>();
  private root: Level | undefined;
  private structure = -1;
  private entryCount = 0;
  /** Counts how often the expansion was begun: steps that somebody broke off are not gone on with. */
  private run = 0;
  private isFinished = true;

  constructor(includes: Includes) {
    this.includes = includes;
  }

  /** Says that the text of a document changed. */
  touch(document: Document): void {
    for (const node of this.dependents.get(document) ?? []) {
      node.isSpoilt = true;
      markStale(node);
    }
  }

  /** The includes that bring a document here. */
  includesOf(document: Document): ReadonlySet<Directive> {
    const found = new Set<Directive>();
    for (const node of this.dependents.get(document) ?? []) {
      for (const include of node.includesOf(document)) found.add(include);
    }
    return found;
  }

  /**
   * The scope of a file's outermost level, which stands in the given context. As long as `structure` stays the same,
   * includes lead to the same files.
   */
  expandFile(document: Document, context: Context, structure: number): Scope {
    const steps = this.expand(document, context, structure);
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
    }
  }

  /**
   * The same step by step. Whoever asks may take a break after each step, or never come back: whoever asks next goes on
   * from there. Only the scope given at the end is whole.
   */
  *expand(document: Document, context: Context, structure: number): Generator<void, Scope> {
    const run = ++this.run;
    const isFull = this.entryCount >= MAX_ENTRIES;
    if (this.isFinished) this.entryCount = 0;
    this.isFinished = false;
    const kind = kindOfContext(context);
    if (this.root?.document !== document || this.root.scope.kind !== kind || (isFull && structure !== this.structure)) {
      this.dependents.clear();
      this.root = this.createLevel(document, new Scope(kind, undefined, undefined, []), [], undefined);
    } else if (structure !== this.structure) this.followAgain(this.root);
    this.structure = structure;
    const { root } = this;
    for (const _ of this.updateOwn(root)) {
      yield;
      if (run !== this.run) return root.scope;
    }
    this.isFinished = true;
    return root.scope;
  }

  private createLevel(
    document: Document,
    scope: Scope,
    via: readonly Directive[],
    outer: Piece | undefined,
    container?: Segment,
  ): Level {
    this.entryCount++;
    const level = new Level(document, scope, via, outer, container);
    this.register(document, level);
    outer?.stale.add(level);
    return level;
  }

  private unregister(document: Document, node: Level | Piece): void {
    const known = this.dependents.get(document);
    known?.delete(node);
    if (known?.size === 0) this.dependents.delete(document);
  }

  private register(document: Document, node: Level | Piece): void {
    const known = this.dependents.get(document);
    if (known) known.add(node);
    else this.dependents.set(document, new Set([node]));
  }

  /** Brings a level with a scope of its own up to date; gives whether something is new in it. */
  private *updateOwn(level: Level): Generator<void, boolean> {
    yield* this.update(level, level.patches);
    const patches = level.patches.splice(0);
    if (patches.length > 0) fillScope(level, patches);
    return patches.length > 0;
  }

  /** Brings a level up to date and notes what is new for the scope that its statements go to. */
  private *update(level: Level, patches: Patch[]): Generator<void> {
    if (level.isSpoilt) this.cutAgain(level, patches);
    for (const piece of level.stale) {
      yield* this.updatePiece(piece, patches);
      level.stale.delete(piece);
    }
  }

  /** Makes pieces for the segments that are new. */
  private cutAgain(level: Level, patches: Patch[]): void {
    level.isSpoilt = false;
    const wasOpen = level.isOpen;
    level.isOpen = isOpenAtTop(level.document);
    // Whether the level around it is known changes with it, and that no list of statements says.
    if (level.isOpen !== wasOpen) patches.push(patchOf([], []));
    const before = level.pieces;
    const segments = level.segments();
    const shorter = Math.min(before.length, segments.length);
    let head = 0;
    while (head < shorter && before[head]?.segment === segments[head]) head++;
    let tail = 0;
    while (tail < shorter - head && before.at(-1 - tail)?.segment === segments.at(-1 - tail)) tail++;
    if (before.length === segments.length && head + tail === segments.length) return;
    const fresh = segments.slice(head, segments.length - tail).map((segment) => new Piece(segment, level));
    const gone = before.slice(head, before.length - tail);
    patches.push(patchOf(gone, fresh));
    for (const piece of gone) {
      this.forget(piece);
      level.stale.delete(piece);
    }
    for (const piece of fresh) level.stale.add(piece);
    level.pieces = [...before.slice(0, head), ...fresh, ...before.slice(before.length - tail)];
  }

  private *updatePiece(piece: Piece, patches: Patch[]): Generator<void> {
    if (piece.isSpoilt) {
      // What was never expanded is new anyway.
      if (piece.parts.length > 0) patches.push(patchOf([piece], [piece]));
      piece.isSpoilt = false;
      this.forget(piece);
      if (piece.segment.kind === "open") this.openContainer(piece);
      else this.expandSegment(piece);
      yield;
    } else if (piece.isChanged) patches.push(patchOf([], [piece]));
    piece.isChanged = false;
    for (const level of piece.stale) {
      if (!level.container) yield* this.update(level, patches);
      // Whoever remembers the block has to look at it again: of another http than the first one, of stream.
      else if (yield* this.updateOwn(level)) patches.push(renewEntry(piece, level));
      piece.stale.delete(level);
    }
  }

  private openContainer(piece: Piece): void {
    const { scope: parent, via, document } = piece.outer;
    const directive = piece.segment.directives()[0] as Directive;
    const scope = new Scope(kindOf(directive, parent), directive, parent, via);
    piece.container = this.createLevel(document, scope, via, piece, piece.segment);
    piece.parts = [{ entries: [{ directive, via, scope }] }];
  }

  private expandSegment(piece: Piece): void {
    const { scope: parent, via } = piece.outer;
    const work: Scope[] = [];
    let entries: Entry[] = [];
    const parts: (typeof piece.parts)[number][] = [{ entries }];
    for (const directive of piece.segment.directives()) {
      if (isInclude(directive)) {
        const inclusion: Inclusion = { directive, via: [...via, directive], brought: undefined, levels: [] };
        this.follow(inclusion, piece);
        entries = [];
        parts.push({ inclusion }, { entries });
        continue;
      }
      entries.push(this.enter(directive, via, parent, work));
    }
    for (let scope = work.pop(); scope; scope = work.pop()) {
      this.fillBlock(scope, piece, work);
    }
    piece.parts = parts.filter((part) => !("entries" in part) || part.entries.length > 0);
  }

  private enter(directive: Directive, via: readonly Directive[], parent: Scope, work: Scope[]): Entry {
    this.entryCount++;
    const scope = directive.isBlock ? new Scope(kindOf(directive, parent), directive, parent, via) : undefined;
    if (scope) work.push(scope);
    return { directive, via, scope };
  }

  /** One block with its includes expanded; the blocks in it are still to be filled. */
  private fillBlock(scope: Scope, piece: Piece, work: Scope[]): void {
    const entries: Entry[] = [];
    const unresolved: Directive[] = [];
    const inner: Scope[] = [];
    const stack = [{ directives: (scope.directive as Directive).children(), at: 0, via: scope.via }];
    for (let level = stack.at(-1); level; level = stack.at(-1)) {
      const directive = level.directives[level.at++];
      if (!directive) {
        stack.pop();
        continue;
      }
      if (!isInclude(directive)) {
        entries.push(this.enter(directive, level.via, scope, inner));
        continue;
      }
      const brought = this.lookUp(directive, level.via);
      piece.nested.push({ directive, via: level.via, brought });
      if (!isKnown(brought)) unresolved.push(directive);
      const via = [...level.via, directive];
      for (const document of brought?.documents.toReversed() ?? []) {
        this.entryCount++;
        this.register(document, piece);
        stack.push({ directives: document.directives(), at: 0, via });
      }
    }
    scope.fill(entries, unresolved);
    for (const block of inner) work.push(block);
  }

  /** Finds out where an include leads; the files it led to before keep what they were expanded to. */
  private follow(inclusion: Inclusion, piece: Piece): void {
    const { directive, via } = inclusion;
    const before = new Map<Document, Level[]>();
    for (const level of inclusion.levels) {
      const known = before.get(level.document);
      if (known) known.push(level);
      else before.set(level.document, [level]);
    }
    inclusion.brought = this.lookUp(directive, piece.outer.via);
    inclusion.levels = (inclusion.brought?.documents ?? []).map(
      (document) => before.get(document)?.shift() ?? this.createLevel(document, piece.outer.scope, via, piece),
    );
    for (const levels of before.values()) {
      for (const level of levels) {
        this.forgetLevel(level);
        piece.stale.delete(level);
      }
    }
  }

  private lookUp(include: Directive, via: readonly Directive[]): Brought | undefined {
    if (via.length >= MAX_INCLUDE_DEPTH || this.entryCount >= MAX_ENTRIES) return undefined;
    const brought = this.includes(include);
    return brought?.documents.some((document) => isCycle(document, include, via)) ? undefined : brought;
  }

  /** Asks all includes again where they lead. */
  private followAgain(root: Level): void {
    const work = [root];
    for (let level = work.pop(); level; level = work.pop()) {
      for (const piece of level.pieces) {
        if (piece.nested.some(({ directive, via, brought }) => !isSame(this.lookUp(directive, via), brought))) {
          piece.isSpoilt = true;
          markStale(piece);
          continue;
        }
        for (const inclusion of piece.inclusions()) {
          const before = inclusion.brought;
          if (isSame(this.lookUp(inclusion.directive, level.via), before)) continue;
          this.follow(inclusion, piece);
          piece.isChanged = true;
          markStale(piece);
        }
        for (const inner of piece.levels()) work.push(inner);
      }
    }
  }

  /** Lets go of what a piece was expanded to. */
  private forget(piece: Piece): void {
    for (const { brought } of piece.nested)
      for (const document of brought?.documents ?? []) this.unregister(document, piece);
    piece.nested = [];
    piece.stale.clear();
    for (const level of piece.levels()) this.forgetLevel(level);
    piece.parts = [];
    piece.container = undefined;
  }

  private forgetLevel(level: Level): void {
    this.unregister(level.document, level);
    for (const piece of level.pieces) this.forget(piece);
  }
}

/** Gives the block of a container another entry, because there is something else in it. */
function renewEntry(piece: Piece, { scope, via }: Level): Patch {
  const before = patchOf([piece], [piece]);
  piece.parts = [{ entries: [{ directive: scope.directive as Directive, via, scope }] }];
  return before;
}

function isInclude(directive: Directive): boolean {
  return directive.name === "include" && !directive.isBlock;
}

function isSame(left: Brought | undefined, right: Brought | undefined): boolean {
  if (!left || !right) return left === right;
  return left.isAll === right.isAll && sameItems(left.documents, right.documents);
}

function isCycle(document: Document, include: Directive, via: readonly Directive[]): boolean {
  return include.segment.document === document || via.some((outer) => outer.segment.document === document);
}

function kindOfContext(context: Context): ScopeKind {
  if (
    context === "main" ||
    context === "http" ||
    context === "server" ||
    context === "location" ||
    context === "upstream"
  )
    return context;
  return "other";
}

function kindOf(directive: Directive, parent: Scope): ScopeKind {
  const { name } = directive;
  if (parent.kind === "other") return "other";
  if (
    name === "http" ||
    name === "server" ||
    name === "location" ||
    name === "if" ||
    name === "limit_except" ||
    name === "upstream"
  )
    return name;
  return isDataBlock(name) ? "data" : "other";
}
