import { HTTP_1_1_BY_DEFAULT, isAtLeast, type Version } from "../nginx/version.ts";
import type { ClientRequest } from "./client-request.ts";
import { type Certainty, effectiveList, effectiveValue } from "./effective.ts";
import { type Arrival, CONFUSED, travel } from "./journey.ts";
import type { LocationBlock } from "./location.ts";
import type { RequestState } from "./request-state.ts";
import type { Entry, Scope } from "./scope.ts";
import type { ServerBlock } from "./server.ts";
import { upstreamUrl } from "./upstream-url.ts";

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

/** The settings that shape the request beside the list of headers. */
const settings = ["proxy_http_version", "proxy_method", "proxy_set_body", "proxy_pass_request_headers"] as const;

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
  const url = upstreamUrl(pass.directive.arg(0) ?? "", location, state);
  if (typeof url === "number") return { kind: "answered", status: url, entry: pass };
  state.proxyHost = url.host;
  state.proxyPort = url.port;
  const { version } = server.environment;
  const [httpVersion, method, body, passesHeaders] = settings.map((name) =>
    effectiveValue(scope, name).entry?.directive.arg(0),
  );
  const list = effectiveList(scope, "proxy_set_header");
  const setters = isAtLeast(version, ONE_HOST) ? withOneHost(list.entries) : list.entries;
  const before = state.mapMatches;
  const sentMethod = method === undefined ? state.request.method : state.evaluate(method);
  const length = body === undefined ? state.variable("content_length") : state.evaluate(body)?.length.toString();
  const set = setters.map((entry): UpstreamHeader => {
    const [name = "", value = ""] = entry.directive.args.map((word) => word.value);
    return { name, value: state.evaluate(value), from: "configuration", entry };
  });
  const texts = [body, ...setters.map(({ directive }) => directive.arg(1))];
  const hasCaptures = texts.some((text) => text !== undefined && /\$\d/.test(text));
  if (state.isConfused || (hasCaptures && state.mapMatches > before)) return { kind: "unknown", because: CONFUSED };
  // nginx makes the request before it looks for the host (ngx_http_upstream_init_request).
  if (!url.isReachable) return { kind: "answered", status: 502, entry: pass };
  const headers = [...set, ...withoutNamed(headersOfNginx(version, state, length), set)];
  if (passesHeaders !== "off") headers.push(...headersOfClient(headers, state));
  return {
    kind: "request",
    pass,
    location,
    scope,
    target: url.host,
    method: sentMethod,
    uri: url.uri,
    version: httpVersion ?? defaultVersion(version),
    headers: headers.filter(({ value }) => value !== ""),
    certainty: worst([list, ...settings.map((name) => effectiveValue(scope, name))]),
    unknown: state.unknown,
  };
}

function withOneHost(setters: readonly Entry[]): readonly Entry[] {
  const isHost = ({ directive }: Entry): boolean => directive.arg(0)?.toLowerCase() === "host";
  const last = setters.findLast(isHost);
  return setters.filter((entry) => entry === last || !isHost(entry));
}

function defaultVersion(version: Version | undefined): string | undefined {
  const isModern = isAtLeast(version, HTTP_1_1_BY_DEFAULT);
  return isModern === undefined ? undefined : isModern ? "1.1" : "1.0";
}

/** `ngx_http_proxy_headers`: what nginx sends by itself and, empty, what it keeps from the backend. */
function headersOfNginx(
  version: Version | undefined,
  state: RequestState,
  length: string | undefined,
): readonly UpstreamHeader[] {
  const isModern = isAtLeast(version, HTTP_1_1_BY_DEFAULT);
  const known: readonly (readonly [string, string | undefined])[] = [
    ["Host", state.proxyHost],
    ["Connection", isModern === undefined ? undefined : isModern ? "" : "close"],
    ["Content-Length", length],
    ...["Transfer-Encoding", "TE", "Keep-Alive", "Expect", "Upgrade"].map((name) => [name, ""] as const),
  ];
  return known.map(([name, value]) => ({ name, value, from: "nginx", entry: undefined }));
}

/** The headers of one list whose names another one does not have, whatever their case. */
function withoutNamed(some: readonly UpstreamHeader[], others: readonly UpstreamHeader[]): readonly UpstreamHeader[] {
  const named = new Set(others.map(({ name }) => name.toLowerCase()));
  return some.filter(({ name }) => !named.has(name.toLowerCase()));
}

/** What the client sent and nobody has set. */
function headersOfClient(others: readonly UpstreamHeader[], state: RequestState): readonly UpstreamHeader[] {
  const named = new Set(others.map(({ name }) => name.toLowerCase()));
  return state.headers.flatMap(([name, value]): UpstreamHeader[] => {
    if (!named.has(name.toLowerCase())) return [{ name, value, from: "client", entry: undefined }];
    // A name that is kept although it is invalid has a wrong hash: whether the set one replaces it is chance.
    return state.validName.test(name) ? [] : [{ name, value: undefined, from: "client", entry: undefined }];
  });
}

function worst(found: readonly { readonly certainty: Certainty }[]): Certainty {
  const order: readonly Certainty[] = ["doubtful", "open"];
  return order.find((each) => found.some(({ certainty }) => certainty === each)) ?? "complete";
}
