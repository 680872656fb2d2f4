import { passAnchor } from "../edits/headers.ts";
import { insertAfter, replace } from "../edits/insert.ts";
import { hasHeartbeat } from "../model/paths.ts";
import { timeText } from "../nginx/time.ts";
import { isMeant, pathText } from "./handshake.ts";
import type { Rule } from "./rule.ts";
import { DEFAULT_READ_TIMEOUT_MS, readTimeout, seemsToMeanSeconds } from "./timeouts.ts";

/** Below this a tunnel is cut in the middle of a session, in milliseconds. */
const VERY_SHORT_MS = 10_000;

/** Protocols with a heartbeat of their own ping every 25 s at the latest and answer within 5 s. */
const HEARTBEAT_MS = 30_000;

/** The read time-out is set, but so low that tunnels end in the middle of a session. */
export const readTimeoutShort: Rule = {
  id: "read-timeout-short",
  severity: "warning",
  cause: 3,
  what: "proxy_read_timeout is lower than the default, so tunnels end in the middle of a session.",
  why: "A tunnel without traffic for that long is closed; traffic in either direction, a ping too, starts the time anew. The same limit also ends a handshake that the backend answers late, with 504.",
  fixable: "suggested",
  check: {
    *proxy(proxy) {
      if (!isMeant(proxy)) return;
      const timeout = readTimeout(proxy);
      if (
        !timeout ||
        timeout.milliseconds === 0 ||
        timeout.milliseconds >= DEFAULT_READ_TIMEOUT_MS ||
        seemsToMeanSeconds(timeout.word.value)
      )
        return;
      if (hasHeartbeat(proxy.path) && timeout.milliseconds >= HEARTBEAT_MS) return;
      const limit = timeText(timeout.milliseconds);
      yield {
        place: timeout.word,
        severity: timeout.milliseconds < VERY_SHORT_MS ? "warning" : "information",
        message: `A WebSocket on ${pathText(proxy)} is cut after ${limit} without traffic (browser: 1006). Traffic in either direction, a ping too, starts the time anew. A handshake that the backend answers later than that ends in 504.`,
        related:
          timeout.scope === proxy.location
            ? []
            : [{ place: proxy.directive.namePlace, message: "A WebSocket location that inherits it." }],
        fixes: [
          {
            title: "Let a quiet tunnel live for an hour",
            applicability: "suggested",
            edits: [
              timeout.scope === proxy.location
                ? replace(timeout.word, "3600s")
                : insertAfter(passAnchor(proxy), ["proxy_read_timeout 3600s;"]),
            ],
          },
        ],
      };
    },
  },
};
