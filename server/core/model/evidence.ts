import { parseTime } from "../nginx/time.ts";
import { variablesIn } from "../nginx/variables.ts";
import type { Place } from "../syntax/directive.ts";
import { annotationsIn, commentsAbout } from "./annotations.ts";
import { effectiveValue } from "./effective.ts";
import { readLocationName } from "./location-name.ts";
import { pathHint, pathSegments } from "./paths.ts";
import type { RequestScope } from "./request-scope.ts";
import type { Entry, Scope } from "./scope.ts";

/**
 * How sure it is that a location carries WebSocket: 0 a comment says so, 1 its directives show it, 2 its path names a
 * WebSocket endpoint, 3 its path may and something else agrees, 4 nothing says so.
 */
export type Tier = 0 | 1 | 2 | 3 | 4;

/** Why a location counts as a WebSocket location, or why not. */
export interface Evidence {
  readonly tier: Tier;
  /** Ends the sentence “This is a WebSocket location because …”. */
  readonly because: string;
  readonly place: Place | undefined;
  /** Whether it lies in headers, which a location may have from the levels around it. */
  readonly isInheritable: boolean;
}

/** The evidence, or that a comment or the directives themselves say that no handshake is meant here. */
export type Verdict = Evidence | "not-websocket";

/** Five minutes: nobody raises the read time-out so far for ordinary requests. */
const LONG_TIMEOUT_MS = 300_000;

/** Weighs what a location says about itself: comments, directives, then its path. */
export function weighEvidence(block: RequestScope): Verdict {
  return (
    fromComments(block) ??
    fromDirectives(block) ??
    fromPath(block) ?? { tier: 4, because: "", place: undefined, isInheritable: false }
  );
}

function fromComments(block: RequestScope): Verdict | undefined {
  for (const scope of block.scope.outwards()) {
    const { directive } = scope;
    if (!directive || (scope.kind !== "location" && scope.kind !== "if")) break;
    const annotations = annotationsIn(directive.segment);
    for (const comment of commentsAbout(directive)) {
      const annotation = annotations.find((candidate) => candidate.place.start === comment.start);
      if (annotation?.verb === "http" || annotation?.verb === "ignore") return "not-websocket";
      if (annotation?.verb === "websocket")
        return { tier: 0, because: "a comment says so", place: comment, isInheritable: false };
      const text = comment.segment.text.slice(comment.start, comment.end).trimEnd();
      if (/^#+\s*web-?sockets?$/i.test(text))
        return { tier: 0, because: "a comment says so", place: comment, isInheritable: false };
    }
  }
  return undefined;
}

function fromDirectives(block: RequestScope): Verdict | undefined {
  if (sendsHandshakesAway(block)) return "not-websocket";
  // Headers from the levels around it mean nothing where nothing is proxied.
  const setters = block.url ? block.headers.entries : block.scope.own("proxy_set_header");
  for (const { directive } of setters) {
    const name = directive.arg(0)?.toLowerCase();
    const value = directive.arg(1) ?? "";
    const isUpgrade = name === "upgrade" && value !== "";
    const isConnection = name === "connection" && /upgrade/i.test(value);
    const isKey = name?.startsWith("sec-websocket-") && value !== "";
    if (isUpgrade || isConnection || isKey)
      return { tier: 1, because: `it sets the header ${directive.arg(0)}`, place: directive.head, isInheritable: true };
  }
  const { url } = block;
  if (url && /^wss?:/i.test(url.value))
    return { tier: 1, because: "it is passed to a WebSocket URL", place: url, isInheritable: false };
  if (url && dependsOnUpgrade(url.value, block))
    return {
      tier: 1,
      because: "where it is passed depends on the Upgrade header",
      place: url,
      isInheritable: false,
    };
  for (const scope of block.scope.outwards()) {
    if (scope.kind !== "location" && scope.kind !== "if") break;
    const found = usesUpgrade(scope);
    if (found) return { tier: 1, because: "it looks at the Upgrade header", place: found, isInheritable: false };
  }
  return undefined;
}

/** Whether a value has a variable whose map looks at the Upgrade header. */
function dependsOnUpgrade(value: string, block: RequestScope): boolean {
  return variablesIn(value).some((name) => {
    const map = block.environment.definitions.get(name)?.maps.at(-1);
    return map !== undefined && mentionsUpgrade(map.source);
  });
}

/** Whether an `if` on the Upgrade header takes handshakes out of the location: `return 418`, `rewrite`, another upstream. */
function sendsHandshakesAway(block: RequestScope): boolean {
  if (block.scope.kind !== "location") return false;
  return block.scope.entries.some(({ directive, scope }) => {
    if (scope?.kind !== "if" || !mentionsUpgrade(directive.args.map((word) => word.value).join(" "))) return false;
    // `rewrite … break` changes the path and stays.
    const moves = scope.own("rewrite").some((entry) => entry.directive.arg(2) !== "break");
    const leaves = moves || scope.own("return").length > 0 || scope.own("proxy_pass").length > 0;
    return leaves && block.evaluation("websocket").condition(directive) === true;
  });
}

/** An `if` on `$http_upgrade`, or a Sec-WebSocket-* header handled by hand. */
function usesUpgrade(scope: Scope): Place | undefined {
  const { directive } = scope;
  if (scope.kind === "if" && directive && mentionsUpgrade(directive.args.map((word) => word.value).join(" ")))
    return directive.head;
  for (const { directive: own, scope: block } of scope.entries) {
    if (block && own.name !== "if") continue;
    if (own.name !== "if" && own.name !== "proxy_pass" && own.name !== "add_header") continue;
    const text = own.args.map((word) => word.value).join(" ");
    if (own.name === "add_header" ? /^sec-websocket-/i.test(text) : mentionsUpgrade(text)) return own.head;
  }
  return undefined;
}

function mentionsUpgrade(text: string): boolean {
  return variablesIn(text).some((name) => name === "http_upgrade" || name.startsWith("http_sec_websocket_"));
}

function fromPath(block: RequestScope): Evidence | undefined {
  const { pathWord } = block;
  if (!pathWord) return undefined;
  const hint = pathHint(block.path);
  if (hint === "strong")
    return {
      tier: 2,
      because: `the path ${pathWord.value} names a WebSocket endpoint`,
      place: pathWord,
      isInheritable: false,
    };
  if (hint === "none") return undefined;
  const corroboration = corroborate(block);
  return corroboration
    ? {
        tier: 3,
        because: `the path ${pathWord.value} may be one and ${corroboration}`,
        place: pathWord,
        isInheritable: false,
      }
    : undefined;
}

function corroborate(block: RequestScope): string | undefined {
  const target = (block.url?.value ?? "").replace(/^https?:\/\//i, "").toLowerCase();
  if (
    /(?:^|[^a-z])(?:ws|wss|websockets?|socket|sockets|realtime|signalr|hub)(?:[^a-z]|$)/.test(
      target.split("/")[0] ?? "",
    )
  )
    return "its upstream is named like one";
  const { directive } = block.scope;
  const comments = directive ? commentsAbout(directive) : [];
  if (
    comments.some((comment) =>
      /web-?socket|socket\.io|real-?time/i.test(comment.segment.text.slice(comment.start, comment.end)),
    )
  )
    return "a comment says so";
  // What the server sets for all its locations says nothing about this one.
  const { entry, scope } = effectiveValue(block.scope, "proxy_read_timeout");
  const timeout = scope === block.scope || scope === block.location ? entry?.directive.arg(0) : undefined;
  const isLong = timeout !== undefined && (parseTime(timeout) ?? 0) >= LONG_TIMEOUT_MS;
  if (isLong && !servesEvents(block)) return "its read time-out is long";
  return hasWebsocketSibling(block) ? "its neighbour passes WebSocket to the same upstream" : undefined;
}

/** Whether the location is set up for server-sent events, which want a long time-out just as well. */
function servesEvents(block: RequestScope): boolean {
  const clearsConnection = block.setters("connection").some(({ directive }) => directive.arg(1) === "");
  return clearsConnection || effectiveValue(block.scope, "proxy_buffering").entry?.directive.arg(0) === "off";
}

/**
 * Whether another location of the server passes the handshake to the same upstream. A neighbour below this location, or
 * one whose path is an endpoint by name, is the endpoint itself, and this one the pages around it (`/vnc/` beside
 * `/vnc/websockify` or `/websockify`).
 */
function hasWebsocketSibling(block: RequestScope): boolean {
  const server = block.scope.nearest("server");
  const { location, pattern } = block;
  const target = hostAndPort(block.url?.value);
  // Who writes that answers are buffered has thought of answers, not of a tunnel.
  if (!server || target === undefined || block.scope.own("proxy_buffering").length > 0) return false;
  const neighbours = websocketTargets(server).get(target) ?? [];
  const others = neighbours.filter(({ scope }) => scope !== location);
  const isEndpoint = ({ path }: Neighbour) => path.startsWith(pattern) || pathHint(pathSegments("", path)) === "strong";
  return others.length > 0 && !others.some(isEndpoint);
}

/** The host with its port that a URL names; undefined when a variable decides. */
function hostAndPort(url: string | undefined): string | undefined {
  const match = /^(http|ws)(s?):\/\/(\[[^\]]*\]|[^/:$]+)(:\d+)?(?:\/|$)/i.exec(url ?? "");
  return match ? `${match[3]}${match[4] ?? (match[2] ? ":443" : ":80")}`.toLowerCase() : undefined;
}

interface Neighbour {
  readonly scope: Scope;
  readonly path: string;
}

const targetsOf = new WeakMap<readonly Entry[], ReadonlyMap<string, readonly Neighbour[]>>();

/** The upstreams that locations of a server pass an Upgrade header to, with (at most three of) the locations. */
function websocketTargets(server: Scope): ReadonlyMap<string, readonly Neighbour[]> {
  const known = targetsOf.get(server.entries);
  if (known) return known;
  const found = new Map<string, Neighbour[]>();
  for (const scope of server.children()) {
    if (scope.kind !== "location" || !scope.directive) continue;
    const passesUpgrade = scope
      .own("proxy_set_header")
      .some(({ directive }) => directive.arg(0)?.toLowerCase() === "upgrade" && directive.arg(1) !== "");
    const target = hostAndPort(scope.own("proxy_pass").at(-1)?.directive.arg(0));
    if (!passesUpgrade || target === undefined) continue;
    const neighbours = found.get(target) ?? [];
    if (neighbours.length < 3) neighbours.push({ scope, path: readLocationName(scope.directive)?.pattern ?? "" });
    found.set(target, neighbours);
  }
  targetsOf.set(server.entries, found);
  return found;
}
