import type { Environment } from "../model/config.ts";
import { effectiveList } from "../model/effective.ts";
import { type ErrorPage, pageFor, readErrorPages } from "../model/error-pages.ts";
import { conditionsIn, exitOf, readExit } from "../model/exits.ts";
import type { LocationBlock } from "../model/location.ts";
import { pathHint } from "../model/paths.ts";
import { type Scope, scopesWithin } from "../model/scope.ts";
import type { ServerBlock } from "../model/server.ts";
import { isMeant, pathText } from "./handshake.ts";

/** A way on which a handshake comes to a WebSocket location through an error page that replaces the status. */
export interface Way {
  readonly page: ErrorPage;
  readonly target: LocationBlock;
  /** The error that leads there. */
  readonly code: number;
  /** Whose handshakes: “/ws”, or “this server”. */
  readonly path: string;
  /** `returned` by an `if` on purpose; `missing` as a file; `failed` at another backend. */
  readonly kind: "returned" | "missing" | "failed";
}

/** Every such way in a server. */
export function* hidingWays(server: ServerBlock): Generator<Way> {
  const ways = new Ways(server);
  yield* ways.returnedIn(server.scope, "this server");
  const hasRoot = server.locations.some(({ pattern, modifier }) => pattern === "/" && modifier !== "=");
  if (!hasRoot) yield* ways.missingIn(server.scope, "this server");
  for (const location of server.allLocations) {
    yield* ways.returnedIn(location.scope, pathText(location));
    if (location.proxy) yield* ways.failedIn(location);
    else if (!location.pass && isLikelyWay(location)) yield* ways.missingIn(location.scope, pathText(location));
  }
}

/** Codes that nginx gives to no request by itself: whoever returns one wants to go somewhere. */
export function isSignal(code: number): boolean {
  return (code >= 418 && code <= 428 && ![421, 425, 426].includes(code)) || (code >= 430 && code < 494 && code !== 444);
}

class Ways {
  private readonly server: ServerBlock;
  private readonly environment: Environment;
  #straight: ReadonlySet<string> | undefined;

  constructor(server: ServerBlock) {
    this.server = server;
    this.environment = server.environment;
  }

  /** `if ($http_upgrade) { return 418; }` */
  *returnedIn(level: Scope, path: string): Generator<Way> {
    if (!level.children().some((block) => block.kind === "if" && block.own("return").length > 0)) return;
    for (const { block, holds } of conditionsIn(level, this.environment)) {
      const exit = holds === true ? block.own("return")[0] : undefined;
      const code = exit && readExit(exit)?.status;
      const page = code === undefined ? undefined : pageFor(this.pagesOf(block), code);
      const target = page && this.targetOf(page);
      if (!page || !target || code === undefined) continue;
      // A refusal with a page of its own is no way to a WebSocket, unless that is all the page is.
      if (isSignal(code) || isTunnel(target)) yield { page, target, code, path, kind: "returned" };
    }
  }

  /** No file for the path, or `try_files … =404`. */
  *missingIn(scope: Scope, path: string): Generator<Way> {
    if (exitOf(scope, this.environment)) return;
    const last = scope.own("try_files").at(-1)?.directive.args.at(-1)?.value;
    if (last !== undefined && !last.startsWith("=")) return;
    const code = last === undefined ? 404 : Number(last.slice(1));
    const page = pageFor(this.pagesOf(scope), code);
    const target = page && this.targetOf(page);
    if (!page || target?.modifier !== "@" || !isMeant(target) || this.straight.has(page.target.value)) return;
    yield { page, target, code, path, kind: "missing" };
  }

  /** A backend that does not answer, or whose refusal is intercepted. */
  *failedIn(location: LocationBlock): Generator<Way> {
    if (!isMeant(location)) return;
    const intercepts = location.value("proxy_intercept_errors").entry?.directive.arg(0) === "on";
    for (const page of this.pagesOf(location.scope)) {
      const code = page.codes.find((each) => each === 502 || each === 504 || intercepts);
      const target = this.targetOf(page);
      if (code === undefined || !target || target === location || !isTunnel(target)) continue;
      yield { page, target, code, path: pathText(location), kind: "failed" };
    }
  }

  /** The pages in force. */
  private pagesOf(scope: Scope): readonly ErrorPage[] {
    const list = effectiveList(scope, "error_page");
    return list.certainty === "doubtful" ? [] : readErrorPages(list);
  }

  /** The location that answers a page under another status than its own, when it sends Upgrade to a backend. */
  private targetOf({ status, isRedirect, target }: ErrorPage): LocationBlock | undefined {
    if (isRedirect || status === "of the target" || status === 101) return undefined;
    const location = this.server.follow(target.value);
    if (!location?.proxy || location.verdict === "not-websocket") return undefined;
    const sends = location.proxy.sent("upgrade", "websocket");
    return sends.some(({ value }) => value?.length && value.every((text) => text !== "")) ? location : undefined;
  }

  /** The targets that handshakes reach in a way that keeps their status. */
  private get straight(): ReadonlySet<string> {
    if (this.#straight) return this.#straight;
    const found = new Set<string>();
    for (const scope of scopesWithin(this.server.scope)) {
      for (const { directive } of scope.own("try_files")) found.add(directive.args.at(-1)?.value ?? "");
      const pages = readErrorPages({ entries: scope.own("error_page") });
      for (const { status, target } of pages) if (status === "of the target") found.add(target.value);
    }
    this.#straight = found;
    return found;
  }
}

/** Whether a target is there for WebSocket: by its own lines, and not a place that other requests come to by their path. */
function isTunnel(target: LocationBlock): boolean {
  return isMeant(target) && (target.modifier === "@" || pathHint(target.path) === "strong");
}

/** Whether handshakes come to a location: the one for everything, or one whose path may be a WebSocket's. */
function isLikelyWay({ modifier, pattern, path, evidence }: LocationBlock): boolean {
  if (modifier === "@") return false;
  return (pattern === "/" && modifier !== "=") || pathHint(path) !== "none" || evidence !== undefined;
}
