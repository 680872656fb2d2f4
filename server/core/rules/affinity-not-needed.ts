import { wholeLines } from "../edits/insert.ts";
import { affinityOf, balancerOf, isAddress, usesClientAddress } from "../model/affinity.ts";
import type { Environment } from "../model/config.ts";
import { isPollingPath, pathHint } from "../model/paths.ts";
import { proxyOf } from "../model/proxy.ts";
import { scopesWithin } from "../model/scope.ts";
import type { Upstream } from "../model/upstream.ts";
import type { Draft, Rule } from "./rule.ts";

/** Stickiness where one server, or one connection, is all there is. */
export const affinityNotNeeded: Rule = {
  id: "affinity-not-needed",
  severity: "hint",
  cause: 8,
  what: "A balancing method keeps clients on one server although nothing needs it.",
  why: "A WebSocket is one connection to one server until it ends. Stickiness only makes the load uneven.",
  fixable: "suggested",
  isStructural: true,
  isOffByDefault: true,
  check: {
    *upstream(upstream) {
      const affinity = affinityOf(upstream);
      if (!affinity || !upstream.isKnown || upstream.servers.length !== 1) return;
      // A name may stand for several servers.
      if (!upstream.servers.every(({ address }) => isAddress(address))) return;
      yield remark(upstream, `${affinity.name} does nothing here: there is only one server to choose.`);
    },
    *config(environment) {
      for (const upstream of rawUpstreams(environment)) {
        yield remark(
          upstream,
          "Load is spread unevenly for no gain: a WebSocket stays on its server by itself. It is one connection, and only paths for WebSocket alone lead here.",
        );
      }
    },
  },
};

function remark(upstream: Upstream, message: string): Draft {
  const affinity = affinityOf(upstream) ?? upstream.directive;
  return {
    place: affinity.head,
    severity: "hint",
    message,
    fixes: [
      {
        title: `Remove ${affinity.name}`,
        applicability: "suggested",
        edits: [{ place: wholeLines(affinity.place), newText: "" }],
      },
    ],
  };
}

/** Passes that lead elsewhere than to WebSocket, perhaps to the same upstream. */
const otherPasses = ["fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass", "memcached_pass"];

/** Whether the address alone decides: a key such as a room brings people together, which is a gain. */
function keepsClientAddress(upstream: Upstream): boolean {
  const balancer = balancerOf(upstream);
  return balancer !== undefined && affinityOf(upstream) === balancer && usesClientAddress(balancer);
}

/** Sticky upstreams that only locations for WebSocket without a polling transport lead to. */
function rawUpstreams(environment: Environment): readonly Upstream[] {
  const candidates = new Set(
    [...environment.upstreams.values()].filter(
      (upstream) => upstream.isKnown && upstream.usable.length > 1 && keepsClientAddress(upstream),
    ),
  );
  const used = new Set<Upstream>();
  if (candidates.size === 0 || !environment.isWhole) return [];
  for (const scope of scopesWithin(environment.scope)) {
    for (const name of otherPasses) {
      for (const { directive } of scope.own(name)) {
        const target =
          directive
            .arg(0)
            ?.replace(/^[a-z]+:\/\//i, "")
            .toLowerCase() ?? "";
        if (target.includes("$")) return [];
        const upstream = environment.upstreams.get(target);
        if (upstream) candidates.delete(upstream);
      }
    }
    const proxy = proxyOf(scope, environment);
    if (!proxy) continue;
    // A variable may lead anywhere.
    if (proxy.target === undefined) return [];
    if (!proxy.upstream) continue;
    used.add(proxy.upstream);
    if (!proxy.evidence || pathHint(proxy.path) !== "strong" || isPollingPath(proxy.path))
      candidates.delete(proxy.upstream);
  }
  return [...candidates].filter((upstream) => used.has(upstream));
}
