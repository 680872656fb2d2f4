import { isAddress } from "../model/affinity.ts";
import { pageFor, readErrorPages } from "../model/error-pages.ts";
import type { Upstream } from "../model/upstream.ts";
import { isMeant, pathText } from "./handshake.ts";
import type { Rule } from "./rule.ts";

/** Every server of the upstream takes a limited number of connections, and tunnels keep theirs. */
export const maxConns: Rule = {
  id: "max-conns",
  severity: "information",
  cause: 8,
  what: "All servers of an upstream for tunnels have max_conns, and each tunnel keeps its connection.",
  why: "When all servers are full, every request to the upstream gets 502, and error.log says “no live upstreams”.",
  fixable: "none",
  isStructural: true,
  check: {
    *proxy(proxy) {
      const { upstream } = proxy;
      if (!upstream?.isKnown || !isMeant(proxy) || upstream.usable.length === 0) return;
      if (upstream.servers.some(({ maxConns: limit, isDown }) => !isDown && limit === 0)) return;
      // NGINX Plus lets requests wait there instead.
      if (upstream.scope.own("queue").length > 0) return;
      // The 502 is no answer to the client then: another location tries.
      if (pageFor(readErrorPages(proxy.list("error_page")), 502)?.target.value.startsWith("@")) return;
      const first = upstream.usable[0]?.directive.args.find((word) => word.value.startsWith("max_conns="));
      if (!first) return;
      yield {
        place: first,
        severity: "information",
        message: `${whenFull(upstream)}, the next on ${pathText(proxy)} gets 502: max_conns allows no more. A tunnel keeps its connection until it ends; plain requests to the same servers then fail too.`,
        related: [{ place: proxy.url, message: "This location passes tunnels to it." }],
      };
    },
  },
};

/** The number is exact only where workers count together (`zone`) and no name stands for several addresses. */
function whenFull({ servers, scope }: Upstream): string {
  const alive = servers.filter(({ isDown }) => !isDown);
  const total = alive.reduce((sum, { maxConns: limit }) => sum + limit, 0);
  if (!alive.every(({ address }) => isAddress(address))) return "Once tunnels fill every server";
  const open = total === 1 ? "With one tunnel open" : `With ${total} tunnels open`;
  return scope.own("zone").length > 0 ? open : `${open} in one worker`;
}
