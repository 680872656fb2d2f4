import type { Context } from "../nginx/directives.ts";
import { isBuiltInVariable } from "../nginx/variables.ts";
import type { Version } from "../nginx/version.ts";
import type { Document } from "../syntax/document.ts";
import { Expansion, type Includes } from "./expand.ts";
import { type MapBlock, readMap } from "./maps.ts";
import { type Entry, type Scope, scopesWithin } from "./scope.ts";
import { readUpstream, type Upstream } from "./upstream.ts";
import { Definitions, variableName } from "./variables.ts";

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
}

/** A configuration: one root file with everything it includes. Built again after each change, mostly from memory. */
export class Config {
  readonly root: Document;
  private readonly expansion: Expansion;
  private scope: Scope | undefined;
  private signature: readonly unknown[] = [];
  private current: Environment | undefined;

  constructor(root: Document, includes: Includes) {
    this.root = root;
    this.expansion = new Expansion(includes);
  }

  /** Reads the documents again where they changed. */
  update(context: Context, version: Version | undefined): Environment {
    this.scope = this.expansion.expandFile(this.root, context, this.scope);
    const http = context === "http" ? this.scope : findHttp(this.scope);
    const shared = this.sharedEntries(http);
    const isWhole = context === "main" && this.isComplete(http);
    const signature = [
      this.scope,
      http,
      context,
      isWhole,
      versionKey(version),
      ...shared.map((entry) => entry.scope ?? entry.directive),
    ];
    const contributions = (http ?? this.scope).entries.flatMap((entry) =>
      entry.scope ? contributionsOf(entry.scope) : [],
    );
    const key = [...signature, ...contributions];
    if (this.current && sameItems(key, this.signature)) return this.current;
    this.signature = key;
    this.current = this.describe(context, version, http, shared, isWhole);
    return this.current;
  }

  /** What stands beside the servers: everything that can change how a server behaves. */
  private sharedEntries(http: Scope | undefined): readonly Entry[] {
    const scope = this.scope as Scope;
    const outer = http === scope ? [] : scope.entries;
    return [...outer, ...(http?.entries ?? [])].filter(
      (entry) => entry.scope?.kind !== "server" && entry.scope !== http,
    );
  }

  private isComplete(http: Scope | undefined): boolean {
    const scope = this.scope as Scope;
    if (scope.unresolved.length > 0 || (http?.unresolved.length ?? 0) > 0) return false;
    return (http?.entries ?? []).every((entry) => !entry.scope || !hasUnresolved(entry.scope));
  }

  private describe(
    context: Context,
    version: Version | undefined,
    http: Scope | undefined,
    shared: readonly Entry[],
    isWhole: boolean,
  ): Environment {
    const scope = this.scope as Scope;
    const definitions = new Definitions();
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
    };
  }
}

function findHttp(scope: Scope): Scope | undefined {
  return scope.kind === "main" ? scope.entries.find((entry) => entry.scope?.kind === "http")?.scope : undefined;
}

const contributions = new WeakMap<Scope, { entries: readonly Entry[]; keys: readonly unknown[] }>();

/** What a server defines for the whole configuration: the names of its variables, and its (misplaced) maps. */
function contributionsOf(scope: Scope): readonly unknown[] {
  if (scope.kind !== "server") return [];
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
    const name = directive.arg(0)?.toLowerCase() === "connection" ? variableName(directive.arg(1)) : undefined;
    return name === undefined || isBuiltInVariable(name) ? [] : [name];
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

function sameItems(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index]);
}
