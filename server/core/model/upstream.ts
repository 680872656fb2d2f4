import type { Directive } from "../syntax/directive.ts";
import type { Scope } from "./scope.ts";

/** A `server` in an upstream (ngx_http_upstream_server). */
export interface UpstreamServer {
  readonly directive: Directive;
  /** Name or address, with the port where there is one. */
  readonly address: string;
  readonly isDown: boolean;
  readonly isBackup: boolean;
  /** `max_conns`; 0 is no limit. */
  readonly maxConns: number;
  /** The parameters after the address. */
  readonly parameters: readonly string[];
}

/** An `upstream` block: a named group of servers. */
export interface Upstream {
  readonly name: string;
  readonly scope: Scope;
  readonly directive: Directive;
  /** Its `keepalive` directive. */
  readonly keepalive: Directive | undefined;
  readonly servers: readonly UpstreamServer[];
  /** The servers that get requests as long as all are well: neither `down` nor `backup`. */
  readonly usable: readonly UpstreamServer[];
  /** Its balancing methods in the order written; none is round robin. Of several the last counts. */
  readonly balancers: readonly Directive[];
  /** Whether all of it is known: no include that could not be followed, no Lua, no dynamic servers. */
  readonly isKnown: boolean;
}

/** Directives that choose the server of a request. `sticky` stands beside one of the others or alone. */
const balancers = [
  ...["ip_hash", "hash", "least_conn", "least_time", "random", "sticky"],
  // Of modules that others wrote, and of Tengine.
  ...["fair", "sticky_session", "session_sticky", "consistent_hash"],
];

/** Reads an upstream block. */
export function readUpstream(scope: Scope): Upstream | undefined {
  const { directive } = scope;
  const name = directive?.arg(0);
  if (!directive || name === undefined) return undefined;
  const servers = scope.own("server").flatMap((entry) => readServer(entry.directive) ?? []);
  return {
    name: name.toLowerCase(),
    scope,
    directive,
    keepalive: scope.own("keepalive").at(-1)?.directive,
    servers,
    usable: servers.filter(({ isDown, isBackup }) => !isDown && !isBackup),
    balancers: scope.entries.flatMap((entry) => (balancers.includes(entry.directive.name) ? [entry.directive] : [])),
    isKnown:
      scope.unresolved.length === 0 &&
      !scope.entries.some((entry) => entry.directive.name.includes("_by_lua")) &&
      !servers.some(({ parameters }) => parameters.includes("resolve")),
  };
}

function readServer(directive: Directive): UpstreamServer | undefined {
  const address = directive.arg(0);
  if (address === undefined) return undefined;
  const parameters = directive.args.slice(1).map((word) => word.value);
  const limit = parameters.find((parameter) => parameter.startsWith("max_conns="));
  return {
    directive,
    address,
    isDown: parameters.includes("down"),
    isBackup: parameters.includes("backup"),
    maxConns: Number(limit?.slice("max_conns=".length) ?? 0) || 0,
    parameters,
  };
}

/** The upstreams of a configuration, by lower-case name. */
export interface Upstreams {
  get(name: string): Upstream | undefined;
  has(name: string): boolean;
  /** All of them, in nginx's order: for rules about the configuration as a whole. */
  values(): Iterable<Upstream>;
}
