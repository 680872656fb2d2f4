import type { Severity } from "../finding.ts";
import type { Environment } from "../model/config.ts";
import { readMap } from "../model/maps.ts";
import { ProxyBlock } from "../model/proxy.ts";
import { type Entry, type Scope, scopesWithin } from "../model/scope.ts";
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

/** Runs the rules over a configuration; a server is judged again only when it or what it depends on changed. */
export class Judge {
  private readonly rules: readonly Rule[];
  private readonly log: (message: string) => void;
  private readonly memos = new WeakMap<Scope, Memo>();
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
    for (const server of serversOf(environment)) {
      for (const judged of this.judgeServer(server, environment)) {
        const { document } = judged.draft.place.segment;
        const known = byDocument.get(document);
        if (known) known.push(judged);
        else byDocument.set(document, [judged]);
      }
    }
    for (const [document, judged] of byDocument) {
      seen.clear();
      byDocument.set(
        document,
        judged.filter((item) => isNew(item, seen)),
      );
    }
    return byDocument;
  }

  private judgeServer(scope: Scope, environment: Environment): readonly Judged[] {
    const known = this.memos.get(scope);
    if (known && known.environment === environment && known.entries === scope.entries) return known.judged;
    this.judgedServers++;
    const judged: Judged[] = [];
    const isShared = scope === environment.http || scope === environment.scope;
    const scopes = isShared && environment.http ? sharedScopes(environment) : scopesWithin(scope);
    for (const inner of scopes) this.judgeScope(inner, environment, judged);
    this.memos.set(scope, { environment, entries: scope.entries, judged });
    return judged;
  }

  private judgeScope(scope: Scope, environment: Environment, judged: Judged[]): void {
    if (scope.kind === "data") {
      const map = readMap(scope);
      if (map) this.collect((rule) => rule.check.map?.(map, environment), judged);
      return;
    }
    const pass = scope.own("proxy_pass").at(-1);
    if (pass?.directive.args.length !== 1 || !["location", "if", "limit_except"].includes(scope.kind)) return;
    const proxy = new ProxyBlock(scope, pass, environment);
    this.collect((rule) => rule.check.proxy?.(proxy, environment), judged);
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
function* serversOf(environment: Environment): Generator<Scope> {
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
