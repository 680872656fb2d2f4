import { makeReady } from "../edits/headers.ts";
import { HTTP_1_1_BY_DEFAULT, isAtLeast } from "../nginx/version.ts";
import { halfPlace, handshakeGap, subjectText } from "./handshake.ts";
import type { Rule } from "./rule.ts";

/** Upgrade is passed on, but the connection is not marked for it. */
export const missingConnectionHeader: Rule = {
  id: "missing-connection-header",
  severity: "error",
  cause: 2,
  what: "Upgrade is passed on, Connection is left to nginx.",
  why: "nginx sends Connection: close (before 1.29.7) or none, and nearly every backend then ignores Upgrade: 400, 404 or 426.",
  fixable: "safe",
  isStructural: true,
  check: {
    *proxy(proxy, environment) {
      if (handshakeGap(proxy) !== "connection" || proxy.verdict === "not-websocket") return;
      const modern = isAtLeast(proxy.environment.version, HTTP_1_1_BY_DEFAULT);
      const sent = modern === undefined ? "“close” (before nginx 1.29.7) or nothing" : modern ? "nothing" : "“close”";
      const upgrade = proxy.setters("upgrade")[0];
      yield {
        place: halfPlace(proxy, upgrade),
        severity: "error",
        message: `WebSocket fails on ${subjectText(proxy, upgrade)}: the Connection header is not set. nginx sends ${sent}, and nearly every backend then ignores Upgrade: 400, 404 or 426.`,
        related: upgrade ? [{ place: upgrade.directive.head, message: "Upgrade is passed on here." }] : [],
        fixes: [makeReady(proxy, environment, "connection")],
      };
    },
  },
};
