import type { Context } from "../nginx/directives.ts";
import { isBuiltInVariable, looksLikeTemplateName } from "../nginx/variables.ts";
import type { Version } from "../nginx/version.ts";
import type { Directive } from "../syntax/directive.ts";
import type { Document } from "../syntax/document.ts";
import { changedStretch, sameItems } from "./changes.ts";
import { Expansion, type Includes } from "./expand.ts";
import type { IncludeFault } from "./include.ts";
import { type MapBlock, readMap } from "./maps.ts";
import { type Entry, type Scope, scopesWithin } from "./scope.ts";
import { readUpstream, type Upstream } from "./upstream.ts";
import { Definitions, type VariablesBeside, variableName } from "./variables.ts";

/**
 * What every server of a configuration shares. The same object stays in force until something in it changes, so that
 * what was found out about a server under it stays true as well.
 */
export interface Environment {
  readonly root: Document;
  /** What the root file's outermost level stands in: `main` for a whole configuration. */
  readonly context: Context;
  readonly version: Version | undefined;
  readonly scope: Scope;
  /** The level of servers, maps and upstreams; undefined for a fragment that goes inside a server. */
  readonly http: Scope | undefined;
  readonly definitions: Definitions;
  readonly maps: readonly MapBlock[];
  readonly upstreams: ReadonlyMap<string, Upstream>;
  /** The variables (lower case) that Connection headers use, wherever they are defined. */
  readonly connectionVariables: ReadonlySet<string>;
  /** Whether nothing can be defined outside of what was read. */
  readonly isWhole: boolean;
  /** Variables that files define which probably stand beside this fragment in the same `http`. */
  readonly definedBeside: VariablesBeside;
  /** Why an include leads nowhere, as far as that is known. */
  readonly faultOf: (include: Directive) => IncludeFault | undefined;
}

const NO_VARIABLES: VariablesBeside = new Map();

/** What the current environment was made of. */
interface State {
  /** The levels, and what holds for everything in them. */
  readonly frame: readonly unknown[];
  readonly main: readonly Entry[];
  readonly http: readonly Entry[];
  /** How many blocks of the http level hold includes that are not known. */
  readonly incomplete: number;
}

/** A configuration: one root file with everything it includes. Built again after each change, mostly from memory. */
export class Config {
  readonly root: Document;
  private readonly expansion: Expansion;
  private readonly structure: () => number;
  private readonly faultOf: Environment["faultOf"];
  private rootVersion: number;
  private state: State | undefined;
  private current: Environment | undefined;

  /** `structure` gives another number whenever an include may lead elsewhere than before. */
  constructor(
    root: Document,
    includes: Includes,
    structure: () => number = () => 0,
    faultOf: Environment["faultOf"] = () => undefined,
  ) {
    this.faultOf = faultOf;
    this.root = root;
    this.rootVersion = root.version;
    this.expansion = new Expansion(includes);
    this.structure = structure;
  }

  /** Says that the text of one of its documents changed. */
  touch(document: Document): void {
    this.expansion.touch(document);
  }

  /** The includes that bring a document into this configuration. */
  includesOf(document: Document): ReadonlySet<Directive> {
    return this.expansion.includesOf(document);
  }

  /** Reads the documents again where they changed. */
  update(context: Context, version: Version | undefined, definedBeside = NO_VARIABLES): Environment {
    if (this.root.version !== this.rootVersion) this.touch(this.root);
    this.rootVersion = this.root.version;
    const scope = this.expansion.expandFile(this.root, context, this.structure());
    const http = context === "http" ? scope : findHttp(scope);
    const before = this.state;
    const main = http === scope ? [] : scope.entries;
    const entries = http?.entries ?? [];
    const stretch = changedStretch(before?.http ?? [], entries);
    const gone = (before?.http ?? []).slice(stretch.start, stretch.endBefore);
    const fresh = entries.slice(stretch.start, stretch.endAfter);
    const incomplete = (before?.incomplete ?? 0) - countIncomplete(gone) + countIncomplete(fresh);
    const isWhole =
      context === "main" && scope.unresolved.length === 0 && (http?.unresolved.length ?? 0) === 0 && incomplete === 0;
    const frame = [
      scope,
      http,
      context,
      isWhole,
      versionKey(version),
      definedBeside,
      ...scope.unresolved,
      ...(http?.unresolved ?? []),
      // `stream` and `mail`, whose statements are segments of their own.
      ...main.flatMap((entry) => (entry.scope && entry.scope !== http ? [entry.scope.entries] : [])),
    ];
    const isSame =
      before !== undefined &&
      sameItems(before.frame, frame) &&
      (before.main === main || sameItems(keysOf(before.main, http), keysOf(main, http))) &&
      sameItems(keysOf(gone, http), keysOf(fresh, http));
    this.state = { frame, main, http: entries, incomplete };
    if (!isSame || !this.current) this.current = this.describe(context, version, scope, http, isWhole, definedBeside);
    return this.current;
  }

  private describe(
    context: Context,
    version: Version | undefined,
    scope: Scope,
    http: Scope | undefined,
    isWhole: boolean,
    definedBeside: VariablesBeside,
  ): Environment {
    const shared = sharedEntries(scope, http);
    const definitions = new Definitions(definedBeside);
    const upstreams = new Map<string, Upstream>();
    const maps: MapBlock[] = [];
    definitions.addAll(scope);
    for (const { scope: block } of shared) {
      const upstream = block?.kind === "upstream" ? readUpstream(block) : undefined;
      if (upstream) upstreams.set(upstream.name, upstream);
      const map = block?.kind === "data" ? readMap(block) : undefined;
      if (map) maps.push(map);
    }
    const connectionVariables = new Set([...scopesWithin(scope)].flatMap(connectionVariablesIn));
    return {
      root: this.root,
      context,
      version,
      scope,
      http,
      definitions,
      maps,
      upstreams,
      connectionVariables,
      isWhole,
      definedBeside,
      faultOf: this.faultOf,
    };
  }
}

/** What stands beside the servers: everything that can change how a server behaves. */
function sharedEntries(scope: Scope, http: Scope | undefined): readonly Entry[] {
  const outer = http === scope ? [] : scope.entries;
  return [...outer, ...(http?.entries ?? [])].filter((entry) => entry.scope?.kind !== "server" && entry.scope !== http);
}

/** What the environment depends on in some statements: what they are, and of servers what they define for all. */
function keysOf(entries: readonly Entry[], http: Scope | undefined): readonly unknown[] {
  return entries.flatMap(({ directive, scope }) => {
    if (scope?.kind === "server") return contributionsOf(scope);
    return scope === http && scope !== undefined ? [] : [scope ?? directive];
  });
}

function countIncomplete(entries: readonly Entry[]): number {
  let count = 0;
  for (const { scope } of entries) if (scope && hasUnresolved(scope)) count++;
  return count;
}

function findHttp(scope: Scope): Scope | undefined {
  return scope.kind === "main" ? scope.entries.find((entry) => entry.scope?.kind === "http")?.scope : undefined;
}

const contributions = new WeakMap<Scope, { entries: readonly Entry[]; keys: readonly unknown[] }>();

/** What a server defines for the whole configuration: the names of its variables, and its (misplaced) maps. */
function contributionsOf(scope: Scope): readonly unknown[] {
  const known = contributions.get(scope);
  if (known?.entries === scope.entries) return known.keys;
  const definitions = new Definitions();
  definitions.addAll(scope);
  const keys: unknown[] = [...definitions.entries()].flatMap(([name, { others, maps }]) => [
    others.length > 0 ? `other ${name}` : name,
    ...maps.map((map) => map.directive),
  ]);
  for (const inner of scopesWithin(scope)) for (const name of connectionVariablesIn(inner)) keys.push(`uses ${name}`);
  contributions.set(scope, { entries: scope.entries, keys });
  return keys;
}

/** The variables in the Connection headers of one level. */
function connectionVariablesIn(scope: Scope): readonly string[] {
  return scope.own("proxy_set_header").flatMap(({ directive }) => {
    const written = directive.arg(0)?.toLowerCase() === "connection" ? directive.arg(1) : undefined;
    const name = variableName(written);
    return name === undefined || isBuiltInVariable(name) || looksLikeTemplateName(written ?? "") ? [] : [name];
  });
}

const unresolvedCache = new WeakMap<Scope, { entries: readonly Entry[]; found: boolean }>();

function hasUnresolved(scope: Scope): boolean {
  const known = unresolvedCache.get(scope);
  if (known?.entries === scope.entries) return known.found;
  let found = false;
  for (const inner of scopesWithin(scope)) if (inner.unresolved.length > 0) found = true;
  unresolvedCache.set(scope, { entries: scope.entries, found });
  return found;
}

function versionKey(version: Version | undefined): string {
  return version ? `${version.major}.${version.minor}.${version.patch}` : "";
}
