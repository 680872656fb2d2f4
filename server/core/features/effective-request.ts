import type { Span } from "../finding.ts";
import { browserRequest, type ClientRequest, readTarget } from "../model/client-request.ts";
import type { LocationBlock } from "../model/location.ts";
import { RequestState } from "../model/request-state.ts";
import { samplePath } from "../model/sample-path.ts";
import type { Scope } from "../model/scope.ts";
import type { ServerBlock } from "../model/server.ts";
import { type Outcome, passRequest, type UpstreamHeader, upstreamRequest } from "../model/upstream-request.ts";
import { variablesIn } from "../nginx/variables.ts";
import { spanOf } from "../syntax/document.ts";
import { type EffectivePlace, headOf } from "./effective.ts";
import { originsOf } from "./effective-place.ts";
import { lineOf } from "./effective-values.ts";

/** A header that a backend gets. */
export interface ViewedHeader {
  readonly name: string;
  /** Undefined where it differs from request to request. */
  readonly value: string | undefined;
  /** What the configuration writes, when that is not the value itself. */
  readonly written: string | undefined;
  /** Who has put it there. */
  readonly from: UpstreamHeader["from"];
  readonly span: Span | undefined;
  /** Whether the other kind of request has no such header, or another value in it. */
  readonly differs: boolean;
}

/** What a backend gets of a request, or what becomes of the request before. */
export type ViewedRequest =
  | {
      readonly kind: "request";
      /** `GET /ws HTTP/1.1`; a part that cannot be said is shown as `…`. */
      readonly line: string;
      /** Where it goes: the URL as written. */
      readonly to: string;
      readonly headers: readonly ViewedHeader[];
      /** The location whose backend gets it, if that is another one. */
      readonly by: { readonly text: string; readonly span: Span | undefined } | undefined;
      /** Why it is no WebSocket handshake, each in a few words; empty when it is one, undefined when that cannot be said. */
      readonly lacks: readonly string[] | undefined;
    }
  | { readonly kind: "ended"; readonly text: string; readonly span: Span | undefined };

/** A request that was played through the configuration. */
export interface PlayedRequest {
  readonly view: ViewedRequest;
  /** Where it was passed on. */
  readonly arrival: { readonly location: LocationBlock; readonly scope: Scope } | undefined;
  readonly doubts: readonly string[];
}

/** What a browser asks for that opens a place: a handshake or a plain GET. */
export function playRequest(place: EffectivePlace, kind: "websocket" | "plain"): PlayedRequest {
  const { server, location, scope } = place;
  const sample = place.request?.target ?? (location && samplePath(location.modifier, location.pattern));
  const request = requestFor(place, sample ?? "/", kind);
  const describeOr = (outcome: Outcome): PlayedRequest => {
    if (outcome.kind !== "unknown" || !location) return describe(outcome, place, []);
    const because = outcome.because === "if" ? "an if" : outcome.because;
    const doubt = `Not every request is passed on like this: ${because} decides.`;
    const fallback = outcome.because === "try_files" ? fallbackOf(location, server) : undefined;
    if (fallback)
      return playHere({ ...place, location: fallback, scope: fallback.scope }, request, sample, [doubt], place);
    return location.pass?.directive.name === "proxy_pass"
      ? playHere(place, request, sample, [doubt])
      : describe(outcome, place, []);
  };
  if (place.request || !location) return describeOr(upstreamRequest(server, request));
  const target = sample === undefined ? undefined : readTarget(sample, "merged");
  const route = target && location.directive ? server.route(target.path) : undefined;
  if (!route) return playHere(place, request, sample, []);
  if (route.location !== location || route.isSlashRedirect) {
    const other = route.location ? headOf(route.location.scope) : "nothing";
    return playHere(place, request, sample, [`${sample} itself goes to ${other}; other paths may come here.`]);
  }
  const outcome = upstreamRequest(server, request);
  if (scope !== location.scope && (outcome.kind !== "request" || outcome.scope !== scope))
    return playHere(place, request, sample, []);
  return describeOr(outcome);
}

/** The named location that `try_files` hands over to when there is no file. */
function fallbackOf({ scope }: LocationBlock, server: ServerBlock): LocationBlock | undefined {
  const last = scope.own("try_files")[0]?.directive.args.at(-1)?.value ?? "";
  const named = last.startsWith("@") ? server.named(last) : undefined;
  return named?.proxy && named;
}

/** A request that has come to a place, however it did, seen from another; nothing is rewritten on the way. */
function playHere(
  place: EffectivePlace,
  request: ClientRequest,
  sample: string | undefined,
  doubts: readonly string[],
  seenFrom: EffectivePlace = place,
): PlayedRequest {
  const { server, location, scope } = place;
  const pass = scope.own("proxy_pass").at(-1) ?? location?.scope.own("proxy_pass").at(-1);
  const target = readTarget(request.target, "merged");
  if (!pass || !location || !target) return describe({ kind: "served", location }, seenFrom, doubts);
  const state = new RequestState(server, request, target);
  state.captures = undefined;
  state.hasSkippedSets = true;
  if (sample !== undefined && location.modifier.startsWith("~"))
    state.match(location.pattern, location.modifier === "~*", target.path);
  const outcome = passRequest(server, { kind: "passed", pass, location, scope, state });
  return describe(
    outcome.kind === "request" && sample === undefined ? { ...outcome, uri: undefined } : outcome,
    seenFrom,
    doubts,
  );
}

function requestFor(place: EffectivePlace, target: string, kind: "websocket" | "plain"): ClientRequest {
  const { server } = place;
  const request = browserRequest(kind, target);
  const host = place.request?.host ?? /^\w+:\/\/(.+)$/.exec((server.directive && originsOf(server)[0]) ?? "")?.[1];
  const hasName = place.request !== undefined || server.names.some((name) => name.includes("."));
  const headers = request.headers.map(([name, value]): (typeof request.headers)[number] =>
    name === "Host" && hasName && host !== undefined ? [name, host] : [name, value],
  );
  const port = server.listens.length === 1 ? server.listens[0]?.port || undefined : undefined;
  return { ...request, headers, port };
}

function describe(outcome: Outcome, place: EffectivePlace, doubts: readonly string[]): PlayedRequest {
  if (outcome.kind !== "request") return { view: describeEnd(outcome, place), arrival: undefined, doubts };
  const { location, scope } = outcome;
  const view: ViewedRequest = {
    kind: "request",
    line: `${outcome.method ?? "…"} ${outcome.uri ?? "…"} HTTP/${outcome.version ?? "1.0"}`,
    to: outcome.pass.directive.args[0]?.raw ?? "",
    headers: outcome.headers.map(viewHeader),
    by:
      location === place.location ? undefined : { text: headOf(location.scope), span: spanOf(location.directive.head) },
    lacks: lacksOf(outcome),
  };
  return { view, arrival: { location, scope }, doubts };
}

function describeEnd(outcome: Exclude<Outcome, { kind: "request" }>, { location }: EffectivePlace): ViewedRequest {
  if (outcome.kind === "unknown") return endedBy(outcome.because, location);
  if (outcome.kind === "answered") {
    const { status, entry } = outcome;
    const isLost = status === 502 && entry?.directive.name === "proxy_pass";
    const reason = entry
      ? `${isLost ? " (no resolver is set)" : ""}: ${lineOf(entry.directive)}`
      : status === 301
        ? ": the path lacks a slash at its end."
        : ".";
    const text = `nginx answers ${status ?? "by itself"}, no backend is asked${reason}`;
    return { kind: "ended", text, span: entry && spanOf(entry.directive.head) };
  }
  const at = outcome.location ?? location;
  const pass = at?.pass?.directive;
  if (pass) return { kind: "ended", text: `Passed on, not as HTTP: ${lineOf(pass)}`, span: spanOf(pass.head) };
  return {
    kind: "ended",
    text: "No backend is asked: nginx answers it, with a file unless something else is set.",
    span: undefined,
  };
}

function endedBy(because: string, location: LocationBlock | undefined): ViewedRequest {
  const entry = because === "try_files" ? location?.scope.own("try_files")[0] : undefined;
  const line = entry ? `: ${lineOf(entry.directive)}` : ".";
  return {
    kind: "ended",
    text: `It cannot be said: ${because} decides${line}`,
    span: entry && spanOf(entry.directive.head),
  };
}

function viewHeader({ name, value, from, entry }: UpstreamHeader): ViewedHeader {
  const written = entry?.directive.args[1]?.value ?? (from === "nginx" ? ownHeader(name) : undefined);
  const hasVariable = variablesIn(written ?? "").length > 0;
  return {
    name,
    value,
    written: hasVariable || value === undefined ? written : undefined,
    from,
    span: entry && spanOf(entry.directive.head),
    differs: false,
  };
}

/** What nginx sends by itself, where it cannot be said what that is. */
function ownHeader(name: string): string | undefined {
  if (name === "Host") return "$proxy_host";
  return name === "Connection" ? "close" : undefined;
}

/** Marks what one of two requests has and the other has not. */
export function compareRequests(
  handshake: ViewedRequest,
  plain: ViewedRequest,
): { readonly handshake: ViewedRequest; readonly plain: ViewedRequest } {
  return { handshake: mark(handshake, plain), plain: mark(plain, handshake) };
}

function mark(request: ViewedRequest, other: ViewedRequest): ViewedRequest {
  if (request.kind !== "request" || other.kind !== "request") return request;
  const key = ({ name, value, written }: ViewedHeader): string => `${name.toLowerCase()}: ${value ?? written ?? ""}`;
  const known = new Set(other.headers.map(key));
  return { ...request, headers: request.headers.map((header) => ({ ...header, differs: !known.has(key(header)) })) };
}

function lacksOf(outcome: Extract<Outcome, { kind: "request" }>): readonly string[] | undefined {
  const { headers, method, version } = outcome;
  const lacks: string[] = [];
  let isKnown = outcome.certainty !== "doubtful" && method !== undefined;
  if (method !== undefined && method !== "GET") lacks.push(`the method is ${method}`);
  if (version === undefined) lacks.push("HTTP/1.0 before nginx 1.29.7");
  else if (version !== "1.1") lacks.push(`HTTP/${version}`);
  const check = (name: string, pattern: RegExp): void => {
    const found = headers.filter((header) => header.name.toLowerCase() === name.toLowerCase());
    if (found.length === 0) lacks.push(`no ${name}`);
    else if (found.some(({ value, from }) => value === undefined && from === "configuration")) isKnown = false;
    else if (!found.some(({ value }) => value === undefined || pattern.test(value)))
      lacks.push(`${name} is ${found[0]?.value ?? "unknown"}`);
  };
  check("Upgrade", /^websocket$/i);
  // Before 1.29.7 nginx says close by itself; which of the two it is does not matter: neither asks for an upgrade.
  const isOwn = headers.some(({ name, from }) => name === "Connection" && from === "nginx");
  if (isOwn) lacks.push("no Connection: upgrade");
  else check("Connection", /(?:^|,)\s*upgrade\s*(?:,|$)/i);
  check("Sec-WebSocket-Key", /./);
  check("Sec-WebSocket-Version", /./);
  return isKnown ? lacks : undefined;
}
