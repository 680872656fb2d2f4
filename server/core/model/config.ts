import type { Context } from "../nginx/directives.ts";
import type { Version } from "../nginx/version.ts";
import type { Directive } from "../syntax/directive.ts";
import type { Document } from "../syntax/document.ts";
import { sameItems } from "./changes.ts";
import { contributionOf } from "./contribution.ts";
import { entriesOf, SharedEnvironment } from "./environment.ts";
import { Expansion, type Includes } from "./expand.ts";
import type { Difference } from "./history.ts";
import type { IncludeFault } from "./include.ts";
import type { MapBlock } from "./maps.ts";
import type { Entry, Scope } from "./scope.ts";
import type { Variables } from "./shared-variables.ts";
import type { Upstreams } from "./upstream.ts";
import type { VariablesBeside } from "./variables.ts";

/**
 * What the servers of a configuration share. The same object stays in force until something in it changes; what every
 * server shares counts as changed only for those that asked for what changed.
 */
export interface Environment {
  readonly root: Document;
  /** What the root file's outermost level stands in: `main` for a whole configuration. */
  readonly context: Context;
  readonly version: Version | undefined;
  readonly scope: Scope;
  /** The level of servers, maps and upstreams; undefined for a fragment that goes inside a server. */
  readonly http: Scope | undefined;
  readonly definitions: Variables;
  readonly maps: readonly MapBlock[];
  /** The maps that may give a text (lower case): fewer than all of them, and they change more seldom. */
  mapsGiving(text: string): readonly MapBlock[];
  readonly upstreams: Upstreams;
  /** The variables (lower case) that Connection headers use, wherever they are defined. */
  readonly connectionVariables: ReadonlySet<string>;
  /** Whether a listener of some server speaks HTTP/2 or HTTP/3. */
  readonly offersHttp2: boolean;
  /** Whether a module is loaded or used that nobody knows here: it may define variables. */
  readonly usesOtherModules: boolean;
  /** The lower-case names of all variables that are defined here. */
  readonly variableNames: Iterable<string>;
  /** What new statements of the http level are written before: its first own server, else its first own statement. */
  readonly anchor: Directive | undefined;
  /** Whether nothing can be defined outside of what was read. */
  readonly isWhole: boolean;
  /** Whether nginx can read a file to its end. */
  isSound(document: Document): boolean;
  /** Variables that files define which probably stand beside this fragment in the same `http`. */
  readonly definedBeside: VariablesBeside;
  /** Why an include leads nowhere, as far as that is known. */
  readonly faultOf: (include: Directive) => IncludeFault | undefined;
  /** The environment of all servers together. */
  readonly shared: Environment;
  /** The environment of the block of the http level that a scope is in or is. */
  of(scope: Scope): Environment;
}

const NO_VARIABLES: VariablesBeside = new Map();

/** What the current environment was made of. */
interface State {
  /** The levels, and what holds for everything in them. */
  readonly frame: readonly unknown[];
  /** What stands outside of http. */
  readonly outer: readonly unknown[];
  readonly http: Scope | undefined;
  /** The version of the http level. */
  readonly version: number;
  /** How many statements hold includes that are not known. */
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
  private current: SharedEnvironment | undefined;
  /** The documents that changed since the environment was brought up to date. */
  private readonly touched = new Set<Document>();

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
    this.touched.add(document);
    this.expansion.touch(document);
  }

  /** The includes that bring a document into this configuration. */
  includesOf(document: Document): ReadonlySet<Directive> {
    return this.expansion.includesOf(document);
  }

  /**
   * Does step by step what costs most of `update`. Whoever asks may take a break after each step, or never come back; after
   * a change it has to begin anew.
   */
  *prepare(context: Context): Generator<void> {
    this.touchRoot();
    const scope = yield* this.expansion.expand(this.root, context, this.structure());
    const http = httpOf(scope, context);
    const changes = this.changesIn(http);
    for (const entry of changes?.fresh ?? entriesOf(scope, http)) {
      contributionOf(entry);
      yield;
    }
  }

  private touchRoot(): void {
    if (this.root.version !== this.rootVersion) this.touch(this.root);
    this.rootVersion = this.root.version;
  }

  /** What changed at the http level since it was looked at; undefined when all of it may be new. */
  private changesIn(http: Scope | undefined): Difference | undefined {
    const before = this.state;
    return before?.http === http ? http?.changesSince(before?.version ?? 0) : undefined;
  }

  /** Reads the documents again where they changed. */
  update(
    context: Context,
    version: Version | undefined,
    definedBeside: VariablesBeside = NO_VARIABLES,
  ): SharedEnvironment {
    this.touchRoot();
    const scope = this.expansion.expandFile(this.root, context, this.structure());
    const http = httpOf(scope, context);
    const before = this.state;
    const changes = this.changesIn(http);
    const incomplete = changes
      ? (before?.incomplete ?? 0) - countIncomplete(changes.gone) + countIncomplete(changes.fresh)
      : countIncomplete(http?.entries ?? []);
    const isWhole =
      context === "main" && scope.unresolved.length === 0 && (http?.unresolved.length ?? 0) === 0 && incomplete === 0;
    const main = http === scope ? [] : scope.entries;
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
      ...main.flatMap((entry) => (entry.scope && entry.scope !== http ? [entry.scope.version] : [])),
    ];
    const outer = main.flatMap((entry) => (http !== undefined && entry.scope === http ? [] : [entry]));
    const isSame = before !== undefined && sameItems(before.frame, frame) && sameItems(before.outer, outer);
    this.state = { frame, outer, http, version: http?.version ?? 0, incomplete };
    const isKept = isSame && (http ? changes !== undefined && this.current?.apply(changes) : true);
    if (!isKept || !this.current) {
      const { root, faultOf } = this;
      this.current = new SharedEnvironment(
        { root, context, version, scope, http, isWhole, definedBeside, faultOf },
        entriesOf(scope, http),
      );
    } else this.current.readAgain(this.touched);
    this.touched.clear();
    return this.current;
  }
}

function countIncomplete(entries: readonly Entry[]): number {
  let count = 0;
  for (const entry of entries) if (contributionOf(entry).isIncomplete) count++;
  return count;
}

function httpOf(scope: Scope, context: Context): Scope | undefined {
  if (context === "http") return scope;
  return scope.kind === "main" ? scope.entries.find((entry) => entry.scope?.kind === "http")?.scope : undefined;
}

function versionKey(version: Version | undefined): string {
  return version ? `${version.major}.${version.minor}.${version.patch}` : "";
}
