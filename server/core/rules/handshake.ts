import type { Severity } from "../finding.ts";
import type { Environment } from "../model/config.ts";
import { type EffectiveList, effectiveList } from "../model/effective.ts";
import { misplacedHeaders, misspeltHeaders } from "../model/mistaken-headers.ts";
import { pathHint } from "../model/paths.ts";
import { type ProxyBlock, proxyOf, type SentHeader } from "../model/proxy.ts";
import type { RequestScope } from "../model/request-scope.ts";
import type { Entry } from "../model/scope.ts";
import { hasUpgradeToken } from "../model/tokens.ts";
import { variableName } from "../model/variables.ts";
import type { Place } from "../syntax/directive.ts";
import { isCertain } from "../syntax/template.ts";

/** What is missing from the handshake that a location passes on. */
export type Gap =
  | "none"
  | "unknown"
  | "both"
  | "upgrade"
  | "connection"
  | "lost"
  /** A header is misspelt, goes to the browser or is refused by nginx: that line is reported, not what is missing. */
  | "mistaken";

const gaps = new WeakMap<ProxyBlock, Gap>();

/** What is missing, judged once for all rules that ask. */
export function handshakeGap(proxy: ProxyBlock): Gap {
  let gap = gaps.get(proxy);
  if (gap === undefined) {
    gap = findGap(proxy);
    gaps.set(proxy, gap);
  }
  return gap;
}

function findGap(proxy: ProxyBlock): Gap {
  if (isCoveredByLocation(proxy)) return "unknown";
  if (isRefused(proxy)) return "mistaken";
  const isSet = (entry: Entry) => (entry.directive.arg(1) ?? "") !== "";
  const isUpgradeSet = proxy.setters("upgrade").some(isSet);
  const connection = proxy.setters("connection");
  if (isUpgradeSet && connection.length > 0) return "none";
  if (proxy.headers.certainty === "doubtful" || !isCertain(proxy.directive.namePlace)) return "unknown";
  if (misplacedHeaders(proxy).length > 0) return "mistaken";
  const misspelt = misspeltHeaders(proxy);
  const upgrade = isUpgradeSet || misspelt.some(({ header }) => header === "upgrade");
  if (upgrade && (connection.length > 0 || misspelt.some(({ header }) => header === "connection"))) return "mistaken";
  if (upgrade) return "connection";
  if (connection.some(isSet) && signalsUpgrade(proxy)) return "upgrade";
  return losesOuterPair(proxy) ? "lost" : "both";
}

/** Whether nginx stops here: at one of the two headers in an `if` or without one value, at `proxy_pass` in an `if` of a server. */
function isRefused({ headers, location, scope }: ProxyBlock): boolean {
  if (scope.parent?.kind === "server" && scope.parent.directive && !location) return true;
  const isHandshake = ({ directive }: Entry) => /^(?:upgrade|connection)$/i.test(directive.arg(0) ?? "");
  if (headers.entries.some((entry) => isHandshake(entry) && entry.directive.args.length !== 2)) return true;
  const conditions = location?.own("if") ?? [];
  return conditions.some(({ scope }) => scope?.own("proxy_set_header").some(isHandshake));
}

/**
 * Whether Connection alone says that upgrades are meant: a value that certainly is `upgrade` in a handshake. A client's
 * header that is merely passed on says so only on a path for WebSocket.
 */
function signalsUpgrade(proxy: ProxyBlock): boolean {
  return proxy.sent("connection", "websocket").some(({ entry, value }) => {
    const passesOn = variableName(entry?.directive.arg(1)) === "http_connection" && pathHint(proxy.path) !== "strong";
    return !passesOn && value !== undefined && value.length > 0 && value.every(hasUpgradeToken);
  });
}

/** Whether this is an `if` or `limit_except` whose location passes WebSocket by itself: headers and limits are its. */
function isCoveredByLocation(proxy: RequestScope): boolean {
  const { scope, location, environment } = proxy;
  if (!location || scope === location) return false;
  return proxyOf(location, environment)?.evidence !== undefined;
}

/** Whether one of the headers can hold the token `upgrade`. */
export function mayUpgrade(headers: readonly SentHeader[]): boolean {
  return headers.some(({ value }) => !value || value.some(hasUpgradeToken));
}

/** The list that the location's own headers replace: that of the next level outwards which has one. */
export function replacedList(proxy: ProxyBlock): EffectiveList | undefined {
  const outer = proxy.headers.scope?.parent;
  if (!outer) return undefined;
  const list = effectiveList(outer, "proxy_set_header");
  return list.entries.length > 0 ? list : undefined;
}

/** The outer directives that set a header to something. */
export function outerSetters(list: EffectiveList, header: string): readonly Entry[] {
  return list.entries.filter(
    ({ directive }) => directive.arg(0)?.toLowerCase() === header && (directive.arg(1) ?? "") !== "",
  );
}

function losesOuterPair(proxy: ProxyBlock): boolean {
  const list = replacedList(proxy);
  return list !== undefined && outerSetters(list, "upgrade").length > 0 && outerSetters(list, "connection").length > 0;
}

/** Where a finding about the whole location goes: `proxy_pass`, or the include that brings it into the location. */
export function passPlace(proxy: ProxyBlock): Place {
  const include = proxy.pass.via[proxy.location?.via.length ?? 0];
  return (include ?? proxy.directive).namePlace;
}

/** Where a finding about half a pair goes: the location, or the header that an outer level sets for all its locations. */
export function halfPlace(proxy: ProxyBlock, present: Entry | undefined): Place {
  return present && !isOwnLevel(proxy) ? present.directive.namePlace : passPlace(proxy);
}

/** Whether the headers in force are written for this location, and not for everything around it. */
export function isOwnLevel(proxy: RequestScope): boolean {
  const { scope } = proxy.headers;
  return scope !== undefined && (scope === proxy.scope || scope === proxy.location);
}

/**
 * Whether the location itself is meant for WebSocket: a comment, its path, its own directives. A location that merely
 * inherits the headers of its server is not.
 */
export function isMeant(proxy: RequestScope): boolean {
  const { evidence, pattern } = proxy;
  if (!evidence || evidence.tier > 2 || isCoveredByLocation(proxy)) return false;
  return (
    evidence.tier !== 1 ||
    isOwnLevel(proxy) ||
    !evidence.isInheritable ||
    (pattern === "/" && proxy.modifier !== "=") ||
    pathHint(proxy.path) === "strong"
  );
}

/** Severity by evidence: an error where the configuration itself says WebSocket, less where only the path does. */
export function severityByEvidence(proxy: ProxyBlock, environment: Environment): Severity | undefined {
  const { evidence } = proxy;
  if (!evidence) return undefined;
  const sure: Severity = evidence.tier <= 1 ? "error" : evidence.tier === 2 ? "warning" : "information";
  if (proxy.headers.certainty === "complete" || environment.http) return sure;
  // A piece of a server or of a location: what stands around it may bring the headers.
  return environment.context === "server" ? "information" : undefined;
}

/** Whose handshakes fail: “/ws”, or “the locations that inherit it” where an outer level sets half a pair. */
export function subjectText(proxy: ProxyBlock, present: Entry | undefined): string {
  return present && !isOwnLevel(proxy) ? "the locations that inherit this" : pathText(proxy);
}

/** “/ws”, “~ ^/ws/\d+$” for messages; the path as it is written, in quotes where it had to be cut. */
export function pathText(proxy: RequestScope): string {
  const path = proxy.pathWord?.value ?? "this location";
  const isGlued = path.startsWith("~");
  const text = proxy.modifier.startsWith("~") && !isGlued ? `${proxy.modifier} ${path}` : path;
  return text.length > 24 ? `“${text.slice(0, 22)}…”` : text;
}
