import { passAnchor } from "../edits/headers.ts";
import { insertAfter, replace } from "../edits/insert.ts";
import { isPollingPath } from "../model/paths.ts";
import { parseSize } from "../nginx/size.ts";
import { isMeant, pathText } from "./handshake.ts";
import type { Rule } from "./rule.ts";

/** What nginx allows by default, in bytes. Socket.IO closes a client that sends more than a million bytes at once itself. */
const DEFAULT_BYTES = 1024 * 1024;

/** The limit for request bodies is lower than what a polling transport may post. */
export const bodySizeLimitsPolling: Rule = {
  id: "body-size-limits-polling",
  severity: "information",
  cause: 6,
  what: "Messages that a client posts while it polls are limited to less than the default of 1 MB.",
  why: "A larger one gets 413 and is lost. Once the WebSocket is open the limit does not apply: frames are not bodies.",
  fixable: "suggested",
  check: {
    *proxy(proxy) {
      if (!isMeant(proxy) || proxy.scope.kind !== "location" || !isPollingPath(proxy.path)) return;
      // A comment that says WebSocket says that nobody polls.
      if (proxy.evidence?.tier === 0) return;
      const { entry, scope, certainty } = proxy.value("client_max_body_size");
      if (certainty === "doubtful") return;
      const word = entry?.directive.args[0];
      const bytes = word ? parseSize(word.value) : undefined;
      if (!word || !bytes || bytes >= DEFAULT_BYTES) return;
      yield {
        place: word,
        severity: "information",
        message: `Messages over ${word.value} on ${pathText(proxy)} get 413 while a client polls. They are request bodies then. Over the WebSocket nginx lets any size pass; the limit there is the backend's own (close code 1009).`,
        related: [
          { place: proxy.directive.head, message: "This location passes a protocol with a polling transport." },
        ],
        fixes: [
          {
            title: "Allow bodies of 1 MB here, nginx's own default",
            applicability: "suggested",
            edits: [
              scope === proxy.scope
                ? replace(word, "1m")
                : insertAfter(passAnchor(proxy), ["client_max_body_size 1m;"]),
            ],
          },
        ],
      };
    },
  },
};
