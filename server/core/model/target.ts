import { splitValue } from "../nginx/variables.ts";
import type { Environment } from "./config.ts";
import type { ProxyBlock } from "./proxy.ts";
import type { RequestKind } from "./request.ts";
import { type Scope, scopesWithin } from "./scope.ts";
import type { Upstream } from "./upstream.ts";

/** Where a URL leads, taken apart as `ngx_parse_url()` does. */
export interface Target {
  readonly scheme: "http" | "https";
  /** Name or address in lower case; IPv6 in brackets, a socket with its `unix:`. */
  readonly host: string;
  /** The port as it is written. */
  readonly port: number | undefined;
}

/** Reads the address of an `http://` or `https://` URL without variables in it; undefined for anything else. */
export function readTarget(url: string): Target | undefined {
  const match = /^(https?):\/\/(?:(unix:[^:]+)(?::|$)|(\[[^\]]+\]|[^/:?#]+)(?::(\d+))?(?:[/?#]|$))/i.exec(url);
  if (!match) return undefined;
  const [, scheme = "", socket, name = "", port] = match;
  return {
    scheme: scheme.toLowerCase() === "https" ? "https" : "http",
    // Paths have capital letters; names have none that count.
    host: socket ?? name.toLowerCase(),
    port: port === undefined ? undefined : Number(port),
  };
}

/** The port that nginx connects to. */
export function portOf({ scheme, port }: Target): number {
  return port ?? (scheme === "https" ? 443 : 80);
}

/** Variables that hold a URI and end the address in front of them: `http://app:3000$request_uri`. */
const uriVariables = new Set(["request_uri", "uri", "document_uri", "is_args", "args", "query_string"]);

/** Where requests of a location can be passed to; undefined when the request decides. */
export function targetsOf(proxy: ProxyBlock, kind: RequestKind): readonly Target[] | undefined {
  const address = addressPart(proxy.url.value);
  const urls = proxy.evaluation(kind).evaluate(address);
  const targets = urls?.map(readTarget);
  return targets?.every((target) => target !== undefined) ? targets : undefined;
}

/** The part of a URL that decides where it leads: what follows belongs to the path and may hold anything. */
function addressPart(url: string): string {
  const slash = url.indexOf("/", url.includes("://") ? url.indexOf("://") + 3 : 0);
  const address = slash < 0 ? url : url.slice(0, slash);
  for (const part of splitValue(address)) {
    if (part.kind === "variable" && uriVariables.has(part.name)) return address.slice(0, part.start);
  }
  return address;
}

/** Whether a host is an address, which needs no look-up of a name. */
export function isAddress(host: string): boolean {
  return /^(?:unix:|\[)/.test(host) || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host);
}

/** The `upstream` block that a target names: nginx looks for it only where no port is written. */
export function upstreamOf(target: Target, environment: Environment): Upstream | undefined {
  return target.port === undefined ? environment.upstreams.get(target.host) : undefined;
}

/** Directives whose address, when it is written out, nginx resolves at start and then knows by name. */
const passes = ["proxy_pass", "grpc_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "memcached_pass"];

/**
 * The hosts with ports that the configuration passes to without variables: to these a variable may lead as well, without
 * any name server (`ngx_http_upstream_add`, and the search in `ngx_http_upstream_init_request`).
 */
export function implicitUpstreams(http: Scope): ReadonlySet<string> {
  const found = new Set<string>();
  for (const scope of scopesWithin(http)) {
    for (const name of passes) {
      for (const { directive } of scope.own(name)) {
        const url = directive.arg(0) ?? "";
        if (addressPart(url).includes("$")) continue;
        const target = readTarget(url.includes("://") ? url.replace(/^grpc(s?):/i, "http$1:") : `http://${url}`);
        // A URI with a variable makes the whole URL one that is looked up for each request.
        if (target && !url.includes("$")) found.add(`${target.host}:${portOf(target)}`);
      }
    }
  }
  return found;
}
