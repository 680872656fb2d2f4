import { isMeant, pathText } from "./handshake.ts";
import type { Rule } from "./rule.ts";

/** A limit on requests that has no room for many clients that connect at once. */
export const limitReq: Rule = {
  id: "limit-req",
  severity: "information",
  what: "limit_req has no burst, or delays what is in it, so reconnecting clients get 503 or wait.",
  why: "After a restart all clients connect at once. Only the handshake counts as a request, the messages do not.",
  fixable: "none",
  check: {
    *proxy(proxy) {
      if (!isMeant(proxy) || proxy.scope.kind !== "location") return;
      if (proxy.value("limit_req_dry_run").entry?.directive.arg(0) === "on") return;
      for (const { directive } of proxy.list("limit_req").entries) {
        const words = directive.args.map((word) => word.value);
        if (words.some((word) => word === "nodelay" || word.startsWith("delay="))) continue;
        const hasBurst = words.some((word) => word.startsWith("burst="));
        yield {
          place: directive.head,
          severity: "information",
          message: hasBurst
            ? `Handshakes on ${pathText(proxy)} wait when many clients reconnect: the burst is delayed. With nodelay they go through at once; what exceeds the burst gets 503 either way.`
            : `Handshakes on ${pathText(proxy)} get 503 when many clients reconnect at once. limit_req without burst lets one request pass per interval; burst=N nodelay leaves room for them. Messages in the tunnel are not counted.`,
          related: [{ place: proxy.directive.head, message: "This location passes tunnels." }],
        };
      }
    },
  },
};
