import type { Severity } from "../finding.ts";
import { changedStretch } from "../model/changes.ts";
import type { Environment } from "../model/config.ts";
import { readMap } from "../model/maps.ts";
import { proxyOf } from "../model/proxy.ts";
import { type Entry, type Scope, scopesWithin } from "../model/scope.ts";
import { type ServerBlock, serverOf } from "../model/server.ts";
import type { Directive } from "../syntax/directive.ts";
import type { Document } from "../syntax/document.ts";
import type { Draft, Rule } from "./rule.ts";
import { Verdicts } from "./verdicts.ts";

/** A draft with the rule it comes from. */
export interface Judged {
  readonly rule: Rule;
  readonly draft: Draft;
  /** The includes that bring the place to where it is a mistake; empty where it is no included file. */
  readonly includes: ReadonlySet<Directive>;
}

/**
 * `prompt`: in a configuration of very many servers, what rules say about all of them together may be from before the
 * last edits, without what these touched; and an edit that concerns all of them shows in the edited file first.
 */
export type Care = "complete" | "prompt";

/** With more statements beside each other than this, what takes a look at all servers waits until typing rests. */
const MANY = 200;
/** So many of very many servers are judged at once where all of them have to be: what they share has its findings there. */
const FEW = 20;

/** What was found, for whoever asks by document. */
export type ByDocument = Pick<ReadonlyMap<Document, readonly Judged[]>, "get">;

/** What a server was judged to be, and under which conditions that stays true. */
interface Memo {
  readonly environment: Environment;
  readonly entries: readonly Entry[];
  readonly judged: readonly Judged[];
}

/** Runs the rules over a configuration; a server is judged again only when it or what it depends on changed. */
export class Judge {
  /** The rules that look at each kind of entity: most of them look at one. */
  private readonly asking: { readonly [Kind in keyof Rule["check"]]-?: readonly Rule[] };
  private readonly log: (message: string) => void;
  private readonly memos = new WeakMap<Scope, Memo>();
  private readonly verdicts = new Verdicts<Memo>();
  private environment: Environment | undefined;
  private entries: readonly Entry[] = [];
  private shared: Memo | undefined;
  private whole: Memo | undefined;
  /** How many servers were really judged, for tests that an edit costs no more than it has to. */
  judgedServers = 0;

  constructor(rules: readonly Rule[], log: (message: string) => void) {
    const those = (kind: keyof Rule["check"]) => rules.filter(({ check }) => check[kind] !== undefined);
    this.asking = {
      proxy: those("proxy"),
      location: those("location"),
      server: those("server"),
      upstream: those("upstream"),
      map: those("map"),
      config: those("config"),
    };
    this.log = log;
  }

  /** Everything the rules say about a configuration, by document; `prompt` for the sake of one document. */
  judge(environment: Environment, care: Care = "complete", document?: Document): ByDocument {
    const { http, scope } = environment;
    const entries = http?.entries ?? [];
    const isNew = environment !== this.environment;
    const stretch = changedStretch(isNew ? [] : this.entries, entries);
    if (care === "prompt" && document && stretch.endAfter - stretch.start > MANY)
      return this.glance(environment, entries, document);
    if (isNew) {
      this.verdicts.clear();
      this.entries = [];
      this.shared = undefined;
      this.whole = undefined;
      this.environment = environment;
    }
    for (const gone of serversIn(this.entries.slice(stretch.start, stretch.endBefore))) {
      const memo = this.memos.get(gone);
      if (memo) this.verdicts.remove(memo);
    }
    for (const server of serversIn(entries.slice(stretch.start, stretch.endAfter))) {
      this.verdicts.add(this.judgeUnit(server, environment));
    }
    this.entries = entries;
    this.shared = this.renew(this.shared, this.judgeUnit(http ?? scope, environment));
    const isLate = this.whole?.entries !== (http ?? scope).entries;
    const found = (each: Document) => this.verdicts.of(each, () => this.inOrder());
    if (isLate && care === "prompt" && this.whole && entries.length > MANY)
      return { get: (each) => found(each)?.filter(isInPlace) };
    if (isLate) this.whole = this.renew(this.whole, this.judgeWhole(environment));
    return { get: found };
  }

  /** Judges server by server what is not judged yet. Whoever asks may take a break after each, or never come back. */
  *prepare(environment: Environment): Generator<void> {
    for (const server of serversIn(environment.http?.entries ?? [])) {
      const before = this.judgedServers;
      this.judgeUnit(server, environment);
      if (this.judgedServers > before) yield;
    }
  }

  /** When thousands of servers have to be judged: what stands beside them, those in the document, and a few others. */
  private glance(environment: Environment, entries: readonly Entry[], document: Document): ByDocument {
    const verdicts = new Verdicts<Memo>();
    const memos = [this.judgeUnit(environment.http ?? environment.scope, environment)];
    let others = 0;
    for (const server of serversIn(entries)) {
      if (server.directive?.segment.document === document || others++ < FEW)
        memos.push(this.judgeUnit(server, environment));
    }
    for (const memo of memos) verdicts.add(memo);
    return { get: (each) => verdicts.of(each, () => memos) };
  }

  private renew(before: Memo | undefined, after: Memo): Memo {
    if (before === after) return after;
    if (before) this.verdicts.remove(before);
    this.verdicts.add(after);
    return after;
  }

  private *inOrder(): Generator<Memo> {
    if (this.shared) yield this.shared;
    for (const server of serversIn(this.entries)) {
      const memo = this.memos.get(server);
      if (memo) yield memo;
    }
    if (this.whole) yield this.whole;
  }

  private judgeUnit(scope: Scope, environment: Environment): Memo {
    const isShared = scope === environment.http || scope === environment.scope;
    // What stands beside the servers is part of the environment; its list changes with every server.
    const isSettled = isShared && environment.http !== undefined;
    const known = this.memos.get(scope);
    if (known?.environment === environment && (isSettled || known.entries === scope.entries)) return known;
    this.judgedServers++;
    const judged: Judged[] = [];
    if (isShared) this.judgeUpstreams(environment, judged);
    if (scope.kind === "server") this.judgeServer(serverOf(scope, environment), environment, judged);
    const scopes = isShared && environment.http ? sharedScopes(environment) : scopesWithin(scope);
    for (const inner of scopes) this.judgeScope(inner, environment, judged);
    if (scope.kind === "server") for (const location of serverOf(scope, environment).allLocations) location.release();
    const memo = { environment, entries: scope.entries, judged };
    this.memos.set(scope, memo);
    return memo;
  }

  private judgeUpstreams(environment: Environment, judged: Judged[]): void {
    for (const upstream of environment.upstreams.values())
      this.collect("upstream", upstream.scope, (rule) => rule.check.upstream?.(upstream, environment), judged);
  }

  private judgeServer(server: ServerBlock, environment: Environment, judged: Judged[]): void {
    this.collect("server", server.scope, (rule) => rule.check.server?.(server, environment), judged);
    for (const location of server.allLocations)
      this.collect("location", location.scope, (rule) => rule.check.location?.(location, environment), judged);
  }

  private judgeScope(scope: Scope, environment: Environment, judged: Judged[]): void {
    if (scope.kind === "data") {
      const map = readMap(scope);
      if (map) this.collect("map", scope, (rule) => rule.check.map?.(map, environment), judged);
      return;
    }
    const proxy = proxyOf(scope, environment);
    if (!proxy) return;
    this.collect("proxy", scope, (rule) => rule.check.proxy?.(proxy, environment), judged);
    proxy.release();
  }

  /** Rules about the configuration as a whole look at every server, so any change makes them look again. */
  private judgeWhole(environment: Environment): Memo {
    const judged: Judged[] = [];
    this.collect("config", undefined, (rule) => rule.check.config?.(environment), judged);
    return { environment, entries: (environment.http ?? environment.scope).entries, judged };
  }

  /** Asks every rule that looks at such an entity; one that throws is logged by name and the others go on. */
  private collect(
    kind: keyof Rule["check"],
    scope: Scope | undefined,
    ask: (rule: Rule) => Iterable<Draft> | undefined,
    judged: Judged[],
  ): void {
    for (const rule of this.asking[kind]) {
      try {
        for (const draft of ask(rule) ?? []) judged.push({ rule, draft, includes: includesOf(draft, scope) });
      } catch (error) {
        this.log(
          `The rule ${rule.id} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        );
      }
    }
  }
}

function* serversIn(entries: readonly Entry[]): Generator<Scope> {
  for (const { scope } of entries) if (scope?.kind === "server") yield scope;
}

const NONE: ReadonlySet<Directive> = new Set();
/** In longer lists of statements nobody looks for the include of one of them. */
const LONG = 1000;

/** The include that brings the file of a finding to the scope that was judged. */
function includesOf({ place }: Draft, scope: Scope | undefined): ReadonlySet<Directive> {
  const { document } = place.segment;
  for (const level of scope?.outwards() ?? []) {
    const isOwn = level.directive?.segment.document === document;
    const entries = level.entries.length < LONG ? level.entries : [];
    const via = isOwn ? level.via : entries.find(({ directive }) => directive.segment.document === document)?.via;
    const include = via?.at(-1);
    if (include) return new Set([include]);
    if (via) break;
  }
  return NONE;
}

/** Whether all that a finding speaks about still stands in its document. */
function isInPlace({ draft }: Judged): boolean {
  const places = [draft, ...(draft.related ?? []), ...(draft.fixes ?? []).flatMap(({ edits }) => edits)];
  return places.every(({ place: { segment } }) => segment.document.segments[segment.index] === segment);
}

/** Everything of a configuration outside its servers. */
function* sharedScopes({ scope, http }: Environment): Generator<Scope> {
  for (const level of new Set([scope, http])) {
    for (const entry of level?.entries ?? []) {
      if (entry.scope && entry.scope !== http && entry.scope.kind !== "server") yield* scopesWithin(entry.scope);
    }
  }
}

/** Whether a rule is off: by the settings, or because it is off unless they switch it on. */
export function isOff(rule: Pick<Rule, "id" | "isOffByDefault">, chosen: ChosenSeverities): boolean {
  return Object.hasOwn(chosen, rule.id) ? chosen[rule.id] === "off" : rule.isOffByDefault === true;
}

/** The severity a user gave a rule, else the finding's own. */
export function severityInForce(rule: string, own: Severity, chosen: ChosenSeverities): Severity {
  const wanted = Object.hasOwn(chosen, rule) ? chosen[rule] : undefined;
  return wanted === "off" ? own : (wanted ?? own);
}

type ChosenSeverities = Readonly<Record<string, Severity | "off">>;
