import type { Directive } from "../syntax/directive.ts";
import { type Difference, History } from "./history.ts";

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

const NONE: readonly Entry[] = [];

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
  /** Includes in this block whose files are not known. */
  unresolved: readonly Directive[] = [];
  #entries: readonly Entry[] = NONE;
  /** What a level that was filled again went through. */
  #history: History | undefined;
  #byName: Map<string, Named> | undefined;
  #children: readonly Scope[] | undefined;

  constructor(kind: ScopeKind, directive: Directive | undefined, parent: Scope | undefined, via: readonly Directive[]) {
    this.kind = kind;
    this.directive = directive;
    this.parent = parent;
    this.via = via;
  }

  /** Everything in the block, in nginx's order. Of a level with thousands of statements whoever asks gets a copy. */
  get entries(): readonly Entry[] {
    if (this.#history?.isAhead) {
      this.#entries = this.#history.copy();
      this.#history.isAhead = false;
    }
    return this.#entries;
  }

  /** How many statements are in the block. */
  get size(): number {
    return this.#history?.size ?? this.#entries.length;
  }

  /** Another number whenever something else is in the block. */
  get version(): number {
    return this.#history?.version ?? 0;
  }

  /** What was taken out and put in since a version, each in no particular order; undefined when that is forgotten. */
  changesSince(version: number): Difference | undefined {
    if (version === this.version) return NO_DIFFERENCE;
    return this.#history?.changesSince(version);
  }

  /** Puts the content in place, once it has been expanded. */
  fill(entries: readonly Entry[], unresolved: readonly Directive[]): void {
    this.unresolved = unresolved;
    this.#children = undefined;
    if (this.#entries === NONE) {
      this.#entries = entries;
      this.#byName = undefined;
      return;
    }
    this.#history ??= new History(this.#entries);
    this.#recount(this.#history.replace(entries));
  }

  /**
   * Puts some statements in the place of others that stand beside each other, at a cost that does not depend on how
   * many there are beside them; false where they are not there.
   */
  patch(gone: readonly Entry[], fresh: readonly Entry[]): boolean {
    if (gone.length === 0) return false;
    this.#history ??= new History(this.#entries);
    if (!this.#history.patch(gone, fresh)) return false;
    this.#children = undefined;
    this.#recount({ gone, fresh });
    return true;
  }

  /** Keeps the index of a long level: an edit of one of its servers leaves the rest of the index as it is. */
  #recount({ gone, fresh }: Difference): void {
    if (this.size < LONG) this.#byName = undefined;
    if (!this.#byName) return;
    for (const { directive } of gone) count(this.#byName, directive.name, -1);
    for (const { directive } of fresh) count(this.#byName, directive.name, 1);
  }

  /** The statements of this name written in this very block. */
  own(name: string): readonly Entry[] {
    if (this.size <= SHORT) return statementsOf(this.entries, name);
    this.#byName ??= index(this.entries);
    const known = this.#byName.get(name);
    if (!known) return NONE;
    known.entries ??= statementsOf(this.entries, name);
    return known.entries;
  }

  /** The names of the statements in this very block. */
  *names(): Generator<string> {
    if (this.size <= SHORT) {
      yield* new Set(this.entries.map(({ directive }) => directive.name));
      return;
    }
    this.#byName ??= index(this.entries);
    const names = this.#byName.keys();
    // What a long level changed since it was read must not show in the order.
    yield* this.size < LONG ? names : [...names].sort();
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

const NO_DIFFERENCE: Difference = { gone: [], fresh: [] };
/** The index of a level with so many statements is kept when some of them change. */
const LONG = 100;

/** How many statements of a level have a name, and which, once somebody asked. */
interface Named {
  count: number;
  entries: readonly Entry[] | undefined;
}

function count(byName: Map<string, Named>, name: string, difference: number): void {
  const known = byName.get(name);
  const sum = (known?.count ?? 0) + difference;
  if (sum > 0) byName.set(name, { count: sum, entries: undefined });
  else byName.delete(name);
}

function index(entries: readonly Entry[]): Map<string, Named> {
  const byName = new Map<string, Entry[]>();
  for (const entry of entries) {
    const known = byName.get(entry.directive.name);
    if (known) known.push(entry);
    else byName.set(entry.directive.name, [entry]);
  }
  return new Map([...byName].map(([name, own]) => [name, { count: own.length, entries: own }]));
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
