import type { Context } from "../nginx/directives.ts";
import type { Version } from "../nginx/version.ts";
import type { Directive } from "../syntax/directive.ts";
import type { Document } from "../syntax/document.ts";
import type { Environment } from "./config.ts";
import { contributionOf } from "./contribution.ts";
import type { Difference } from "./history.ts";
import type { IncludeFault } from "./include.ts";
import { type MapBlock, mayGive } from "./maps.ts";
import { compareEntries } from "./order.ts";
import type { Entry, Scope } from "./scope.ts";
import { type Definition, SharedVariables, sameDefinition, type Variables } from "./shared-variables.ts";
import type { Upstream, Upstreams } from "./upstream.ts";
import type { ValuesBeside, VariablesBeside } from "./variables.ts";

/** What stays the same as long as an environment is in force. */
export interface Frame {
  readonly root: Document;
  readonly context: Context;
  readonly version: Version | undefined;
  readonly scope: Scope;
  readonly http: Scope | undefined;
  readonly isWhole: boolean;
  readonly definedBeside: VariablesBeside;
  readonly faultOf: (include: Directive) => IncludeFault | undefined;
}

/**
 * What all blocks of the http level share, kept up to date while upstreams, maps and servers change. What a block asks
 * for is remembered with it, so that a change spoils only what was found out about those that asked for what changed.
 */
export class SharedEnvironment implements Environment {
  readonly root: Document;
  readonly context: Context;
  readonly version: Version | undefined;
  readonly scope: Scope;
  readonly http: Scope | undefined;
  readonly isWhole: boolean;
  readonly definedBeside: VariablesBeside;
  readonly faultOf: Frame["faultOf"];
  readonly #variables = new SharedVariables();
  readonly #upstreams = new Map<string, Map<Entry, Upstream>>();
  /** How many statements use a variable in a Connection header. */
  readonly #connections = new Map<string, number>();
  /** Whether nginx can read them: the documents that were asked about. */
  readonly #sound = new Map<Document, boolean>();
  /** The texts that maps were asked for. */
  readonly #given = new Set<string>();
  #http2 = 0;
  #otherModules = 0;
  #generation = 0;
  #maps: readonly MapBlock[] | undefined;
  #connectionVariables: ReadonlySet<string> | undefined;
  #anchor: { readonly entry: Entry | undefined } | undefined;
  #definitions: Variables = this.#lookUp();
  readonly #units = new Map<Scope, UnitEnvironment>();
  /** Who asked for what. */
  readonly #askers = new Map<string, Set<UnitEnvironment>>();
  readonly #spoilt = new Set<Scope>();

  constructor(frame: Frame, entries: Iterable<Entry>) {
    this.root = frame.root;
    this.context = frame.context;
    this.version = frame.version;
    this.scope = frame.scope;
    this.http = frame.http;
    this.isWhole = frame.isWhole;
    this.definedBeside = frame.definedBeside;
    this.faultOf = frame.faultOf;
    for (const entry of entries) this.#add(entry);
  }

  get shared(): this {
    return this;
  }

  /** Another object whenever a definition changed, because what was evaluated with it may be remembered. */
  get definitions(): Variables {
    return this.#definitions;
  }

  readonly upstreams: Upstreams = {
    get: (name) => this.#upstream(name),
    has: (name) => this.#upstreams.has(name),
    values: () => this.#inForce(),
  };

  get maps(): readonly MapBlock[] {
    this.#maps ??= this.#entries().flatMap((entry) => contributionOf(entry).map ?? []);
    return this.#maps;
  }

  mapsGiving(text: string): readonly MapBlock[] {
    this.#given.add(text);
    return this.maps.filter((map) => mayGive(map, text));
  }

  get connectionVariables(): ReadonlySet<string> {
    this.#connectionVariables ??= new Set([...this.#connections.keys()].sort());
    return this.#connectionVariables;
  }

  get offersHttp2(): boolean {
    return this.#http2 > 0;
  }

  get usesOtherModules(): boolean {
    return this.#otherModules > 0;
  }

  get variableNames(): Iterable<string> {
    return this.#variables.names();
  }

  /** Counts what changed for anybody. */
  get generation(): number {
    return this.#generation;
  }

  get anchor(): Directive | undefined {
    if (!this.#anchor) {
      const own = (this.http?.entries ?? []).filter(isOwn);
      this.#anchor = { entry: own.find(({ scope }) => scope?.kind === "server") ?? own[0] };
    }
    return this.#anchor.entry?.directive;
  }

  isSound(document: Document): boolean {
    const known = this.#sound.get(document);
    if (known !== undefined) return known;
    const isSound = document.syntaxErrors().length === 0;
    this.#sound.set(document, isSound);
    return isSound;
  }

  /** Takes documents that changed. */
  readAgain(documents: Iterable<Document>): void {
    for (const document of documents) {
      const before = this.#sound.get(document);
      if (before === undefined) continue;
      this.#sound.delete(document);
      if (this.isSound(document) !== before) this.#spoil(soundKey(document));
    }
  }

  /** The environment of a block of the http level, which remembers what the block asks for. */
  of(scope: Scope): Environment {
    const unit = this.#unitAround(scope);
    if (!unit) return this;
    const before = this.#units.get(unit);
    if (before) return before;
    const environment = new UnitEnvironment(this, unit);
    this.#units.set(unit, environment);
    return environment;
  }

  /** Remembers that a block asked for something. */
  note(key: string, asker: UnitEnvironment): void {
    const known = this.#askers.get(key);
    if (known) known.add(asker);
    else this.#askers.set(key, new Set([asker]));
  }

  /** The blocks about which something else holds since this was asked for the last time. */
  takeSpoilt(): readonly Scope[] {
    const spoilt = [...this.#spoilt];
    this.#spoilt.clear();
    return spoilt;
  }

  /** Takes what changed at the http level; false where so much depends on it that everything has to be found out anew. */
  apply({ gone, fresh }: Difference): boolean {
    const changed = [...gone, ...fresh];
    if (!changed.every(isUnit)) return false;
    const names = new Set(changed.flatMap((entry) => contributionOf(entry).variables.map(([name]) => name)));
    const upstreams = new Set(changed.flatMap((entry) => contributionOf(entry).upstream?.name ?? []));
    const before = {
      definitions: new Map([...names].map((name) => [name, this.#variables.get(name)])),
      sets: new Map([...names].map((name) => [name, this.#firstSetIfAsked(name)])),
      upstreams: new Map([...upstreams].map((name) => [name, this.#upstream(name)])),
      connections: new Set(changed.flatMap((entry) => contributionOf(entry).connectionVariables).filter(this.#isUsed)),
      http2: this.offersHttp2,
      otherModules: this.usesOtherModules,
    };
    for (const entry of gone) this.#remove(entry);
    for (const entry of fresh) this.#add(entry);
    for (const [name, definition] of before.definitions) this.#compareDefinition(name, definition);
    for (const [name, set] of before.sets) if (this.#firstSetIfAsked(name) !== set) this.#spoil(setKey(name));
    for (const [name, upstream] of before.upstreams)
      if (this.#upstream(name) !== upstream) this.#spoil(upstreamKey(name));
    if (changed.some((entry) => contributionOf(entry).map)) {
      this.#maps = undefined;
      this.#spoil(MAPS);
      const maps = changed.flatMap((entry) => contributionOf(entry).map ?? []);
      for (const text of this.#given) if (maps.some((map) => mayGive(map, text))) this.#spoil(giverKey(text));
    }
    const used = changed.flatMap((entry) => contributionOf(entry).connectionVariables);
    if (used.some((name) => before.connections.has(name) !== this.#isUsed(name))) {
      this.#connectionVariables = undefined;
      this.#spoil(CONNECTIONS);
    }
    if (before.http2 !== this.offersHttp2) this.#spoil(HTTP2);
    if (before.otherModules !== this.usesOtherModules) this.#spoil(OTHER_MODULES);
    this.#keepAnchor(gone, fresh);
    return true;
  }

  /** Lets go of the anchor only if it is gone or something stands before it: to find it again takes a look at everything. */
  #keepAnchor(gone: readonly Entry[], fresh: readonly Entry[]): void {
    const entry = this.#anchor?.entry;
    if (!this.#anchor || (entry && !gone.includes(entry) && !fresh.some((other) => isBetterAnchor(other, entry))))
      return;
    if (!entry && !fresh.some(isOwn)) return;
    this.#anchor = undefined;
    this.#spoil(ANCHOR);
  }

  #compareDefinition(name: string, before: Definition | undefined): void {
    if (sameDefinition(before, this.#variables.get(name))) return;
    this.#definitions = this.#lookUp();
    this.#spoil(variableKey(name));
    if (!before || !this.#variables.get(name)) this.#spoil(NAMES);
  }

  #firstSetIfAsked(name: string): Directive | undefined {
    return this.#askers.has(setKey(name)) ? this.#variables.firstSet(name) : undefined;
  }

  #isUsed = (name: string): boolean => this.#connections.has(name);

  #spoil(key: string): void {
    this.#generation++;
    for (const asker of this.#askers.get(key) ?? []) {
      this.#forget(asker);
      this.#spoilt.add(asker.unit);
    }
  }

  #forget(asker: UnitEnvironment): void {
    this.#units.delete(asker.unit);
    for (const key of asker.asked) {
      const others = this.#askers.get(key);
      others?.delete(asker);
      if (others?.size === 0) this.#askers.delete(key);
    }
  }

  #add(entry: Entry): void {
    const { upstream, variables, connectionVariables, offersHttp2, usesOtherModules } = contributionOf(entry);
    for (const [name, share] of variables) this.#variables.add(entry, name, share);
    if (upstream) {
      const known = this.#upstreams.get(upstream.name);
      if (known) known.set(entry, upstream);
      else this.#upstreams.set(upstream.name, new Map([[entry, upstream]]));
    }
    for (const name of connectionVariables) this.#connections.set(name, (this.#connections.get(name) ?? 0) + 1);
    if (offersHttp2) this.#http2++;
    if (usesOtherModules) this.#otherModules++;
  }

  #remove(entry: Entry): void {
    const { upstream, variables, connectionVariables, offersHttp2, usesOtherModules } = contributionOf(entry);
    for (const [name, share] of variables) this.#variables.remove(entry, name, share);
    if (upstream) {
      const known = this.#upstreams.get(upstream.name);
      known?.delete(entry);
      if (known?.size === 0) this.#upstreams.delete(upstream.name);
    }
    for (const name of connectionVariables) {
      const left = (this.#connections.get(name) ?? 0) - 1;
      if (left > 0) this.#connections.set(name, left);
      else this.#connections.delete(name);
    }
    if (offersHttp2) this.#http2--;
    if (usesOtherModules) this.#otherModules--;
    const unit = entry.scope && this.#units.get(entry.scope);
    if (unit) this.#forget(unit);
    if (entry.scope) this.#spoilt.delete(entry.scope);
  }

  /** Of several upstreams with one name, which nginx refuses, the last one counts. */
  #upstream(name: string): Upstream | undefined {
    const all = this.#upstreams.get(name);
    if (!all) return undefined;
    const [first, ...others] = all.keys();
    const last = others.reduce((latest, entry) => (compareEntries(entry, latest) > 0 ? entry : latest), first as Entry);
    return all.get(last);
  }

  *#inForce(): Generator<Upstream> {
    for (const entry of this.#entries()) {
      const { upstream } = contributionOf(entry);
      if (upstream && this.#upstream(upstream.name) === upstream) yield upstream;
    }
  }

  /** What stands beside the servers. */
  #entries(): readonly Entry[] {
    return entriesOf(this.scope, this.http).filter(({ scope }) => scope?.kind !== "server");
  }

  #unitAround(scope: Scope): Scope | undefined {
    if (!this.http) return undefined;
    let at = scope;
    while (at.parent && at.parent !== this.http) at = at.parent;
    return at.parent === this.http ? at : undefined;
  }

  #lookUp(): Variables {
    return {
      get: (name) => this.#variables.get(name),
      firstSet: (name) => this.#variables.firstSet(name),
      beside: (name) => this.definedBeside.get(name),
    };
  }
}

/** The environment of one block of the http level. It is thrown away when something changes that the block asked for. */
export class UnitEnvironment implements Environment {
  readonly shared: SharedEnvironment;
  readonly unit: Scope;
  readonly asked = new Set<string>();
  readonly definitions: Variables;
  readonly upstreams: Upstreams;

  constructor(shared: SharedEnvironment, unit: Scope) {
    this.shared = shared;
    this.unit = unit;
    this.definitions = new AskedVariables(this);
    this.upstreams = new AskedUpstreams(this);
  }

  /** Remembers that something was asked for. */
  ask(key: string): SharedEnvironment {
    if (!this.asked.has(key)) {
      this.asked.add(key);
      this.shared.note(key, this);
    }
    return this.shared;
  }

  get root(): Document {
    return this.shared.root;
  }

  get context(): Context {
    return this.shared.context;
  }

  get version(): Version | undefined {
    return this.shared.version;
  }

  get scope(): Scope {
    return this.shared.scope;
  }

  get http(): Scope | undefined {
    return this.shared.http;
  }

  get isWhole(): boolean {
    return this.shared.isWhole;
  }

  get definedBeside(): VariablesBeside {
    return this.shared.definedBeside;
  }

  get faultOf(): Frame["faultOf"] {
    return this.shared.faultOf;
  }

  get maps(): readonly MapBlock[] {
    return this.ask(MAPS).maps;
  }

  mapsGiving(text: string): readonly MapBlock[] {
    return this.ask(giverKey(text)).mapsGiving(text);
  }

  get connectionVariables(): ReadonlySet<string> {
    return this.ask(CONNECTIONS).connectionVariables;
  }

  get offersHttp2(): boolean {
    return this.ask(HTTP2).offersHttp2;
  }

  get usesOtherModules(): boolean {
    return this.ask(OTHER_MODULES).usesOtherModules;
  }

  get variableNames(): Iterable<string> {
    return this.ask(NAMES).variableNames;
  }

  get anchor(): Directive | undefined {
    return this.ask(ANCHOR).anchor;
  }

  isSound(document: Document): boolean {
    return this.ask(soundKey(document)).isSound(document);
  }

  of(scope: Scope): Environment {
    return this.shared.of(scope);
  }
}

class AskedVariables implements Variables {
  private readonly asker: UnitEnvironment;

  constructor(asker: UnitEnvironment) {
    this.asker = asker;
  }

  get(name: string): Definition | undefined {
    return this.asker.ask(variableKey(name)).definitions.get(name);
  }

  firstSet(name: string): Directive | undefined {
    return this.asker.ask(setKey(name)).definitions.firstSet(name);
  }

  beside(name: string): ValuesBeside | undefined {
    // What lies beside the file is the same for all blocks; when it changes, everything is found out anew.
    return this.asker.definedBeside.get(name);
  }
}

class AskedUpstreams implements Upstreams {
  private readonly asker: UnitEnvironment;

  constructor(asker: UnitEnvironment) {
    this.asker = asker;
  }

  get(name: string): Upstream | undefined {
    return this.asker.ask(upstreamKey(name)).upstreams.get(name);
  }

  has(name: string): boolean {
    return this.asker.ask(upstreamKey(name)).upstreams.has(name);
  }

  values(): Iterable<Upstream> {
    return this.asker.shared.upstreams.values();
  }
}

const MAPS = "maps";
const CONNECTIONS = "connections";
const HTTP2 = "http2";
const OTHER_MODULES = "other modules";
const NAMES = "names";
const ANCHOR = "anchor";

function variableKey(name: string): string {
  return `$${name}`;
}

function setKey(name: string): string {
  return `set $${name}`;
}

function upstreamKey(name: string): string {
  return `upstream ${name}`;
}

function soundKey({ file }: Document): string {
  return `soundness of ${file}`;
}

function giverKey(text: string): string {
  return `map giving ${text}`;
}

/** All statements that stand outside of blocks or in `http`. */
export function entriesOf(scope: Scope, http: Scope | undefined): readonly Entry[] {
  const outer = http === scope ? [] : scope.entries.filter((entry) => entry.scope !== http || http === undefined);
  return [...outer, ...(http?.entries ?? [])];
}

/** Whether what depends on a statement is known: on an upstream, a map, a server. */
export function isUnit({ directive, scope }: Entry): boolean {
  return scope?.kind === "server" || scope?.kind === "upstream" || (scope?.kind === "data" && directive.name === "map");
}

/** Whether a statement of the http level stands where that level is written. */
function isOwn({ via }: Entry): boolean {
  return via.length === 0;
}

function isBetterAnchor(entry: Entry, anchor: Entry): boolean {
  if (!isOwn(entry)) return false;
  const [isServer, wasServer] = [entry, anchor].map(({ scope }) => scope?.kind === "server");
  return isServer === wasServer ? compareEntries(entry, anchor) < 0 : isServer === true;
}
