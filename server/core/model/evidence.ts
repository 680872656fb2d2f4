import { parseTime } from "../nginx/time.ts";
import { variablesIn } from "../nginx/variables.ts";
import type { Place } from "../syntax/directive.ts";
import { annotationsIn, commentsAbout } from "./annotations.ts";
import { effectiveList, effectiveValue } from "./effective.ts";
import { pathHint } from "./paths.ts";
import type { ProxyBlock } from "./proxy.ts";
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

/** Weighs what a proxied location says about itself: comments, directives, then its path. */
export function weighEvidence(proxy: ProxyBlock): Verdict {
  return (
    fromComments(proxy) ??
    fromDirectives(proxy) ??
    fromPath(proxy) ?? { tier: 4, because: "", place: undefined, isInheritable: false }
  );
}

function fromComments(proxy: ProxyBlock): Verdict | undefined {
  for (const scope of proxy.scope.outwards()) {
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

function fromDirectives(proxy: ProxyBlock): Verdict | undefined {
  if (sendsHandshakesAway(proxy)) return "not-websocket";
  const headers = effectiveList(proxy.scope, "proxy_set_header");
  for (const { directive } of headers.entries) {
    const name = directive.arg(0)?.toLowerCase();
    const value = directive.arg(1) ?? "";
    const isUpgrade = name === "upgrade" && value !== "";
    const isConnection = name === "connection" && /upgrade/i.test(value);
    const isKey = name?.startsWith("sec-websocket-");
    if (isUpgrade || isConnection || isKey)
      return { tier: 1, because: `it sets the header ${directive.arg(0)}`, place: directive.head, isInheritable: true };
  }
  if (/^wss?:/i.test(proxy.url.value))
    return { tier: 1, because: "it is passed to a WebSocket URL", place: proxy.url, isInheritable: false };
  if (dependsOnUpgrade(proxy.url.value, proxy))
    return {
      tier: 1,
      because: "where it is passed depends on the Upgrade header",
      place: proxy.url,
      isInheritable: false,
    };
  for (const scope of proxy.scope.outwards()) {
    if (scope.kind !== "location" && scope.kind !== "if") break;
    const found = usesUpgrade(scope);
    if (found) return { tier: 1, because: "it looks at the Upgrade header", place: found, isInheritable: false };
  }
  return undefined;
}

/** Whether a value has a variable whose map looks at the Upgrade header. */
function dependsOnUpgrade(value: string, proxy: ProxyBlock): boolean {
  return variablesIn(value).some((name) => {
    const map = proxy.context.definitions.get(name)?.maps.at(-1);
    return map !== undefined && mentionsUpgrade(map.source);
  });
}

/** Whether an `if` on the Upgrade header takes handshakes out of the location: `return 418`, `rewrite`, another upstream. */
function sendsHandshakesAway(proxy: ProxyBlock): boolean {
  if (proxy.scope.kind !== "location") return false;
  return proxy.scope.entries.some(({ directive, scope }) => {
    if (scope?.kind !== "if" || !mentionsUpgrade(directive.args.map((word) => word.value).join(" "))) return false;
    const leaves = ["return", "rewrite", "proxy_pass"].some((name) => scope.own(name).length > 0);
    return leaves && proxy.evaluation("websocket").condition(directive) === true;
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

function fromPath(proxy: ProxyBlock): Evidence | undefined {
  const { pathWord } = proxy;
  if (!pathWord) return undefined;
  const hint = pathHint(proxy.path);
  if (hint === "strong")
    return {
      tier: 2,
      because: `the path ${pathWord.value} names a WebSocket endpoint`,
      place: pathWord,
      isInheritable: false,
    };
  if (hint === "none") return undefined;
  const corroboration = corroborate(proxy);
  return corroboration
    ? {
        tier: 3,
        because: `the path ${pathWord.value} may be one and ${corroboration}`,
        place: pathWord,
        isInheritable: false,
      }
    : undefined;
}

function corroborate(proxy: ProxyBlock): string | undefined {
  const target = proxy.url.value.replace(/^https?:\/\//i, "").toLowerCase();
  if (
    /(?:^|[^a-z])(?:ws|wss|websockets?|socket|sockets|realtime|signalr|hub)(?:[^a-z]|$)/.test(
      target.split("/")[0] ?? "",
    )
  )
    return "its upstream is named like one";
  const { directive } = proxy.scope;
  const comments = directive ? commentsAbout(directive) : [];
  if (
    comments.some((comment) =>
      /web-?socket|socket\.io|real-?time/i.test(comment.segment.text.slice(comment.start, comment.end)),
    )
  )
    return "a comment says so";
  const timeout = effectiveValue(proxy.scope, "proxy_read_timeout").entry?.directive.arg(0);
  const isLong = timeout !== undefined && (parseTime(timeout) ?? 0) >= LONG_TIMEOUT_MS;
  if (isLong && !servesEvents(proxy)) return "its read time-out is long";
  return hasWebsocketSibling(proxy) ? "its neighbour passes WebSocket to the same upstream" : undefined;
}

/** Whether the location is set up for server-sent events, which want a long time-out just as well. */
function servesEvents(proxy: ProxyBlock): boolean {
  const clearsConnection = proxy.setters("connection").some(({ directive }) => directive.arg(1) === "");
  return clearsConnection || effectiveValue(proxy.scope, "proxy_buffering").entry?.directive.arg(0) === "off";
}

/** Whether another location of the server passes the handshake to the same upstream. */
function hasWebsocketSibling(proxy: ProxyBlock): boolean {
  const server = proxy.scope.nearest("server");
  const { target, location } = proxy;
  if (!server || target === undefined) return false;
  const locations = websocketTargets(server).get(target);
  return locations?.some((scope) => scope !== location) === true;
}

const targetsOf = new WeakMap<readonly Entry[], ReadonlyMap<string, readonly Scope[]>>();

/** The upstreams that locations of a server pass an Upgrade header to, with (at most two of) the locations. */
function websocketTargets(server: Scope): ReadonlyMap<string, readonly Scope[]> {
  const known = targetsOf.get(server.entries);
  if (known) return known;
  const found = new Map<string, Scope[]>();
  for (const scope of server.children()) {
    const passesUpgrade = scope
      .own("proxy_set_header")
      .some(({ directive }) => directive.arg(0)?.toLowerCase() === "upgrade" && directive.arg(1) !== "");
    const url = scope.own("proxy_pass").at(-1)?.directive.arg(0)?.toLowerCase();
    if (scope.kind !== "location" || !passesUpgrade || url === undefined) continue;
    const target = url.replace(/^[a-z]+:\/\//, "").split(/[:/]/)[0] ?? "";
    const locations = found.get(target) ?? [];
    if (locations.length < 2) found.set(target, [...locations, scope]);
  }
  targetsOf.set(server.entries, found);
  return found;
}
