import { variablesIn } from "../nginx/variables.ts";
import type { Directive } from "../syntax/directive.ts";
import type { Upstream } from "./upstream.ts";

/** Balancing methods that send one client always to the same server, as long as that one is well. */
const affine = new Set(["ip_hash", "hash", "consistent_hash", "sticky", "sticky_session", "session_sticky"]);

const clientAddress = new Set(["remote_addr", "binary_remote_addr"]);

/**
 * The method that really balances: `ip_hash`, `hash`, `least_conn` … replace each other, so the last one written counts;
 * `sticky` stands beside it. Undefined for round robin.
 */
export function balancerOf(upstream: Upstream): Directive | undefined {
  return upstream.balancers.findLast(({ name }) => !isSticky(name));
}

/** The directive that keeps a client on one server, if there is one. */
export function affinityOf(upstream: Upstream): Directive | undefined {
  const sticky = upstream.balancers.find(({ name }) => isSticky(name));
  const balancer = balancerOf(upstream);
  return sticky ?? (balancer && affine.has(balancer.name) ? balancer : undefined);
}

/** Whether the address of an upstream's server is one address, and no name that may stand for several. */
export function isAddress(text: string): boolean {
  return /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[\da-f:.]+\])(?::\d+)?$/i.test(text) || text.startsWith("unix:");
}

/** Whether a balancing method looks at the client's address and nothing else. */
export function usesClientAddress(affinity: Directive): boolean {
  if (affinity.name === "ip_hash") return true;
  const variables = variablesIn(affinity.arg(0) ?? "");
  return affinity.name === "hash" && variables.length > 0 && variables.every((name) => clientAddress.has(name));
}

/** Whether a directive adds stickiness to another balancing method instead of being one. */
export function isSticky(name: string): boolean {
  return name === "sticky" || name === "sticky_session" || name === "session_sticky";
}

/** Variables that differ between the requests of one client. */
const volatile = new Set([
  ...["request_uri", "args", "query_string", "arg_sid", "arg_t", "msec", "request_id", "request", "request_length"],
  ...["connection", "connection_requests", "remote_port", "time_local", "time_iso8601", "http_upgrade"],
  ...["http_connection", "http_sec_websocket_key", "arg_transport"],
]);

/** The variable that makes a hash key different from request to request; undefined when nothing does. */
export function volatileVariable(key: string): string | undefined {
  return variablesIn(key).find((name) => volatile.has(name));
}
