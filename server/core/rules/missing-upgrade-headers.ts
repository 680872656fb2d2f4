import { makeReady } from "../edits/headers.ts";
import type { Environment } from "../model/config.ts";
import { nextHop } from "../model/hops.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import { serversOf } from "../model/server.ts";
import { handshakeGap, passPlace, pathText, severityByEvidence } from "./handshake.ts";
import type { Draft, Rule } from "./rule.ts";
import { tunnelsOf } from "./tunnels.ts";

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
    *config(environment) {
      const reported = new Set<ProxyBlock>();
      for (const server of serversOf(environment)) {
        yield undefined;
        for (const outer of tunnelsOf(server)) {
          const inner = handshakeGap(outer) === "none" ? nextHop(outer, environment)?.proxy : undefined;
          if (!inner || reported.has(inner) || !dropsWhatArrives(inner, environment)) continue;
          reported.add(inner);
          yield atSecondHop(outer, inner, environment);
        }
      }
    },
  },
};

/** Whether a location that nothing calls WebSocket drops the headers: the others are judged by themselves. */
function dropsWhatArrives(inner: ProxyBlock, environment: Environment): boolean {
  if (inner.verdict === "not-websocket" || severityByEvidence(inner, environment)) return false;
  return handshakeGap(inner) === "both" && inner.headers.certainty === "complete";
}

function atSecondHop(outer: ProxyBlock, inner: ProxyBlock, environment: Environment): Draft {
  // What takes all requests may carry the headers without any WebSocket behind it.
  const takesAll = outer.pattern === "/";
  const fix = makeReady(inner, environment, "both");
  return {
    place: passPlace(inner),
    severity: takesAll ? "information" : "warning",
    message: `WebSocket fails on ${pathText(outer)}: the second server on its way drops Upgrade and Connection. Every nginx on the way has to pass them on; this one does not, so the backend sees a plain GET.`,
    related: [{ place: outer.url, message: "The WebSocket passes from one server to the other here." }],
    fixes: [takesAll ? { ...fix, applicability: "suggested" } : fix],
  };
}
