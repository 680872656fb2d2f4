import { isBuiltInVariable, splitValue } from "../nginx/variables.ts";
import type { Directive } from "../syntax/directive.ts";
import { holdsPlaceholder } from "../syntax/template-marks.ts";
import { runsCode } from "./effective.ts";
import { isVolatile, selectEntry, testPattern } from "./maps.ts";
import { type RequestKind, requestVariable } from "./request.ts";
import { type Entry, type Scope, scopesWithin } from "./scope.ts";
import type { Variables } from "./shared-variables.ts";
import { variableName } from "./variables.ts";

/** What a value can be for a request: each possible text, or undefined when it can be anything. */
export type Value = readonly string[] | undefined;

/** More possibilities than this are “anything”. */
const MAX_POSSIBILITIES = 8;

/** Chains of maps longer than this are “anything”; nginx itself refuses cycles only at run time. */
const MAX_MAP_DEPTH = 16;

/** A text longer than this is “anything”: no header of a handshake is. */
const MAX_LENGTH = 1024;

/** How many maps one evaluation looks into: maps of maps can be written to take for ever. */
const MAX_STEPS = 2000;

/** Plays one kind of request through the rewrite directives and maps that apply in a location. */
export class Evaluation {
  private readonly definitions: Variables;
  private readonly kind: RequestKind;
  /** What `set` has given to variables (lower-case names) on the way here. */
  private readonly assigned: Map<string, Value>;
  /** Whether something else may have set variables: another location that hands its requests on, or what is not known. */
  private readonly mayComeFromElsewhere: boolean;
  /** Whether code runs after the rewrite directives; `set $name '';` is there for it to write into then. */
  private readonly isWrittenByCode: boolean;
  /** What maps were when the rewrite directives used them: nginx looks a map up once for a request. */
  private readonly mapped: Map<string, Value>;
  private isRunning = true;
  private depth = 0;
  private steps = 0;

  constructor(definitions: Variables, scope: Scope, kind: RequestKind) {
    this.definitions = definitions;
    this.kind = kind;
    const path = [...scope.outwards()];
    const server = path.find((level) => level.kind === "server");
    const location = path.find((level) => level.kind === "location");
    this.mayComeFromElsewhere = !server?.directive || server.unresolved.length > 0 || redirectsInternally(server);
    this.isWrittenByCode = path.some(runsCode);
    const isBare = server === scope || path.some((level) => level.kind === "if" && level.parent === server);
    const played = server && !isBare ? afterServer(definitions, server, kind) : undefined;
    this.assigned = new Map(played?.assigned);
    this.mapped = new Map(played?.mapped);
    if (server && isBare) this.run(server, this.assigned, scope);
    if (server && location && redirectsInternally(server)) this.forgetWhatOthersSet(server, location);
    // Where limit_except takes a request, the rewrite directives of its location are not run.
    const isException = path.some((level) => level.kind === "limit_except");
    if (location && !isException) this.run(location, this.assigned, scope);
    this.isRunning = false;
  }

  /** A request that comes from another location brings along what that one has set. */
  private forgetWhatOthersSet(server: Scope, location: Scope): void {
    const setters = locationsThatSet(server);
    const canReturn = [location, ...location.children()].some((level) => level.own("rewrite").length > 0);
    for (const name of this.assigned.keys()) {
      const others = setters.get(name);
      if (others && (canReturn || others.size > 1 || !others.has(location))) this.assigned.set(name, undefined);
    }
  }

  /** What a value with variables can be. */
  evaluate(value: string): Value {
    if (holdsPlaceholder(value)) return undefined;
    let results: readonly string[] = [""];
    for (const part of splitValue(value)) {
      const pieces = part.kind === "text" ? [part.text] : this.variable(part.name);
      if (!pieces || pieces.length * results.length > MAX_POSSIBILITIES) return undefined;
      results = results.flatMap((before) => pieces.map((piece) => before + piece));
      if (results.some((text) => text.length > MAX_LENGTH)) return undefined;
    }
    return [...new Set(results)];
  }

  /** What a variable (lower-case name) can be. */
  variable(name: string): Value {
    const definition = this.definitions.get(name);
    if (this.assigned.has(name)) {
      const isOverwritten = definition?.isFromModule || (this.isWrittenByCode && !this.isRunning);
      return isOverwritten ? undefined : this.assigned.get(name);
    }
    if (!definition) {
      return isBuiltInVariable(name) ? requestVariable(name, this.kind) : this.definitions.beside(name)?.[this.kind];
    }
    if (definition.isFromModule || definition.isCaptured) return undefined;
    const map = definition.maps.at(-1);
    // Only `set` elsewhere: nginx knows the name, but nothing gave it a value on the way here.
    if (!map) return this.mayComeFromElsewhere ? undefined : [""];
    if (map.doubtful || this.depth >= MAX_MAP_DEPTH || this.steps++ >= MAX_STEPS) return undefined;
    this.depth++;
    const sources = this.evaluate(map.source);
    let results: Value = [];
    for (const source of sources ?? []) {
      const entry = selectEntry(map, source);
      const value = entry === "unknown" ? undefined : entry ? this.evaluate(entry.value.value) : [""];
      results = union(results, value);
    }
    this.depth--;
    const value = sources ? results : undefined;
    if (definition.maps.some(isVolatile)) return value;
    const first = this.mapped.has(name) ? union(this.mapped.get(name), value) : value;
    if (this.isRunning) this.mapped.set(name, first);
    return first;
  }

  /** Executes the rewrite directives of a level in order (ngx_http_rewrite_module) and says whether they go on after it. */
  private run(level: Scope, assigned: Map<string, Value>, target: Scope): "on" | "perhaps" | "ended" {
    let course: "on" | "perhaps" = "on";
    for (const { directive, scope } of rewritesOf(level)) {
      const before = new Map(assigned);
      if (scope?.kind === "if") {
        const outcome = isWithin(target, scope) ? true : this.condition(directive);
        if (outcome === false) continue;
        const inner = this.run(scope, assigned, target);
        if (inner === "ended" && outcome === true && course === "on") return "ended";
        if (inner !== "on") course = "perhaps";
        if (outcome === undefined || course === "perhaps") this.merge(assigned, before);
      } else if (directive.name === "set") {
        const name = variableName(directive.arg(0));
        if (!name) continue;
        assigned.set(name, this.evaluate(directive.arg(1) ?? ""));
        if (course === "perhaps") this.merge(assigned, before);
      } else if (directive.name === "break" || directive.name === "return") {
        return course === "on" ? "ended" : "perhaps";
      } else if (directive.name === "rewrite" && endsRewriting(directive)) {
        course = "perhaps";
      }
    }
    return course;
  }

  /** Adds what variables were before something that perhaps does not happen. */
  private merge(assigned: Map<string, Value>, before: ReadonlyMap<string, Value>): void {
    for (const [name, value] of assigned) {
      const old = before.has(name) ? before.get(name) : this.withoutAssignment(name);
      assigned.set(name, union(old, value));
    }
  }

  private withoutAssignment(name: string): Value {
    const definition = this.definitions.get(name);
    const isSet = definition && definition.maps.length === 0 && !definition.isFromModule && !definition.isCaptured;
    return isSet ? [""] : undefined;
  }

  /** Whether an `if` holds; undefined when that depends on the request. */
  condition(directive: Directive): boolean | undefined {
    const words = directive.args.map((word) => word.value);
    const first = words[0];
    if (first === undefined || !first.startsWith("(")) return undefined;
    words[0] = first.slice(1);
    const last = words.length - 1;
    words[last] = (words[last] as string).replace(/\)$/, "");
    const [left, operator, right] = words.filter((word) => word !== "");
    if (left === undefined || left.startsWith("-") || left.startsWith("!")) return undefined;
    const values = this.evaluate(left);
    if (!values) return undefined;
    const outcomes = new Set(values.map((value) => this.compare(value, operator, right ?? "")));
    return outcomes.size === 1 ? [...outcomes][0] : undefined;
  }

  private compare(value: string, operator: string | undefined, right: string): boolean | undefined {
    if (operator === undefined) return value !== "" && value !== "0";
    if (operator === "=" || operator === "!=") {
      const others = this.evaluate(right);
      if (others?.length !== 1) return undefined;
      return (others[0] === value) === (operator === "=");
    }
    const match = /^(!?)~(\*?)$/.exec(operator);
    if (!match) return undefined;
    const matches = testPattern(right, match[2] === "*", value);
    return matches === undefined ? undefined : matches !== (match[1] === "!");
  }
}

const playedServers = new WeakMap<Variables, WeakMap<readonly Entry[], Map<RequestKind, Evaluation>>>();

/** The rewrite directives of a server, played once for all its locations. */
function afterServer(definitions: Variables, server: Scope, kind: RequestKind): Evaluation {
  const ofDefinitions = playedServers.get(definitions) ?? new WeakMap<readonly Entry[], Map<RequestKind, Evaluation>>();
  playedServers.set(definitions, ofDefinitions);
  const ofServer = ofDefinitions.get(server.entries) ?? new Map<RequestKind, Evaluation>();
  ofDefinitions.set(server.entries, ofServer);
  const evaluation = ofServer.get(kind) ?? new Evaluation(definitions, server, kind);
  ofServer.set(kind, evaluation);
  return evaluation;
}

const rewriteNames = new Set(["set", "if", "break", "return", "rewrite"]);
const rewrites = new WeakMap<readonly Entry[], readonly Entry[]>();

/** The rewrite directives of a level, found once: a server can have thousands of other statements. */
export function rewritesOf({ entries }: Scope): readonly Entry[] {
  let found = rewrites.get(entries);
  if (!found) {
    found = entries.filter(({ directive }) => rewriteNames.has(directive.name));
    rewrites.set(entries, found);
  }
  return found;
}

const redirects = new WeakMap<readonly Entry[], boolean>();

/** What takes a request through another location; subrequests share the variables of their main request. */
const redirecting = ["rewrite", "try_files", "error_page", "auth_request", "mirror"];

/** Whether a server sends requests from one location to another without a new request of the client. */
function redirectsInternally(server: Scope): boolean {
  let found = redirects.get(server.entries);
  if (found === undefined) {
    found = false;
    for (const scope of scopesWithin(server)) {
      if (redirecting.some((name) => scope.own(name).length > 0)) found = true;
    }
    redirects.set(server.entries, found);
  }
  return found;
}

const setIn = new WeakMap<readonly Entry[], ReadonlyMap<string, ReadonlySet<Scope>>>();

/** The locations of a server that set a variable, by its name. */
function locationsThatSet(server: Scope): ReadonlyMap<string, ReadonlySet<Scope>> {
  let found = setIn.get(server.entries);
  if (!found) {
    const growing = new Map<string, Set<Scope>>();
    for (const scope of scopesWithin(server)) {
      const location = scope.nearest("location");
      if (!location) continue;
      for (const { directive } of scope.own("set")) {
        const name = variableName(directive.arg(0)) ?? "";
        growing.set(name, (growing.get(name) ?? new Set()).add(location));
      }
    }
    found = growing;
    setIn.set(server.entries, found);
  }
  return found;
}

/** Whether a rewrite that matches ends the rewriting: by its flag, or because it redirects. */
function endsRewriting(directive: Directive): boolean {
  const flag = directive.arg(2);
  return flag !== undefined || /^(?:https?:\/\/|\$scheme)/.test(directive.arg(1) ?? "");
}

function isWithin(scope: Scope, ancestor: Scope): boolean {
  for (const level of scope.outwards()) if (level === ancestor) return true;
  return false;
}

function union(left: Value, right: Value): Value {
  if (!left || !right) return undefined;
  const all = [...new Set([...left, ...right])];
  return all.length > MAX_POSSIBILITIES ? undefined : all;
}
