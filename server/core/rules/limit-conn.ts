import { isMeant, pathText } from "./handshake.ts";
import type { Rule } from "./rule.ts";

/** So few that a handful of tabs meets it. */
const FEW = 5;

/** A limit on connections counts each tunnel for as long as it lives. */
export const limitConn: Rule = {
  id: "limit-conn",
  severity: "warning",
  what: "limit_conn counts every open tunnel for as long as it lives.",
  why: "A page holds its place for milliseconds, a tunnel for hours. When the number is reached, handshakes and pages get 503.",
  fixable: "none",
  check: {
    *proxy(proxy) {
      if (!isMeant(proxy) || proxy.scope.kind !== "location") return;
      if (proxy.value("limit_conn_dry_run").entry?.directive.arg(0) === "on") return;
      for (const { directive } of proxy.list("limit_conn").entries) {
        const limit = Number(directive.arg(1));
        if (!Number.isInteger(limit)) continue;
        yield {
          place: directive.head,
          severity: limit <= FEW ? "warning" : "information",
          message: `Handshakes on ${pathText(proxy)} get 503 while ${limit} tunnels are open for one key. Each tunnel holds its place until it ends, and what else the zone counts has to wait as well. A zone of its own with a higher number keeps the two apart.`,
          related: [{ place: proxy.directive.head, message: "This location passes tunnels." }],
        };
      }
    },
  },
};
