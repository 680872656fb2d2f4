import { isMeant, pathText } from "./handshake.ts";
import { limitStatus, limitZone } from "./limit-zones.ts";
import type { Rule } from "./rule.ts";

/** So few that a handful of tabs meets it. */
const FEW = 5;

/** A limit on connections counts each tunnel for as long as it lives. */
export const limitConn: Rule = {
  id: "limit-conn",
  severity: "warning",
  what: "Every open tunnel counts for limit_conn as long as it lives.",
  why: "A page holds its place for milliseconds, a tunnel for hours. When the number is reached, handshakes and pages get 503.",
  fixable: "none",
  check: {
    *proxy(proxy) {
      if (!isMeant(proxy) || proxy.scope.kind !== "location") return;
      const { entries, scope, certainty } = proxy.list("limit_conn");
      if (certainty === "doubtful" || proxy.value("limit_conn_dry_run").entry?.directive.arg(0) === "on") return;
      const status = limitStatus(proxy, "limit_conn_status");
      for (const { directive } of entries) {
        const limit = Number(directive.arg(1));
        if (!Number.isInteger(limit) || limit < 1) continue;
        const zone = limitZone(proxy, "limit_conn_zone", directive.arg(0) ?? "");
        if (zone.ignoresHandshakes) continue;
        const advice =
          scope === proxy.scope
            ? "Tabs of one browser and clients behind one address add up."
            : "What else the zone counts has to wait as well. A zone of its own with a higher number keeps the two apart.";
        yield {
          place: directive.head,
          severity: limit <= FEW ? "warning" : "information",
          message: `Handshakes on ${pathText(proxy)} get ${status} while ${zone.counted} has ${tunnels(limit)} open. Each tunnel holds its place until it ends. ${advice}`,
          related: [{ place: proxy.directive.head, message: "This location passes tunnels." }],
        };
      }
    },
  },
};

function tunnels(count: number): string {
  return count === 1 ? "one tunnel" : `${count} tunnels`;
}
