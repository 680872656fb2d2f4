import { makeReady } from "../edits/headers.ts";
import { halfPlace, handshakeGap, subjectText } from "./handshake.ts";
import type { Rule } from "./rule.ts";

/** Connection says upgrade, but to what is not said. */
export const missingUpgradeHeader: Rule = {
  id: "missing-upgrade-header",
  severity: "error",
  cause: 1,
  what: "Connection: upgrade is passed on, the Upgrade header is not.",
  why: "Without Upgrade the backend does not know what to upgrade to: it answers 426, 404 or 400.",
  fixable: "safe",
  isStructural: true,
  check: {
    *proxy(proxy, environment) {
      if (handshakeGap(proxy) !== "upgrade" || proxy.verdict === "not-websocket") return;
      const connection = proxy.setters("connection")[0];
      yield {
        place: halfPlace(proxy, connection),
        severity: "error",
        message: `WebSocket fails on ${subjectText(proxy, connection)}: the Upgrade header is not passed on. Connection alone does not say what to upgrade to; the backend answers 426, 404 or 400.`,
        related: connection ? [{ place: connection.directive.head, message: "Connection is passed on here." }] : [],
        fixes: [makeReady(proxy, environment, "upgrade")],
      };
    },
  },
};
