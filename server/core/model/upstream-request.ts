import { variablesIn } from "../nginx/variables.ts";
import { HTTP_1_1_BY_DEFAULT, isAtLeast } from "../nginx/version.ts";
import { type ClientRequest, escapePath } from "./client-request.ts";
import { type Certainty, effectiveList, effectiveValue } from "./effective.ts";
import { type Arrival, travel } from "./journey.ts";
import type { LocationBlock } from "./location.ts";
import { uriPart } from "./pass-url.ts";
import type { RequestState } from "./request-state.ts";
import type { Entry, Scope } from "./scope.ts";
import type { ServerBlock } from "./server.ts";

/** A header of the request that a backend gets. */
export interface UpstreamHeader {
  readonly name: string;
  /** Undefined when it cannot be said; it may then be empty, and an empty header is not sent. */
  readonly value: string | undefined;
  /** Who has put it there: the configuration, nginx itself, or the client. */
  readonly from: "configuration" | "nginx" | "client";
  /** The `proxy_set_header` it comes from. */
  readonly entry: Entry | undefined;
}

/** The request that a backend gets. What is undefined in it cannot be said. */
export interface UpstreamRequest {
  readonly kind: "request";
  readonly pass: Entry;
  readonly location: LocationBlock;
  /** The block whose settings count: the location, or an `if` or `limit_except` in it. */
  readonly scope: Scope;
  /** The `upstream` or the host with its port, as `$proxy_host` names it. */
  readonly target: string | undefined;
  readonly method: string | undefined;
  readonly uri: string | undefined;
  readonly version: string | undefined;
  readonly headers: readonly UpstreamHeader[];
  readonly certainty: Certainty;
  /** The variables whose values cannot be said. */
  readonly unknown: ReadonlySet<string>;
}

/** What becomes of a request: what a backend gets, or how it ends before. */
export type Outcome = UpstreamRequest | Exclude<Arrival, { kind: "passed" }>;

/** From this version on only the last of several Host headers is sent. */
const ONE_HOST = "1.31.4";

/**
 * What a backend gets of a request to a server, provided that access control lets it through
 * (ngx_http_proxy_handler, ngx_http_proxy_create_request).
 */
export function upstreamRequest(server: ServerBlock, request: ClientRequest): Outcome {
  const arrival = travel(server, request);
  return arrival.kind === "passed" ? passRequest(server, arrival) : arrival;
}

/** What a backend gets of a request that has come to its `proxy_pass`. */
export function passRequest(server: ServerBlock, arrival: Extract<Arrival, { kind: "passed" }>): Outcome {
  const { pass, scope, state, location } = arrival;
  const written = pass.directive.arg(0) ?? "";
  const hasVariables = variablesIn(written).length > 0;
  const url = state.evaluate(written);
  const parsed = url === undefined ? undefined : parseUrl(url);
  const failure = hasVariables && url !== undefined ? findFailure(server, parsed) : undefined;
  if (failure) return { kind: "answered", status: failure, entry: pass };
  state.proxyHost = parsed?.host;
  state.proxyPort = parsed?.port;
  // `if` and `limit_except` have the path of the location whose backend they use, a regular expression has none.
  const replaced = location.modifier.startsWith("~") ? "" : location.pattern;
  const uri = hasVariables ? uriOfVariables(parsed, state) : uriOf(parsed?.uri ?? "", replaced, state);
  if (uri === "") return { kind: "answered", status: 500, entry: pass };
  const value = (name: string): string | undefined => effectiveValue(scope, name).entry?.directive.arg(0);
  const method = value("proxy_method");
  const body = value("proxy_set_body");
  const sent = {
    method: method === undefined ? state.request.method : state.evaluate(method),
    body: body === undefined ? undefined : { text: state.evaluate(body) },
  };
  return {
    kind: "request",
    pass,
    location,
    scope,
    target: parsed?.host,
    method: sent.method,
    uri,
    version: versionOf(server, value("proxy_http_version")),
    headers: headersOf(server, scope, state, sent.body),
    certainty: effectiveList(scope, "proxy_set_header").certainty,
    unknown: state.unknown,
  };
}

interface Target {
  readonly scheme: "http" | "https";
  /** `$proxy_host`: with the port, unless it is the usual one. */
  readonly host: string;
  readonly port: string;
  /** Name or address alone, and the port if one is written. */
  readonly name: string;
  readonly hasPort: boolean;
  /** The URI part; empty for none. */
  readonly uri: string;
}

/** Takes a URL apart as `ngx_parse_url()` and `ngx_http_proxy_set_vars()` do; undefined for one that nginx refuses. */
function parseUrl(url: string): Target | undefined {
  const scheme = /^(https?):\/\//i.exec(url)?.[1]?.toLowerCase() as "http" | "https" | undefined;
  if (!scheme) return undefined;
  const uri = uriPart(url) ?? "";
  const rest = url.slice(scheme.length + 3, url.length - uri.length);
  if (rest.startsWith("unix:")) return { scheme, host: "localhost", port: "", name: rest, hasPort: false, uri };
  const [, name = "", port] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(rest) ?? [];
  if (name === "") return undefined;
  const usual = scheme === "https" ? "443" : "80";
  const isUsual = port === undefined || Number(port) === Number(usual);
  return {
    scheme,
    host: isUsual ? name : `${name}:${port}`,
    port: isUsual ? usual : port,
    name,
    hasPort: port !== undefined,
    uri,
  };
}

/** How a URL from variables fails: it is none (500), or its host can be neither found nor resolved (502). */
function findFailure({ environment, scope }: ServerBlock, url: Target | undefined): number | undefined {
  if (!url) return 500;
  const isAddress = /^(?:\[|unix:|\d+\.\d+\.\d+\.\d+$)/.test(url.name);
  const isUpstream = !url.hasPort && environment.upstreams.has(url.name.toLowerCase());
  const hasResolver = effectiveValue(scope, "resolver").entry !== undefined;
  // What is not here may name a resolver or be the upstream.
  return isAddress || isUpstream || hasResolver || !environment.isWhole ? undefined : 502;
}

/** A URI part that stands behind variables replaces everything, the query too. */
function uriOfVariables(url: Target | undefined, state: RequestState): string | undefined {
  if (!url) return undefined;
  if (url.uri === "") return uriOf("", "", state);
  return url.uri.startsWith("?") ? `/${url.uri}` : url.uri;
}

/** The URI part in place of the location's path; the request's own where there is none. */
function uriOf(part: string, location: string, state: RequestState): string {
  if (part === "" && state.isUnparsedValid) return state.request.target;
  const isReplaced = part !== "" && state.isLocationValid;
  const rest = isReplaced ? state.path.slice(location.length) : state.path;
  const written = state.isQuoted || state.isInternal ? escapePath(rest) : rest;
  return `${isReplaced ? part : ""}${written}${state.query === "" ? "" : `?${state.query}`}`;
}

function versionOf({ environment }: ServerBlock, written: string | undefined): string | undefined {
  if (written !== undefined) return written;
  const isModern = isAtLeast(environment.version, HTTP_1_1_BY_DEFAULT);
  return isModern === undefined ? undefined : isModern ? "1.1" : "1.0";
}

/** The list in force, nginx's own headers where the list does not name them, and what the client sent of the others. */
function headersOf(
  server: ServerBlock,
  scope: Scope,
  state: RequestState,
  body: { readonly text: string | undefined } | undefined,
): readonly UpstreamHeader[] {
  const { version } = server.environment;
  const found: UpstreamHeader[] = [];
  let setters = effectiveList(scope, "proxy_set_header").entries;
  if (isAtLeast(version, ONE_HOST)) {
    const host = setters.findLast(({ directive }) => directive.arg(0)?.toLowerCase() === "host");
    setters = setters.filter((entry) => entry === host || entry.directive.arg(0)?.toLowerCase() !== "host");
  }
  const named = new Set<string>();
  for (const entry of setters) {
    const name = entry.directive.arg(0) ?? "";
    named.add(name.toLowerCase());
    const value = state.evaluate(entry.directive.arg(1) ?? "");
    if (value !== "") found.push({ name, value, from: "configuration", entry });
  }
  for (const [name, value] of ownHeaders(server, state, body)) {
    if (named.has(name.toLowerCase())) continue;
    named.add(name.toLowerCase());
    if (value !== "") found.push({ name, value, from: "nginx", entry: undefined });
  }
  if (effectiveValue(scope, "proxy_pass_request_headers").entry?.directive.arg(0) === "off") return found;
  for (const [name, value] of state.headers) {
    const isNamed = named.has(name.toLowerCase());
    // A name that is kept although it is invalid has a wrong hash: whether the set one replaces it is chance.
    if (isNamed && !state.validName.test(name))
      found.push({ name, value: undefined, from: "client", entry: undefined });
    if (!isNamed) found.push({ name, value, from: "client", entry: undefined });
  }
  return found;
}

/** `ngx_http_proxy_headers`: what nginx sends by itself, and, empty, what it keeps from the client. */
function ownHeaders(
  server: ServerBlock,
  state: RequestState,
  body: { readonly text: string | undefined } | undefined,
): readonly (readonly [string, string | undefined])[] {
  const isModern = isAtLeast(server.environment.version, HTTP_1_1_BY_DEFAULT);
  const length = body ? body.text?.length.toString() : state.variable("content_length");
  return [
    ["Host", state.proxyHost],
    ["Connection", isModern === undefined ? undefined : isModern ? "" : "close"],
    ["Content-Length", length],
    ["Transfer-Encoding", ""],
    ["TE", ""],
    ["Keep-Alive", ""],
    ["Expect", ""],
    ["Upgrade", ""],
  ];
}
