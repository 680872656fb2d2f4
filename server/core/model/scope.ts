import type { Directive } from "../syntax/directive.ts";
import { changedStretch } from "./changes.ts";

/** Where a scope stands: nginx's contexts, as far as inheritance cares. */
export type ScopeKind = "main" | "http" | "server" | "location" | "if" | "limit_except" | "upstream" | "data" | "other";

/** One statement of a scope, after includes: where it is written and how it got here. */
export interface Entry {
  readonly directive: Directive;
  /** The include directives it came through, outermost first. */
  readonly via: readonly Directive[];
  /** Its block, if it opens one. */
  readonly scope: Scope | undefined;
}

/** Up to here a look through the statements costs less than an index of them, which every block would have to keep. */
const SHORT = 16;

function statementsOf(entries: readonly Entry[], name: string): readonly Entry[] {
  let found: Entry[] | undefined;
  for (const entry of entries) {
    if (entry.directive.name !== name) continue;
    if (found) found.push(entry);
    else found = [entry];
  }
  return found ?? NONE;
}

/** A block of the configuration with its includes expanded. The same directive may stand in several scopes. */
export class Scope {
  readonly kind: ScopeKind;
  /** The directive that opens the block; undefined for a file's top level. */
  readonly directive: Directive | undefined;
  readonly parent: Scope | undefined;
  /** How the block itself got here through includes. */
  readonly via: readonly Directive[];
  /** Everything in the block, in nginx's order. */
  entries: readonly Entry[] = [];
  /** Includes in this block whose files are not known. */
  unresolved: readonly Directive[] = [];
  #byName: Map<string, readonly Entry[] | "some" | "unknown"> | undefined;
  #children: readonly Scope[] | undefined;

  constructor(kind: ScopeKind, directive: Directive | undefined, parent: Scope | undefined, via: readonly Directive[]) {
    this.kind = kind;
    this.directive = directive;
    this.parent = parent;
    this.via = via;
  }

  /** Puts the content in place, once it has been expanded. */
  fill(entries: readonly Entry[], unresolved: readonly Directive[]): void {
    if (entries.length < LONG) this.#byName = undefined;
    else if (this.#byName) {
      const { start, endBefore, endAfter } = changedStretch(this.entries, entries);
      // A site has thousands of servers and few other statements: an edit of one leaves the rest of the index as it is.
      for (let at = start; at < endBefore; at++) this.#byName.set(nameAt(this.entries, at), "unknown");
      for (let at = start; at < endAfter; at++) this.#byName.set(nameAt(entries, at), "some");
    }
    this.entries = entries;
    this.unresolved = unresolved;
    this.#children = undefined;
  }

  /** The statements of this name written in this very block. */
  own(name: string): readonly Entry[] {
    if (this.entries.length <= SHORT) return statementsOf(this.entries, name);
    this.#byName ??= index(this.entries);
    const known = this.#byName.get(name);
    if (typeof known !== "string") return known ?? NONE;
    const found = this.entries.filter(({ directive }) => directive.name === name);
    if (found.length > 0) this.#byName.set(name, found);
    else this.#byName.delete(name);
    return found;
  }

  /** The names of the statements in this very block. */
  *names(): Generator<string> {
    if (this.entries.length <= SHORT) {
      yield* new Set(this.entries.map(({ directive }) => directive.name));
      return;
    }
    this.#byName ??= index(this.entries);
    // What a long level changed since it was read must not show in the order.
    const byName = this.entries.length < LONG ? this.#byName : [...this.#byName].sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [name, known] of byName) if (known !== "unknown" || this.own(name).length > 0) yield name;
  }

  /** The blocks in this block. */
  children(): readonly Scope[] {
    this.#children ??= this.entries.flatMap((entry) => entry.scope ?? []);
    return this.#children;
  }

  /** This scope, then its parent, and so on outwards. */
  *outwards(): Generator<Scope> {
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) yield scope;
  }

  /** The nearest scope of a kind, this one included. */
  nearest(kind: ScopeKind): Scope | undefined {
    for (const scope of this.outwards()) if (scope.kind === kind) return scope;
    return undefined;
  }
}

const NONE: readonly Entry[] = [];
/** The index of a level with so many statements is kept when some of them change. */
const LONG = 1000;

function nameAt(entries: readonly Entry[], at: number): string {
  return (entries[at] as Entry).directive.name;
}

function index(entries: readonly Entry[]): Map<string, readonly Entry[] | "some" | "unknown"> {
  const byName = new Map<string, Entry[]>();
  for (const entry of entries) {
    const known = byName.get(entry.directive.name);
    if (known) known.push(entry);
    else byName.set(entry.directive.name, [entry]);
  }
  return byName;
}

/** Every scope below a scope, itself included, in nginx's order. */
export function* scopesWithin(root: Scope): Generator<Scope> {
  const stack = [root];
  for (let scope = stack.pop(); scope; scope = stack.pop()) {
    yield scope;
    // One by one: a site can have more servers than a call can have arguments.
    for (const child of scope.children().toReversed()) stack.push(child);
  }
}
