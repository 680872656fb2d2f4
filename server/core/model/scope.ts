import type { Directive } from "../syntax/directive.ts";

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
  #byName: Map<string, Entry[]> | undefined;
  #children: readonly Scope[] | undefined;

  constructor(kind: ScopeKind, directive: Directive | undefined, parent: Scope | undefined, via: readonly Directive[]) {
    this.kind = kind;
    this.directive = directive;
    this.parent = parent;
    this.via = via;
  }

  /** Puts the content in place, once it has been expanded. */
  fill(entries: readonly Entry[], unresolved: readonly Directive[]): void {
    this.entries = entries;
    this.unresolved = unresolved;
    this.#byName = undefined;
    this.#children = undefined;
  }

  /** The statements of this name written in this very block. */
  own(name: string): readonly Entry[] {
    if (!this.#byName) {
      this.#byName = new Map();
      for (const entry of this.entries) {
        const known = this.#byName.get(entry.directive.name);
        if (known) known.push(entry);
        else this.#byName.set(entry.directive.name, [entry]);
      }
    }
    return this.#byName.get(name) ?? [];
  }

  /** The names of the statements in this very block. */
  names(): Iterable<string> {
    this.own("");
    return (this.#byName as Map<string, Entry[]>).keys();
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

/** Every scope below a scope, itself included, in nginx's order. */
export function* scopesWithin(root: Scope): Generator<Scope> {
  const stack = [root];
  for (let scope = stack.pop(); scope; scope = stack.pop()) {
    yield scope;
    // One by one: a site can have more servers than a call can have arguments.
    for (const child of scope.children().toReversed()) stack.push(child);
  }
}
