import { makeReady } from "../edits/headers.ts";
import { handshakeGap, passPlace, pathText, severityByEvidence } from "./handshake.ts";
import type { Rule } from "./rule.ts";

/** Neither header of the handshake is passed on. */
export const missingUpgradeHeaders: Rule = {
  id: "missing-upgrade-headers",
  severity: "error",
  cause: 1,
  what: "A WebSocket location passes neither Upgrade nor Connection to the backend.",
  why: "Both are hop-by-hop headers: nginx drops them unless they are set. The backend sees a plain GET and answers 404, 400 or 426.",
  fixable: "safe",
  isStructural: true,
  check: {
    *proxy(proxy, environment) {
      if (handshakeGap(proxy) !== "both") return;
      const severity = severityByEvidence(proxy, environment);
      const { evidence } = proxy;
      if (!severity || !evidence) return;
      const place = passPlace(proxy);
      yield {
        place,
        severity,
        message: `WebSocket fails on ${pathText(proxy)}: Upgrade and Connection are not passed on. nginx drops both headers unless they are set, so the backend sees a plain GET and answers 404, 400 or 426.`,
        related: evidence.place
          ? [{ place: evidence.place, message: `This counts as a WebSocket location because ${evidence.because}.` }]
          : [],
        fixes: [makeReady(proxy, environment, "both")],
      };
    },
  },
};
