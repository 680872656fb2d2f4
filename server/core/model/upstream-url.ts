// Where proxy_pass sends a request, and under which URI (ngx_http_proxy_eval, ngx_http_proxy_set_vars).
import { variablesIn } from "../nginx/variables.ts";
import { escapePath } from "./client-request.ts";
import { effectiveValue } from "./effective.ts";
import type { LocationBlock } from "./location.ts";
import { uriPart } from "./pass-url.ts";
import type { RequestState } from "./request-state.ts";

/** The URL of a `proxy_pass` for one request. What is undefined cannot be said. */
export interface UpstreamUrl {
  /** `$proxy_host`: the name, with the port unless it is the usual one. */
  readonly host: string | undefined;
  /** `$proxy_port` */
  readonly port: string | undefined;
  /** The URI in the request line. */
  readonly uri: string | undefined;
  /** Whether the host is an address or an upstream, or may be resolved. */
  readonly isReachable: boolean;
}

/** Makes the URL for a request in a location; the status when nginx can make no request of it. */
export function upstreamUrl(written: string, location: LocationBlock, state: RequestState): UpstreamUrl | number {
  const url = state.evaluate(written);
  if (url === undefined) return { host: undefined, port: undefined, uri: undefined, isReachable: true };
  const parsed = parseUrl(url);
  if (variablesIn(written).length > 0) {
    if (!parsed) return 500;
    return { ...parsed, uri: uriOfVariables(parsed.uri, state), isReachable: isReachable(parsed, state) };
  }
  // A regular expression has no path that could be replaced, and nginx allows no URI part there.
  const replaced = location.modifier.startsWith("~") ? "" : location.pattern;
  const uri = uriOf(parsed?.uri ?? "", replaced, state);
  return uri === "" ? 500 : { host: parsed?.host, port: parsed?.port, uri, isReachable: true };
}

interface Parsed {
  readonly host: string;
  readonly port: string;
  /** Name or address alone. */
  readonly name: string;
  readonly hasPort: boolean;
  /** The URI part; empty for none. */
  readonly uri: string;
}

/** Takes a URL apart as `ngx_parse_url()` does; undefined for one that nginx refuses. */
function parseUrl(url: string): Parsed | undefined {
  const scheme = /^(https?):\/\//i.exec(url)?.[1]?.toLowerCase();
  if (scheme === undefined) return undefined;
  const uri = uriPart(url) ?? "";
  const rest = url.slice(scheme.length + 3, url.length - uri.length);
  if (rest.startsWith("unix:")) return { host: "localhost", port: "", name: rest, hasPort: false, uri };
  const [, name = "", port] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(rest) ?? [];
  if (name === "" || (port !== undefined && !isPort(port))) return undefined;
  const usual = scheme === "https" ? "443" : "80";
  const isUsual = port === undefined || Number(port) === Number(usual);
  return {
    host: isUsual ? name : `${name}:${port}`,
    port: isUsual ? usual : port,
    name,
    hasPort: port !== undefined,
    uri,
  };
}

function isPort(text: string): boolean {
  return Number(text) >= 1 && Number(text) <= 65_535;
}

/** Whether a host from variables is an address or an upstream, or can be resolved. */
function isReachable({ name, hasPort }: Parsed, { server }: RequestState): boolean {
  if (/^(?:\[|unix:|\d+\.\d+\.\d+\.\d+$)/.test(name)) return true;
  if (!hasPort && server.environment.upstreams.has(name.toLowerCase())) return true;
  // What is not here may name a resolver or be the upstream.
  return effectiveValue(server.scope, "resolver").entry !== undefined || !server.environment.isWhole;
}

/** A URI part that stands in a URL with variables replaces everything, the query too. */
function uriOfVariables(part: string, state: RequestState): string {
  if (part === "") return uriOf("", "", state);
  return part.startsWith("?") ? `/${part}` : part;
}

/** The URI part in place of the location's path; the request's own where there is none. */
function uriOf(part: string, location: string, state: RequestState): string {
  if (part === "" && state.isUnparsedValid) return state.request.target;
  const isReplaced = part !== "" && state.isLocationValid;
  const rest = isReplaced ? state.path.slice(location.length) : state.path;
  const written = state.isQuoted || state.isInternal ? escapePath(rest) : rest;
  return `${isReplaced ? part : ""}${written}${state.query === "" ? "" : `?${state.query}`}`;
}
