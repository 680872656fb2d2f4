import type { Context } from "../nginx/directives.ts";
import type { Directive } from "../syntax/directive.ts";
import type { Document, Segment } from "../syntax/document.ts";
import { isDataBlock } from "../syntax/parser.ts";
import { type Entry, Scope, type ScopeKind } from "./scope.ts";

/** The files an include directive brings in, in nginx's order; undefined when they are not known. */
export type Includes = (include: Directive) => readonly Document[] | undefined;

/** No chain of includes is followed further than this. */
const MAX_INCLUDE_DEPTH = 64;

/** A configuration that includes itself into more statements than this is not read further. */
const MAX_ENTRIES = 4_000_000;

interface Memo {
  readonly parent: Scope;
  readonly entries: readonly Entry[];
  readonly unresolved: readonly Directive[];
  /** What each include in it led to. */
  readonly included: readonly Inclusion[];
}

/** What an include led to when it was expanded. */
interface Inclusion {
  readonly directive: Directive;
  readonly documents: readonly Document[] | undefined;
  readonly versions: readonly number[];
}

/**
 * Turns documents into scopes: includes are expanded where they stand, blocks become child scopes. What a segment
 * expands to is kept with the segment, so that after an edit only the touched segment is expanded again.
 */
export class Expansion {
  private readonly includes: Includes;
  private readonly memos = new WeakMap<Segment, Memo>();
  private readonly containers = new WeakMap<Segment, Scope>();
  private entryCount = 0;
  /** The includes of the segment that is being expanded. */
  private included: Inclusion[] = [];

  constructor(includes: Includes) {
    this.includes = includes;
  }

  /** The scope of a file's outermost level, which stands in the given context. */
  expandFile(document: Document, context: Context, previous: Scope | undefined): Scope {
    this.entryCount = 0;
    const kind = kindOfContext(context);
    const root = previous?.kind === kind ? previous : new Scope(kind, undefined, undefined, []);
    this.fillFromSegments(
      root,
      document.segments.filter((segment) => !segment.container && segment.kind !== "close"),
    );
    return root;
  }

  private fillFromSegments(scope: Scope, segments: readonly Segment[]): void {
    const entries: Entry[] = [];
    const unresolved: Directive[] = [];
    for (const segment of segments) {
      if (segment.kind === "open") {
        entries.push(this.expandContainer(segment, scope));
        continue;
      }
      const memo = this.expandSegment(segment, scope);
      for (const entry of memo.entries) entries.push(entry);
      for (const include of memo.unresolved) unresolved.push(include);
    }
    scope.fill(entries, unresolved);
  }

  private expandContainer(segment: Segment, parent: Scope): Entry {
    const directive = segment.directives()[0] as Directive;
    let scope = this.containers.get(segment);
    if (!scope || scope.parent !== parent) scope = new Scope(kindOf(directive, parent), directive, parent, []);
    this.containers.set(segment, scope);
    const { document } = segment;
    const inside: Segment[] = [];
    for (let at = segment.index + 1; document.segments[at]?.container === segment; at++) {
      const candidate = document.segments[at] as Segment;
      if (candidate.kind !== "close") inside.push(candidate);
    }
    this.fillFromSegments(scope, inside);
    return { directive, via: [], scope };
  }

  private expandSegment(segment: Segment, parent: Scope): Memo {
    const known = this.memos.get(segment);
    if (known && known.parent === parent && known.included.every((inclusion) => this.isCurrent(inclusion)))
      return known;
    this.included = [];
    const flat = this.flatten(segment.directives(), [], parent);
    const work = [...flat.blocks];
    for (let block = work.pop(); block; block = work.pop()) {
      const { directive, scope } = block;
      const inner = this.flatten(directive.children(), scope.via, scope);
      scope.fill(inner.entries, inner.unresolved);
      for (const inside of inner.blocks) work.push(inside);
    }
    const memo: Memo = { parent, entries: flat.entries, unresolved: flat.unresolved, included: this.included };
    this.memos.set(segment, memo);
    return memo;
  }

  private isCurrent({ directive, documents, versions }: Inclusion): boolean {
    const now = this.includes(directive);
    if (!now || !documents) return now === documents;
    return (
      now.length === documents.length &&
      now.every((document, index) => document === documents[index] && document.version === versions[index])
    );
  }

  /** One level of statements with its includes expanded; the blocks in it are still to be filled. */
  private flatten(directives: readonly Directive[], via: readonly Directive[], parent: Scope) {
    const entries: Entry[] = [];
    const unresolved: Directive[] = [];
    const blocks: { directive: Directive; scope: Scope }[] = [];
    const stack: { directives: readonly Directive[]; at: number; via: readonly Directive[] }[] = [
      { directives, at: 0, via },
    ];
    for (let level = stack.at(-1); level; level = stack.at(-1)) {
      const directive = level.directives[level.at++];
      if (!directive) {
        stack.pop();
        continue;
      }
      if (directive.name === "include" && !directive.isBlock) {
        const documents =
          level.via.length < MAX_INCLUDE_DEPTH && this.entryCount < MAX_ENTRIES ? this.includes(directive) : undefined;
        this.included.push({ directive, documents, versions: documents?.map((document) => document.version) ?? [] });
        if (!documents || documents.some((document) => isCycle(document, directive, level.via))) {
          unresolved.push(directive);
          continue;
        }
        const inner = [...level.via, directive];
        for (const document of documents.toReversed()) {
          stack.push({ directives: document.directives(), at: 0, via: inner });
        }
        continue;
      }
      this.entryCount++;
      const scope = directive.isBlock ? new Scope(kindOf(directive, parent), directive, parent, level.via) : undefined;
      if (scope) blocks.push({ directive, scope });
      entries.push({ directive, via: level.via, scope });
    }
    return { entries, unresolved, blocks };
  }
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
