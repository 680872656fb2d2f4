import { replace } from "../edits/insert.ts";
import { balancerOf, volatileVariable } from "../model/affinity.ts";
import { isPollingPath, pollsOnlyAsFallback, unknownSessionStatus } from "../model/paths.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import { pathText } from "./handshake.ts";
import type { Rule } from "./rule.ts";

/** A hash key that changes from one request of a client to the next. */
export const hashVolatileKey: Rule = {
  id: "hash-volatile-key",
  severity: "warning",
  cause: 8,
  what: "The backend of a polling protocol is chosen by something that changes with every request.",
  why: "The requests of one session reach different servers, and all but the first answer 400 (Session ID unknown).",
  fixable: "suggested",
  check: {
    *proxy(proxy) {
      const { upstream, evidence } = proxy;
      if (!upstream?.isKnown || upstream.usable.length < 2) return;
      if (!evidence || evidence.tier === 0 || !isPollingPath(proxy.path)) return;
      const balancer = balancerOf(upstream);
      const key = balancer?.name === "hash" ? balancer.args[0] : undefined;
      const variable = key && volatileVariable(key.value);
      if (!key || !variable || upstream.balancers.some(({ name }) => name === "sticky")) return;
      yield {
        place: key,
        severity: pollsOnlyAsFallback(proxy.path) ? "information" : "warning",
        message: `${whoFails(proxy, variable)} The polling transport needs all requests of a session on one server, so the key has to stay the same: the address or a cookie of the client.`,
        related: [{ place: proxy.url, message: "This location passes a protocol with a polling transport to it." }],
        fixes: [
          { title: "Hash the client address", applicability: "suggested", edits: [replace(key, "$remote_addr")] },
        ],
      };
    },
  },
};

/** Variables that are the same for all polling requests and another for the WebSocket. (An empty key is no key.) */
const changesWithUpgrade = new Set(["http_connection", "arg_transport"]);

function whoFails(proxy: ProxyBlock, variable: string): string {
  const path = pathText(proxy);
  const status = unknownSessionStatus(proxy.path);
  if (pollsOnlyAsFallback(proxy.path))
    return `Clients of ${path} fail with ${status} if they fall back to polling. $${variable} sends their requests elsewhere.`;
  return changesWithUpgrade.has(variable)
    ? `The WebSocket of ${path} may fail with ${status}. $${variable} sends it to another server.`
    : `Clients of ${path} fail with ${status}. $${variable} sends their requests elsewhere.`;
}
