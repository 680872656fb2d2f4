import type { Environment } from "./config.ts";
import { hasUnknownInclude } from "./effective.ts";
import type { Entry, Scope } from "./scope.ts";
import type { ServerBlock } from "./server.ts";
import { Evaluation } from "./values.ts";

/** A `return` or redirecting `rewrite` that ends requests in the rewrite phase. */
export interface Exit {
  readonly entry: Entry;
  readonly status: number;
  /** Where it redirects to; empty when it does not. */
  readonly url: string;
}

/** Patterns of `rewrite` that every path matches. */
const everything = /^\^?(?:\/?|(?:\/\??)?\(?\.\*\)?\$?|\(?\.\+\)?\$?)$/;

const redirecting = new Set([301, 302, 303, 307, 308]);

/**
 * What answers every handshake that comes to a level, before nginx chooses a location there or passes the request on.
 * Undefined when requests can get past it: through an `if` with `break`, a `rewrite … last`, or code.
 */
export function exitOf(scope: Scope, environment: Environment): Exit | undefined {
  if (hasUnknownInclude(scope)) return undefined;
  for (const name of scope.names()) if (/^(?:server_)?rewrite_by_/.test(name)) return undefined;
  let evaluation: Evaluation | undefined;
  for (const entry of scope.entries) {
    const { directive, scope: block } = entry;
    if (block?.kind === "if") {
      if (!letsPass(block) && !answers(block)) continue;
      evaluation ??= new Evaluation(environment.definitions, scope, "websocket");
      const outcome = evaluation.condition(directive);
      // What an `if` answers to every handshake was written for handshakes.
      if (outcome === true || (outcome === undefined && letsPass(block))) return undefined;
    } else if (directive.name === "break") return undefined;
    else if (directive.name === "rewrite" && !redirects(entry)) {
      if (directive.arg(2) !== undefined) return undefined;
    } else {
      const exit = readExit(entry);
      if (exit && (directive.name === "return" || everything.test(directive.arg(0) ?? ""))) return exit;
    }
  }
  return undefined;
}

/** An `if` that handshakes come to, and whether it holds for them. */
export interface Condition {
  readonly entry: Entry;
  readonly block: Scope;
  readonly holds: boolean | undefined;
}

/** The `if`s of a level that handshakes come to, in order; those behind a line that ends the rewriting are left out. */
export function* conditionsIn(scope: Scope, environment: Environment): Generator<Condition> {
  let evaluation: Evaluation | undefined;
  for (const entry of scope.entries) {
    const { directive, scope: block } = entry;
    if (block?.kind === "if") {
      evaluation ??= new Evaluation(environment.definitions, scope, "websocket");
      const holds = evaluation.condition(directive);
      yield { entry, block, holds };
      if (holds !== false && letsPass(block)) return;
      if (holds === true && answers(block)) return;
    } else if (directive.name === "break" || directive.name === "return") return;
    else if (directive.name === "rewrite" && (directive.arg(2) !== undefined || redirects(entry))) {
      if (everything.test(directive.arg(0) ?? "")) return;
    }
  }
}

/** What answers every handshake for a path: the server before it chooses a location, or the location it chooses. */
export function exitAt(server: ServerBlock, path: string): Exit | undefined {
  const exit = exitOf(server.scope, server.environment);
  if (exit) return exit;
  const { location, isCertain } = server.route(path);
  return location && isCertain ? exitOf(location.scope, server.environment) : undefined;
}

/** Reads `return` and redirecting `rewrite`. */
export function readExit(entry: Entry): Exit | undefined {
  const { directive } = entry;
  const first = directive.arg(0) ?? "";
  if (directive.name === "return") {
    const code = Number(first);
    if (!/^\d+$/.test(first)) return { entry, status: 302, url: first };
    return { entry, status: code, url: redirecting.has(code) ? (directive.arg(1) ?? "") : "" };
  }
  if (directive.name !== "rewrite" || !redirects(entry)) return undefined;
  return { entry, status: directive.arg(2) === "permanent" ? 301 : 302, url: directive.arg(1) ?? "" };
}

/** Whether it sends clients to a URL that begins with `https://`. */
export function isToHttps({ status, url }: Exit): boolean {
  return redirecting.has(status) && /^https:/i.test(url);
}

function redirects({ directive }: Entry): boolean {
  const flag = directive.arg(2);
  return flag === "permanent" || flag === "redirect" || /^(?:https?:\/\/|\$scheme)/.test(directive.arg(1) ?? "");
}

/** Whether an `if` can let requests go on that would be answered after it. */
function letsPass(block: Scope): boolean {
  const isLeaving = (entry: Entry) => !redirects(entry) && entry.directive.arg(2) !== undefined;
  return block.own("break").length > 0 || block.own("rewrite").some(isLeaving);
}

function answers(block: Scope): boolean {
  return block.own("return").length > 0 || block.own("rewrite").some(redirects);
}
