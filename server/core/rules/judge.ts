import type { Severity } from "../finding.ts";
import type { Environment } from "../model/config.ts";
import type { SharedEnvironment } from "../model/environment.ts";
import type { Difference } from "../model/history.ts";
import { readMap } from "../model/maps.ts";
import { compareEntries } from "../model/order.ts";
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

/** What a block was judged to be, and under which conditions that stays true. */
interface Memo {
  readonly environment: Environment;
  /** The statement of a block of the http level; undefined for everything beside them, and for the whole. */
  readonly entry: Entry | undefined;
  readonly judged: readonly Judged[];
}

/**
 * Runs the rules over a configuration, block by block of its http level; a block is judged again only when it or what it
 * asked for changed.
 */
export class Judge {
  /** The rules that look at each kind of entity: most of them look at one. */
  private readonly asking: { readonly [Kind in keyof Rule["check"]]-?: readonly Rule[] };
  private readonly log: (message: string) => void;
  private readonly verdicts = new Verdicts<Memo>();
  private environment: SharedEnvironment | undefined;
  /** The version of the http level that was looked at last. */
  private version = 0;
  private readonly memos = new Map<Scope, Memo>();
  /** The blocks that have to be judged. */
  private readonly pending = new Map<Scope, Entry>();
  /** What was found beside the blocks of the http level, and in which generation of the environment. */
  private beside: { readonly memo: Memo; readonly generation: number } | undefined;
  private whole: Memo | undefined;
  /** The generation of the environment that was looked at. */
  private generation = 0;
  /** Counts what makes rules about the whole configuration look again. */
  private changes = 0;
  private changesInWhole = -1;
  /** How many blocks were really judged, for tests that an edit costs no more than it has to. */
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
  judge(environment: SharedEnvironment, care: Care = "complete", document?: Document): ByDocument {
    this.take(environment);
    const isPrompt = care === "prompt" && document !== undefined;
    if (isPrompt && this.pending.size > MANY) return this.glance(environment, document);
    for (const [scope, entry] of this.pending) this.settle(scope, entry, environment);
    this.judgeBeside(environment);
    const found = (each: Document) => this.verdicts.of(each, (sources) => this.inOrder(sources));
    const isLate = this.changesInWhole !== this.changes;
    if (isLate && isPrompt && (environment.http?.size ?? 0) > MANY)
      return { get: (each) => found(each)?.filter(isInPlace) };
    if (isLate) for (const _ of this.judgeWhole(environment));
    return { get: found };
  }

  /** Judges step by step what is not judged yet. Whoever asks may take a break after each, or never come back. */
  *prepare(environment: SharedEnvironment): Generator<void> {
    this.take(environment);
    for (const [scope, entry] of this.pending) {
      this.settle(scope, entry, environment);
      yield;
    }
    this.judgeBeside(environment);
    if (this.changesInWhole !== this.changes) yield* this.judgeWhole(environment);
  }

  /** Finds out what has to be judged again. */
  private take(environment: SharedEnvironment): void {
    const { http } = environment;
    const isNew = environment !== this.environment;
    const changes = http ? http.changesSince(this.version) : NO_CHANGES;
    const isSpoilt = environment.generation !== this.generation;
    this.version = http?.version ?? 0;
    this.generation = environment.generation;
    if (isNew) {
      this.environment = environment;
      this.verdicts.clear();
      this.memos.clear();
      this.pending.clear();
      this.beside = undefined;
      this.whole = undefined;
      environment.takeSpoilt();
      this.expect(http?.entries ?? []);
      this.changes++;
      return;
    }
    const { gone, fresh } = changes ?? this.compareAll(http?.entries ?? []);
    for (const { scope } of gone) if (scope) this.drop(scope);
    this.expect(fresh);
    for (const scope of environment.takeSpoilt()) {
      const entry = this.memos.get(scope)?.entry;
      if (entry) this.pending.set(scope, entry);
    }
    if (gone.length > 0 || fresh.length > 0 || isSpoilt) this.changes++;
  }

  /** What changed since so long ago that nobody remembers. */
  private compareAll(entries: readonly Entry[]): Difference {
    const gone = new Set(
      [...this.memos.values(), ...this.pending.values()].map((each) => ("entry" in each ? each.entry : each)),
    );
    const fresh = entries.filter((entry) => !gone.delete(entry));
    return { gone: [...gone].filter((entry) => entry !== undefined), fresh };
  }

  private expect(entries: readonly Entry[]): void {
    for (const entry of entries) if (entry.scope) this.pending.set(entry.scope, entry);
  }

  private drop(scope: Scope): void {
    const memo = this.memos.get(scope);
    if (memo) this.verdicts.remove(memo);
    this.memos.delete(scope);
    this.pending.delete(scope);
  }

  private settle(scope: Scope, entry: Entry, environment: SharedEnvironment): Memo {
    this.drop(scope);
    const memo = { environment, entry, judged: this.judgeUnit(scope, environment.of(scope)) };
    this.memos.set(scope, memo);
    this.verdicts.add(memo);
    return memo;
  }

  /** When thousands of servers have to be judged: what stands beside them, those in the document, and a few others. */
  private glance(environment: SharedEnvironment, document: Document): ByDocument {
    const verdicts = new Verdicts<Memo>();
    const memos = [this.judgeBeside(environment)];
    let others = 0;
    for (const entry of environment.http?.entries ?? []) {
      const { scope, directive } = entry;
      if (!scope) continue;
      if (directive.segment.document !== document && (scope.kind !== "server" || others++ >= FEW)) continue;
      const known = this.pending.has(scope) ? undefined : this.memos.get(scope);
      memos.push(known ?? this.settle(scope, entry, environment));
    }
    for (const memo of memos) verdicts.add(memo);
    return { get: (each) => verdicts.of(each, () => memos) };
  }

  /** Sources of findings in nginx's order. */
  private inOrder(sources: ReadonlyMap<Memo, unknown>): Iterable<Memo> {
    // An edit of one site must not take a look at all of them.
    if (sources.size * 16 < this.memos.size) return [...sources.keys()].sort((a, b) => this.compare(a, b));
    return this.all();
  }

  private *all(): Generator<Memo> {
    if (this.beside) yield this.beside.memo;
    for (const { scope } of this.environment?.http?.entries ?? []) {
      const memo = scope && this.memos.get(scope);
      if (memo) yield memo;
    }
    if (this.whole) yield this.whole;
  }

  private compare(left: Memo, right: Memo): number {
    if (left.entry && right.entry) return compareEntries(left.entry, right.entry);
    const rank = (memo: Memo) => (memo === this.beside?.memo ? 0 : memo.entry ? 1 : 2);
    return rank(left) - rank(right);
  }

  /** What stands outside of the http level; all of a configuration without that level. */
  private judgeBeside(environment: SharedEnvironment): Memo {
    const { generation, http, scope } = environment;
    if (this.beside?.generation === generation) return this.beside.memo;
    if (this.beside) this.verdicts.remove(this.beside.memo);
    const judged = http ? this.judgeOuter(environment) : this.judgeUnit(scope, environment);
    const memo = { environment, entry: undefined, judged };
    this.beside = { memo, generation };
    this.verdicts.add(memo);
    return memo;
  }

  private judgeOuter(environment: SharedEnvironment): readonly Judged[] {
    this.judgedServers++;
    const { scope, http } = environment;
    const judged: Judged[] = [];
    for (const entry of http === scope ? [] : scope.entries) {
      if (!entry.scope || entry.scope === http || entry.scope.kind === "server") continue;
      this.judgeUpstream(entry.scope, environment, judged);
      for (const inner of scopesWithin(entry.scope)) this.judgeScope(inner, environment, judged);
    }
    return judged;
  }

  private judgeUnit(scope: Scope, environment: Environment): readonly Judged[] {
    this.judgedServers++;
    const judged: Judged[] = [];
    this.judgeUpstream(scope, environment, judged);
    if (scope.kind === "server") this.judgeServer(serverOf(scope, environment), environment, judged);
    for (const inner of scopesWithin(scope)) this.judgeScope(inner, environment, judged);
    if (scope.kind === "server") for (const location of serverOf(scope, environment).allLocations) location.release();
    return judged;
  }

  private judgeUpstream(scope: Scope, environment: Environment, judged: Judged[]): void {
    const name = scope.kind === "upstream" ? scope.directive?.arg(0)?.toLowerCase() : undefined;
    const upstream = name === undefined ? undefined : environment.upstreams.get(name);
    // Of several with one name the last one counts.
    if (upstream?.scope !== scope) return;
    this.collect("upstream", scope, (rule) => rule.check.upstream?.(upstream, environment), judged);
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
  private *judgeWhole(environment: SharedEnvironment): Generator<void> {
    const { changes } = this;
    const judged: Judged[] = [];
    for (const rule of this.asking.config) {
      try {
        for (const draft of rule.check.config?.(environment) ?? []) {
          if (draft) judged.push({ rule, draft, includes: NONE });
          else yield;
        }
      } catch (error) {
        this.logFailure(rule, error);
      }
      yield;
    }
    // Something changed during a break.
    if (changes !== this.changes || environment !== this.environment) return;
    if (this.whole) this.verdicts.remove(this.whole);
    this.whole = { environment, entry: undefined, judged };
    this.verdicts.add(this.whole);
    this.changesInWhole = changes;
  }

  /** Asks every rule that looks at such an entity; one that throws is logged by name and the others go on. */
  private collect(
    kind: keyof Rule["check"],
    scope: Scope,
    ask: (rule: Rule) => Iterable<Draft> | undefined,
    judged: Judged[],
  ): void {
    for (const rule of this.asking[kind]) {
      try {
        for (const draft of ask(rule) ?? []) judged.push({ rule, draft, includes: includesOf(draft, scope) });
      } catch (error) {
        this.logFailure(rule, error);
      }
    }
  }

  private logFailure(rule: Rule, error: unknown): void {
    this.log(`The rule ${rule.id} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}

const NO_CHANGES: Difference = { gone: [], fresh: [] };
const NONE: ReadonlySet<Directive> = new Set();
/** In longer lists of statements nobody looks for the include of one of them. */
const LONG = 1000;

/** The include that brings the file of a finding to the scope that was judged. */
function includesOf({ place }: Draft, scope: Scope | undefined): ReadonlySet<Directive> {
  const { document } = place.segment;
  for (const level of scope?.outwards() ?? []) {
    const isOwn = level.directive?.segment.document === document;
    const entries = level.size < LONG ? level.entries : [];
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
