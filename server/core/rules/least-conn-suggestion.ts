import { insertInto } from "../edits/insert.ts";
import { isPollingPath, pathHint } from "../model/paths.ts";
import type { Rule } from "./rule.ts";

/** Round robin counts new connections, not the tunnels that are open. */
export const leastConnSuggestion: Rule = {
  id: "least-conn-suggestion",
  severity: "hint",
  cause: 8,
  what: "Tunnels are spread by round robin, which does not know how many are open.",
  why: "After a server was away, round robin gives it as many new tunnels as the others, least_conn gives it those it lacks.",
  fixable: "suggested",
  isOffByDefault: true,
  isStructural: true,
  check: {
    *proxy(proxy) {
      const { upstream } = proxy;
      if (!upstream?.isKnown || upstream.usable.length < 2 || upstream.balancers.length > 0) return;
      if (!proxy.evidence || pathHint(proxy.path) !== "strong" || isPollingPath(proxy.path)) return;
      yield {
        place: upstream.directive.namePlace,
        severity: "hint",
        message:
          "Open tunnels stay uneven after a server was away: round robin counts requests, not tunnels. least_conn gives new ones to the server that holds the fewest.",
        related: [{ place: proxy.url, message: "This location passes its tunnels to it." }],
        fixes: [
          {
            title: "Choose the server with the fewest connections",
            applicability: "suggested",
            edits: [insertInto(upstream.directive, ["least_conn;"])],
          },
        ],
      };
    },
  },
};
