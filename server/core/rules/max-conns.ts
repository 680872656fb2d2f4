import { isMeant, pathText } from "./handshake.ts";
import type { Rule } from "./rule.ts";

/** Every server of the upstream takes a limited number of connections, and tunnels keep theirs. */
export const maxConns: Rule = {
  id: "max-conns",
  severity: "information",
  cause: 8,
  what: "max_conns limits every server of an upstream for tunnels, and each tunnel keeps its connection.",
  why: "When all servers are full, every request to the upstream gets 502, and error.log says “no live upstreams”.",
  fixable: "none",
  isStructural: true,
  check: {
    *proxy(proxy) {
      const { upstream } = proxy;
      if (!upstream?.isKnown || !isMeant(proxy) || upstream.usable.length === 0) return;
      if (upstream.servers.some(({ maxConns: limit, isDown }) => !isDown && limit === 0)) return;
      const total = upstream.servers.reduce((sum, { maxConns: limit, isDown }) => sum + (isDown ? 0 : limit), 0);
      const first = upstream.usable[0]?.directive.args.find((word) => word.value.startsWith("max_conns="));
      if (!first) return;
      yield {
        place: first,
        severity: "information",
        message: `With ${total} tunnels open, the next on ${pathText(proxy)} gets 502: max_conns allows no more. A tunnel keeps its connection until it ends; plain requests to the same servers then fail too.`,
        related: [{ place: proxy.url, message: "This location passes tunnels to it." }],
      };
    },
  },
};
