import type { Severity } from "../finding.ts";
import type { Environment } from "../model/config.ts";
import { readMap } from "../model/maps.ts";
import { proxyOf } from "../model/proxy.ts";
import { type Entry, type Scope, scopesWithin } from "../model/scope.ts";
import { type ServerBlock, serverOf } from "../model/server.ts";
import type { Place } from "../syntax/directive.ts";
import type { Document } from "../syntax/document.ts";
import type { Draft, Rule } from "./rule.ts";

/** A draft with the rule it comes from. */
export interface Judged {
  readonly rule: Rule;
  readonly draft: Draft;
}

/** What a server was judged to be, and under which conditions that stays true. */
interface Memo {
  readonly environment: Environment;
  readonly entries: readonly Entry[];
  readonly judged: readonly Judged[];
}

/** What the configuration as a whole was judged to be, and what it was made of then. */
interface WholeMemo {
  readonly environment: Environment;
  readonly servers: readonly (readonly Entry[])[];
  readonly judged: readonly Judged[];
}

/** Runs the rules over a configuration; a server is judged again only when it or what it depends on changed. */
export class Judge {
  private readonly rules: readonly Rule[];
  private readonly log: (message: string) => void;
  private readonly memos = new WeakMap<Scope, Memo>();
  private whole: WholeMemo | undefined;
  /** How many servers were really judged, for tests that an edit costs no more than it has to. */
  judgedServers = 0;

  constructor(rules: readonly Rule[], log: (message: string) => void) {
    this.rules = rules;
    this.log = log;
  }

  /** Everything the rules say about a configuration, by document. */
  judge(environment: Environment): ReadonlyMap<Document, readonly Judged[]> {
    const byDocument = new Map<Document, Judged[]>();
    const seen = new Set<string>();
    const add = (judged: Judged) => {
      const { document } = judged.draft.place.segment;
      const known = byDocument.get(document);
      if (known) known.push(judged);
      else byDocument.set(document, [judged]);
    };
    for (const unit of unitsOf(environment)) for (const judged of this.judgeUnit(unit, environment)) add(judged);
    for (const judged of this.judgeWhole(environment)) add(judged);
    for (const [document, judged] of byDocument) {
      seen.clear();
      byDocument.set(
        document,
        judged.filter((item) => isNew(item, seen)),
      );
    }
    return byDocument;
  }

  private judgeUnit(scope: Scope, environment: Environment): readonly Judged[] {
    const isShared = scope === environment.http || scope === environment.scope;
    // What stands beside the servers is part of the environment; its list changes with every server.
    const isSettled = isShared && environment.http !== undefined;
    const known = this.memos.get(scope);
    if (known?.environment === environment && (isSettled || known.entries === scope.entries)) return known.judged;
    this.judgedServers++;
    const judged: Judged[] = [];
    if (isShared) this.judgeUpstreams(environment, judged);
    if (scope.kind === "server") this.judgeServer(serverOf(scope, environment), environment, judged);
    const scopes = isShared && environment.http ? sharedScopes(environment) : scopesWithin(scope);
    for (const inner of scopes) this.judgeScope(inner, environment, judged);
    this.memos.set(scope, { environment, entries: scope.entries, judged });
    return judged;
  }

  private judgeUpstreams(environment: Environment, judged: Judged[]): void {
    for (const upstream of environment.upstreams.values())
      this.collect((rule) => rule.check.upstream?.(upstream, environment), judged);
  }

  private judgeServer(server: ServerBlock, environment: Environment, judged: Judged[]): void {
    this.collect((rule) => rule.check.server?.(server, environment), judged);
    for (const location of server.allLocations)
      this.collect((rule) => rule.check.location?.(location, environment), judged);
  }

  private judgeScope(scope: Scope, environment: Environment, judged: Judged[]): void {
    if (scope.kind === "data") {
      const map = readMap(scope);
      if (map) this.collect((rule) => rule.check.map?.(map, environment), judged);
      return;
    }
    const proxy = proxyOf(scope, environment);
    if (proxy) this.collect((rule) => rule.check.proxy?.(proxy, environment), judged);
  }

  /** Rules about the configuration as a whole look at every server, so any change makes them look again. */
  private judgeWhole(environment: Environment): readonly Judged[] {
    const servers = [...unitsOf(environment)].map((scope) => scope.entries);
    const known = this.whole;
    const isSame =
      known?.environment === environment &&
      known.servers.length === servers.length &&
      known.servers.every((entries, index) => entries === servers[index]);
    if (known && isSame) return known.judged;
    const judged: Judged[] = [];
    this.collect((rule) => rule.check.config?.(environment), judged);
    this.whole = { environment, servers, judged };
    return judged;
  }

  /** Asks every rule; one that throws is logged by name and the others go on. */
  private collect(ask: (rule: Rule) => Iterable<Draft> | undefined, judged: Judged[]): void {
    for (const rule of this.rules) {
      try {
        for (const draft of ask(rule) ?? []) judged.push({ rule, draft });
      } catch (error) {
        this.log(
          `The rule ${rule.id} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        );
      }
    }
  }
}

/** The units that are judged one by one: each server, and what stands beside them. */
function* unitsOf(environment: Environment): Generator<Scope> {
  const { http, scope } = environment;
  yield http ?? scope;
  if (!http) return;
  for (const entry of http.entries) if (entry.scope?.kind === "server") yield entry.scope;
}

/** Everything of a configuration outside its servers. */
function* sharedScopes({ scope, http }: Environment): Generator<Scope> {
  for (const level of new Set([scope, http])) {
    for (const entry of level?.entries ?? []) {
      if (entry.scope && entry.scope !== http && entry.scope.kind !== "server") yield* scopesWithin(entry.scope);
    }
  }
}

/** Several locations may lead to one mistake in what they share: it is reported once. */
function isNew({ rule, draft }: Judged, seen: Set<string>): boolean {
  const key = `${rule.id} ${placeKey(draft.place)}`;
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}

function placeKey({ segment, start, end }: Place): string {
  return `${segment.index}:${start}:${end}`;
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
