import { passAnchor } from "../edits/headers.ts";
import { insertAfter, replace } from "../edits/insert.ts";
import { isAtLeast } from "../nginx/version.ts";
import { isMeant, pathText } from "./handshake.ts";
import type { Rule } from "./rule.ts";

/** The backend is spoken to in HTTP/2, which nginx cannot carry a WebSocket over. */
export const httpVersion2: Rule = {
  id: "http-version-2",
  severity: "error",
  cause: 1,
  what: "The handshake is sent to the backend over HTTP/2.",
  why: "nginx has no WebSocket over HTTP/2 towards upstreams: the handshake ends in 502, never in 101.",
  fixable: "suggested",
  check: {
    *proxy(proxy) {
      if (!isMeant(proxy)) return;
      const { entry, scope } = proxy.value("proxy_http_version");
      const word = entry?.directive.args[0];
      if (word?.value !== "2") return;
      const known = isAtLeast(proxy.environment.version, "1.29.4");
      const own = scope === proxy.location;
      yield {
        place: word,
        severity: "error",
        message:
          known === false
            ? "nginx will not start: proxy_http_version 2 exists only from version 1.29.4 on. And no WebSocket passes over it: use 1.1 here."
            : `WebSocket on ${pathText(proxy)} ends in 502: nginx cannot upgrade over HTTP/2. Use 1.1 for this location; others may keep 2.`,
        related: own ? [] : [{ place: proxy.directive.namePlace, message: "A WebSocket location that inherits it." }],
        fixes: [
          own
            ? { title: "Use HTTP/1.1 towards the backend", applicability: "suggested", edits: [replace(word, "1.1")] }
            : {
                title: "Use HTTP/1.1 in this location",
                applicability: "suggested",
                edits: [insertAfter(passAnchor(proxy), ["proxy_http_version 1.1;"])],
              },
        ],
      };
    },
  },
};
