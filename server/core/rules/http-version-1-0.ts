import { passAnchor } from "../edits/headers.ts";
import { insertAfter, replace } from "../edits/insert.ts";
import { HTTP_1_1_BY_DEFAULT, isAtLeast } from "../nginx/version.ts";
import { handshakeGap, isMeant, passPlace, pathText } from "./handshake.ts";
import type { Rule } from "./rule.ts";

/** The backend is spoken to in HTTP/1.0, which knows no upgrade. */
export const httpVersion10: Rule = {
  id: "http-version-1-0",
  severity: "warning",
  cause: 1,
  what: "The handshake reaches the backend as HTTP/1.0.",
  why: "Before 1.29.7 nginx speaks HTTP/1.0 to upstreams by default. Several servers then answer 400 or 426, or 101 and no data.",
  fixable: "safe",
  isStructural: true,
  check: {
    *proxy(proxy) {
      if (!isMeant(proxy)) return;
      const { entry, scope, certainty } = proxy.value("proxy_http_version");
      const explanation = "HTTP/1.0 has no upgrade: several servers answer 400 or 426, others 101 and then no data.";
      if (entry) {
        const word = entry.directive.args[0];
        if (word?.value !== "1.0") return;
        yield {
          place: word,
          severity: "warning",
          message: `Some backends refuse the handshake on ${pathText(proxy)}: it is sent as HTTP/1.0. ${explanation}`,
          related:
            scope === proxy.location
              ? []
              : [{ place: proxy.directive.namePlace, message: "A WebSocket location that inherits it." }],
          fixes: [{ title: "Use HTTP/1.1 towards the backend", applicability: "safe", edits: [replace(word, "1.1")] }],
        };
        return;
      }
      const gap = handshakeGap(proxy);
      // The fix for a missing header brings the version along.
      if (certainty === "doubtful" || (gap !== "none" && gap !== "lost" && gap !== "unknown")) return;
      const modern = isAtLeast(proxy.environment.version, HTTP_1_1_BY_DEFAULT);
      if (modern) return;
      const since = modern === undefined ? "Before version 1.29.7 nginx" : "This nginx";
      yield {
        place: passPlace(proxy),
        severity: modern === undefined ? "information" : "warning",
        message: `Some backends refuse the handshake on ${pathText(proxy)} over HTTP/1.0. ${since} uses HTTP/1.0 unless proxy_http_version says 1.1. ${explanation}`,
        fixes: [
          {
            title: "Use HTTP/1.1 towards the backend",
            applicability: "safe",
            edits: [insertAfter(passAnchor(proxy), ["proxy_http_version 1.1;"])],
          },
        ],
      };
    },
  },
};
