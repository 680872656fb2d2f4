import { replace } from "../edits/insert.ts";
import type { Severity } from "../finding.ts";
import { effectiveList } from "../model/effective.ts";
import { type ErrorPage, readErrorPages } from "../model/error-pages.ts";
import { exitOf, readExit } from "../model/exits.ts";
import type { LocationBlock } from "../model/location.ts";
import { pathHint } from "../model/paths.ts";
import type { RequestKind } from "../model/request.ts";
import { type Scope, scopesWithin } from "../model/scope.ts";
import type { ServerBlock } from "../model/server.ts";
import { Evaluation } from "../model/values.ts";
import { isMeant, pathText } from "./handshake.ts";
import type { Draft, DraftFix, Rule } from "./rule.ts";

/** The 101 arrives under the status of an error. */
export const errorPageWithoutEquals: Rule = {
  id: "error-page-without-equals",
  severity: "error",
  what: "error_page leads handshakes to a WebSocket location, but without = it keeps the status of the error.",
  why: "The headers of the 101 reach the client under 404 or 418: the browser gives up while the backend believes it is connected.",
  fixable: "safe",
  check: {
    *server(server) {
      const ways = new Ways(server);
      yield* ways.fromServer();
      for (const location of server.allLocations) yield* ways.fromLocation(location);
    },
  },
};

/** Codes that nginx gives to no request by itself: whoever returns one wants to go somewhere. */
function isSignal(code: number): boolean {
  return (code >= 418 && code <= 428 && ![421, 425, 426].includes(code)) || (code >= 430 && code < 494 && code !== 444);
}

/** How handshakes get to error pages in one server. */
class Ways {
  private readonly server: ServerBlock;
  private readonly environment: ServerBlock["environment"];
  #straight: ReadonlySet<string> | undefined;

  constructor(server: ServerBlock) {
    this.server = server;
    this.environment = server.environment;
  }

  /** An `if` of the server that returns a code for handshakes. */
  *fromServer(): Generator<Draft> {
    const { scope } = this.server;
    yield* this.returned(scope, scope, "handshakes");
    const hasRoot = this.server.locations.some(({ pattern, modifier }) => pattern === "/" && modifier !== "=");
    if (!hasRoot) yield* this.notFound(scope, "handshakes");
  }

  /** What a location returns, does not find, or does not get from its backend. */
  *fromLocation(location: LocationBlock): Generator<Draft> {
    const { scope } = location;
    const path = pathText(location);
    for (const block of scope.children()) if (block.kind === "if") yield* this.returned(block, scope, path);
    if (location.proxy) yield* this.failed(location);
    else if (!location.pass && isLikelyWay(location)) yield* this.notFound(scope, path);
  }

  /** `if ($http_upgrade) { return 418; }` */
  private *returned(block: Scope, level: Scope, path: string): Generator<Draft> {
    const blocks = block === level ? block.children().filter(({ kind }) => kind === "if") : [block];
    for (const inner of blocks) {
      const code = this.codeOf(inner, level, "websocket");
      if (code === undefined) continue;
      for (const page of this.hiding(inner.kind === "if" && level.kind === "server" ? level : inner, [code])) {
        const target = this.targetOf(page);
        if (target)
          yield this.describe(page, code, path, "error", this.isOnlyForHandshakes(page) ? "safe" : "suggested");
      }
    }
  }

  /** No file for the path, or `try_files … =404`. */
  private *notFound(scope: Scope, path: string): Generator<Draft> {
    if (exitOf(scope, this.environment)) return;
    const last = scope.own("try_files").at(-1)?.directive.args.at(-1)?.value;
    if (last !== undefined && !last.startsWith("=")) return;
    const code = last === undefined ? 404 : Number(last.slice(1));
    for (const page of this.hiding(scope, [code])) {
      const target = this.targetOf(page);
      if (target && target.modifier === "@" && isMeant(target) && !this.straight.has(page.target.value))
        yield this.describe(page, code, path, "error", "suggested");
    }
  }

  /** A backend that does not answer, or whose refusal is intercepted. */
  private *failed(location: LocationBlock): Generator<Draft> {
    if (!isMeant(location)) return;
    const intercepts = location.value("proxy_intercept_errors").entry?.directive.arg(0) === "on";
    for (const page of this.hiding(location.scope, undefined)) {
      const code = page.codes.find((each) => each === 502 || each === 504 || intercepts);
      const target = this.targetOf(page);
      if (code === undefined || !target || target === location || !isMeant(target)) continue;
      if (target.modifier === "@" || pathHint(target.path) === "strong")
        yield this.describe(page, code, pathText(location), "warning", "suggested");
    }
  }

  /** The pages in force that replace the status of what answers. */
  private hiding(scope: Scope, codes: readonly number[] | undefined): readonly ErrorPage[] {
    const list = effectiveList(scope, "error_page");
    if (list.certainty === "doubtful") return [];
    const pages = readErrorPages(list);
    const first = codes ? pages.filter((page) => codes.some((code) => page.codes.includes(code))).slice(0, 1) : pages;
    return first.filter(({ status, isRedirect }) => !isRedirect && status !== "of the target" && status !== 101);
  }

  /** The location that answers a page, when it sends Upgrade to a backend. */
  private targetOf(page: ErrorPage): LocationBlock | undefined {
    const target = this.server.follow(page.target.value);
    if (!target?.proxy || target.verdict === "not-websocket") return undefined;
    const sends = target.proxy.sent("upgrade", "websocket");
    return sends.some(({ value }) => value?.length && value.every((text) => text !== "")) ? target : undefined;
  }

  /** The code that an `if` returns for a kind of request; undefined when it is not certain that it does. */
  private codeOf(block: Scope, level: Scope, kind: RequestKind): number | undefined {
    const exit = block.own("return")[0];
    if (!exit || !block.directive) return undefined;
    const evaluation = new Evaluation(this.environment.definitions, level, kind);
    return evaluation.condition(block.directive) === true ? readExit(exit)?.status : undefined;
  }

  /** The targets that handshakes reach in a way that keeps their status. */
  private get straight(): ReadonlySet<string> {
    if (this.#straight) return this.#straight;
    const found = new Set<string>();
    for (const scope of scopesWithin(this.server.scope)) {
      for (const { directive } of scope.own("try_files")) found.add(directive.args.at(-1)?.value ?? "");
      const pages = readErrorPages({ entries: scope.own("error_page"), scope, certainty: "complete" });
      for (const { status, target } of pages) if (status === "of the target") found.add(target.value);
    }
    this.#straight = found;
    return found;
  }

  /** Whether no plain request can come to a page: its codes are signals, and each `return` of one is for handshakes. */
  private isOnlyForHandshakes(page: ErrorPage): boolean {
    if (!page.codes.every(isSignal)) return false;
    for (const scope of scopesWithin(this.server.scope)) {
      if (scope.own("proxy_intercept_errors").some(({ directive }) => directive.arg(0) === "on")) return false;
      const returns = scope.own("return").some((entry) => page.codes.includes(readExit(entry)?.status ?? 0));
      const { directive, parent } = scope;
      if (!returns) continue;
      if (scope.kind !== "if" || !directive || !parent) return false;
      const plain = new Evaluation(this.environment.definitions, parent, "plain").condition(directive);
      if (plain !== false) return false;
    }
    return true;
  }

  private describe(
    page: ErrorPage,
    code: number,
    path: string,
    severity: Severity,
    applicability: DraftFix["applicability"],
  ): Draft {
    const { status, equals, target, entry } = page;
    const shown = status === "of the error" ? code : status;
    const consequence =
      severity === "error"
        ? `WebSocket hangs on ${path}: its 101 reaches the client as ${shown}.`
        : `The fallback of ${path} opens no WebSocket: its 101 reaches the client as ${shown}.`;
    const reason =
      status === "of the error"
        ? "error_page without = keeps the status of the error"
        : `${equals?.value} replaces the status of what answers`;
    const isShared = entry.via.length > this.server.scope.via.length;
    return {
      place: equals ?? target,
      severity,
      message: `${consequence} ${reason}, so the browser says "Unexpected response code: ${shown}" while the backend believes it is connected.`,
      related: this.relatedOf(target.value),
      fixes: [
        {
          title: `Let ${target.value} answer with its own status: = ${target.value}`,
          applicability: isShared ? "suggested" : applicability,
          edits: [equals ? replace(equals, "=") : replace({ ...at(target), end: target.start }, "= ")],
        },
      ],
    };
  }

  private relatedOf(target: string): Draft["related"] & object {
    const location = this.server.follow(target);
    return location ? [{ place: location.directive.head, message: "This location answers the handshake." }] : [];
  }
}

function at({ segment, start, end }: ErrorPage["target"]) {
  return { segment, start, end };
}

/** Whether handshakes come to a location: the one for everything, or one whose path may be a WebSocket's. */
function isLikelyWay(location: LocationBlock): boolean {
  const { modifier, pattern, path } = location;
  if (modifier === "@") return false;
  return (pattern === "/" && modifier !== "=") || pathHint(path) !== "none" || location.evidence !== undefined;
}
