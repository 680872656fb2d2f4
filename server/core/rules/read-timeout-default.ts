import { passAnchor } from "../edits/headers.ts";
import { insertAfter, replace } from "../edits/insert.ts";
import { hasHeartbeat } from "../model/paths.ts";
import { isMeant, passPlace, pathText } from "./handshake.ts";
import type { Rule } from "./rule.ts";
import { DEFAULT_READ_TIMEOUT_MS, raisedInstead, readTimeout } from "./timeouts.ts";

/** Nothing says how long a quiet tunnel may live. */
export const readTimeoutDefault: Rule = {
  id: "read-timeout-default",
  severity: "information",
  cause: 3,
  what: "proxy_read_timeout is not set or 60s, so a tunnel without traffic ends after 60 seconds.",
  why: "nginx closes the idle tunnel without a close frame: the browser reports 1006, the access log 101 and about 60 s, the error log nothing.",
  fixable: "suggested",
  isStructural: true,
  check: {
    *proxy(proxy) {
      if (!isMeant(proxy) || hasHeartbeat(proxy.path)) return;
      // With that scheme nginx does not start: proxy-pass-ws-scheme comes first.
      if (/^wss?:/i.test(proxy.url.value)) return;
      const { entry, certainty } = proxy.value("proxy_read_timeout");
      const written = readTimeout(proxy);
      const isDefault = written?.milliseconds === DEFAULT_READ_TIMEOUT_MS;
      if ((entry && !isDefault) || certainty === "doubtful" || proxy.headers.certainty === "doubtful") return;
      // only-send-timeout says it at the directive that was taken for this one.
      if (raisedInstead(proxy)) return;
      yield {
        place: written && written.scope === proxy.location ? written.word : passPlace(proxy),
        severity: "information",
        message: `A quiet WebSocket on ${pathText(proxy)} is cut after 60 s: ${isDefault ? "the read time-out is 60 s" : "no read time-out is set"}. The browser reports 1006. Traffic in either direction, a ping too, starts the time anew; if the application pings more often, there is nothing to do.`,
        fixes: [
          {
            title: "Let a quiet tunnel live for an hour",
            applicability: "suggested",
            edits: [
              written && written.scope === proxy.location
                ? replace(written.word, "3600s")
                : insertAfter(passAnchor(proxy), ["proxy_read_timeout 3600s;"]),
            ],
          },
        ],
      };
    },
  },
};
