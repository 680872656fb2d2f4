import { splitValue } from "../nginx/variables.ts";
import type { Directive } from "../syntax/directive.ts";
import { type ClientRequest, readTarget } from "./client-request.ts";
import { effectiveValue, runsCode } from "./effective.ts";
import type { LocationBlock } from "./location.ts";
import { RequestState } from "./request-state.ts";
import type { Entry, Scope } from "./scope.ts";
import type { ServerBlock } from "./server.ts";
import { variableName } from "./variables.ts";

/** Where a request has come to when the phases before the content are over. */
export type Arrival =
  /** `proxy_pass` gets it. */
  | {
      readonly kind: "passed";
      readonly pass: Entry;
      readonly location: LocationBlock;
      /** The location, or the `if` or `limit_except` in it, whose settings count. */
      readonly scope: Scope;
      readonly state: RequestState;
    }
  /** nginx answers it itself; the status is undefined where the configuration leaves it to a variable. */
  | { readonly kind: "answered"; readonly status: number | undefined; readonly entry: Entry | undefined }
  /** A file, or another handler than `proxy_pass`. */
  | { readonly kind: "served"; readonly location: LocationBlock | undefined }
  | { readonly kind: "unknown"; readonly because: string };

/** How often a request may change its location (NGX_HTTP_MAX_URI_CHANGES). */
const MAX_URI_CHANGES = 10;

/** Why nothing can be said where a map has changed the captures in use. */
export const CONFUSED = "$1 that a map changes";

/** Takes a request through a server: its rewrites, the choice of a location, the rewrites there, and so on. */
export function travel(server: ServerBlock, request: ClientRequest): Arrival {
  const keepsSlashes = effectiveValue(server.scope, "merge_slashes").entry?.directive.arg(0) === "off";
  const target = readTarget(request.target, keepsSlashes ? "kept" : "merged");
  if (!target) return { kind: "answered", status: 400, entry: undefined };
  const state = new RequestState(server, request, target);
  const arrival = new Journey(state).run();
  return state.isConfused ? { kind: "unknown", because: CONFUSED } : arrival;
}

const rewriteNames = new Set(["set", "if", "return", "rewrite", "break"]);

class Journey {
  private readonly state: RequestState;
  private scope: Scope;
  private hasMoved = false;
  /** The handler that was found last: an `if` with one of its own replaces that of its location. */
  private pass: Entry | undefined;

  constructor(state: RequestState) {
    this.state = state;
    this.scope = state.server.scope;
  }

  run(): Arrival {
    const { state } = this;
    const stop = this.rewrite(state.server.scope);
    if (stop) return stop;
    for (let changes = 0; ; changes++) {
      if (changes > MAX_URI_CHANGES) return { kind: "answered", status: 500, entry: undefined };
      this.hasMoved = false;
      const { location, isSlashRedirect, isCertain } = state.server.route(state.path);
      if (!isCertain) return { kind: "unknown", because: "a regular expression" };
      if (!location) return { kind: "served", location };
      if (!state.isInternal && effectiveValue(location.scope, "internal").entry) return this.answer(404);
      const arrived = isSlashRedirect ? this.answer(301) : this.enter(location);
      if (arrived) return arrived;
    }
  }

  /** Goes through a location; undefined when a `rewrite` sends the request to another one. */
  private enter(location: LocationBlock): Arrival | undefined {
    const { state } = this;
    if (location.modifier.startsWith("~")) state.match(location.pattern, location.modifier === "~*", state.path);
    this.scope = location.scope;
    this.pass = location.pass;
    const exception = exceptionFor(location.scope, state.request.method);
    if (exception) {
      this.scope = exception;
      this.pass = exception.own("proxy_pass").at(-1) ?? this.pass;
    } else {
      const stop = this.rewrite(location.scope);
      if (stop) return stop;
      if (this.hasMoved) return undefined;
    }
    if (exception?.own("deny").some(({ directive }) => directive.arg(0) === "all")) return this.answer(403);
    if (location.scope.own("try_files").length > 0) return { kind: "unknown", because: "try_files" };
    return this.content(location);
  }

  private content(location: LocationBlock): Arrival {
    const { pass, scope } = this;
    if (pass?.directive.name !== "proxy_pass") return { kind: "served", location };
    // `if` and `limit_except` have the backend of their location unless they name their own.
    const effective = scope.own("proxy_pass").at(-1) ?? location.scope.own("proxy_pass").at(-1);
    if ([...scope.outwards()].some(runsCode)) this.state.leaveToCode();
    // The handler came from an `if` that a later one has replaced: it finds no backend.
    if (!effective) return this.answer(500);
    return { kind: "passed", pass: effective, location, scope, state: this.state };
  }

  private answer(status: number | undefined, entry?: Entry): Arrival {
    return { kind: "answered", status, entry };
  }

  /** Runs the rewrite directives of a server or location (ngx_http_rewrite_handler); gives what they end in. */
  private rewrite(level: Scope): Arrival | undefined {
    const { state } = this;
    const waiting = [...level.entries].reverse();
    /** Captures are escaped until the first `rewrite` has matched (`e->quote`). */
    let captures: "escaped" | "plain" = "escaped";
    for (let entry = waiting.pop(); entry; entry = waiting.pop()) {
      const { directive, scope: block } = entry;
      if (/^(?:server_)?rewrite_by_(?:lua|njs)/.test(directive.name)) return { kind: "unknown", because: "code" };
      if (!rewriteNames.has(directive.name)) continue;
      if (directive.name === "return") return this.answer(statusOf(directive), entry);
      if (directive.name === "break") {
        if (this.hasMoved) this.stay();
        return undefined;
      }
      if (directive.name === "set") {
        const name = variableName(directive.arg(0));
        if (name !== undefined) state.assign(name, state.evaluate(directive.arg(1) ?? "", captures));
      } else if (directive.name === "if") {
        const outcome = block ? state.condition(directive) : false;
        if (outcome === undefined) return { kind: "unknown", because: `if (${directive.arg(0)?.slice(1)}` };
        if (!outcome || !block) continue;
        if (level.kind === "location") this.enterIf(block);
        waiting.push(...[...block.entries].reverse());
      } else {
        const outcome = this.rewriteOnce(entry);
        if (outcome === "ended") return undefined;
        if (outcome === "matched") captures = "plain";
        else if (outcome !== "unmatched") return outcome;
      }
    }
    return undefined;
  }

  private enterIf(block: Scope): void {
    this.scope = block;
    this.pass = block.own("proxy_pass").at(-1) ?? this.pass;
  }

  /** The request stays in its location under its new path. */
  private stay(): void {
    this.hasMoved = false;
    this.state.isLocationValid = false;
  }

  /** One `rewrite` (ngx_http_script_regex_start_code and …_end_code). */
  private rewriteOnce(entry: Entry): Arrival | "unmatched" | "matched" | "ended" {
    const { state } = this;
    const { directive } = entry;
    const [pattern = "", replacement = "", flag] = directive.args.map((word) => word.value);
    const matched = state.match(pattern, false, state.path);
    if (matched === undefined) return { kind: "unknown", because: "a regular expression" };
    if (!matched) {
      state.captures = [];
      return "unmatched";
    }
    const redirects = flag === "redirect" || flag === "permanent" || /^(?:https?:\/\/|\$scheme)/.test(replacement);
    if (redirects) return this.answer(flag === "permanent" ? 301 : 302, entry);
    const { path, query } = this.replace(replacement);
    if (path === undefined || query === undefined) return { kind: "unknown", because: "rewrite" };
    if (path === "") return this.answer(500, entry);
    state.path = path;
    state.query = query;
    state.isInternal = true;
    state.isUnparsedValid = false;
    this.hasMoved = true;
    if (flag === "break") this.stay();
    return flag === "break" || flag === "last" ? "ended" : "matched";
  }

  /** The new path and query: the old query follows unless the replacement ends in `?`. */
  private replace(replacement: string): { path: string | undefined; query: string | undefined } {
    const { state } = this;
    const isWithoutOld = replacement.endsWith("?");
    const text = isWithoutOld ? replacement.slice(0, -1) : replacement;
    const mark = markOf(text);
    const path = state.evaluate(mark < 0 ? text : text.slice(0, mark));
    const added = mark < 0 ? "" : state.evaluate(text.slice(mark + 1), "escaped");
    const old = isWithoutOld ? "" : state.query;
    if (mark < 0) return { path, query: old };
    return { path, query: added === undefined ? undefined : old === "" ? added : `${added}&${old}` };
  }
}

/** Where the query begins in a replacement. */
function markOf(text: string): number {
  let at = 0;
  for (const part of splitValue(text)) {
    if (part.kind === "variable") at = part.end;
    else if (part.text.includes("?")) return at + part.text.indexOf("?");
    else at += part.text.length;
  }
  return -1;
}

/** The `limit_except` that takes a request of this method: one whose list does not name it. GET stands for HEAD too. */
function exceptionFor(location: Scope, method: string): Scope | undefined {
  const block = location.children().findLast(({ kind }) => kind === "limit_except");
  const allowed = block?.directive?.args.map((word) => word.value.toUpperCase()) ?? [];
  const isAllowed = allowed.includes(method) || (method === "HEAD" && allowed.includes("GET"));
  return isAllowed ? undefined : block;
}

function statusOf(directive: Directive): number | undefined {
  const [first = "", second] = directive.args.map((word) => word.value);
  if (/^\d{1,3}$/.test(first)) return Number(first);
  return second === undefined && /^(?:https?:\/\/|\$scheme)/.test(first) ? 302 : undefined;
}
