import { replace } from "../edits/insert.ts";
import { hasWebsocketToken } from "../model/tokens.ts";
import { emptyHeaders } from "./empty-headers.ts";
import { pathText } from "./handshake.ts";
import { swappedPair } from "./headers-swapped.ts";
import type { Rule } from "./rule.ts";

/** Upgrade is set to something that is not the WebSocket protocol. */
export const upgradeValueInvalid: Rule = {
  id: "upgrade-value-invalid",
  severity: "error",
  cause: 1,
  what: "The Upgrade header is set, but does not say websocket.",
  why: "The value has to be the protocol the browser asked for: $http_upgrade. Anything else makes the backend answer 426 or 400.",
  fixable: "safe",
  isStructural: true,
  check: {
    *proxy(proxy, environment) {
      if (proxy.verdict === "not-websocket" || swappedPair(proxy)) return;
      const empty = emptyHeaders(proxy, environment);
      const sent = proxy.sent("upgrade", "websocket");
      // Beside a right one it is one too many.
      if (sent.some(({ value }) => value?.some(hasWebsocketToken))) return;
      for (const { entry, value } of sent) {
        const word = entry?.directive.args[1];
        if (!word || !value || word.value === "") continue;
        if (empty.some((other) => other.word === word)) continue;
        const shown = value.map((text) => (text === "" ? "empty" : `“${text}”`)).join(" or ");
        yield {
          place: word,
          severity: "error",
          message: `WebSocket fails on ${pathText(proxy)}: Upgrade is ${shown}, not “websocket”. The backend does not know that protocol and answers 426 or 400.`,
          related: [{ place: proxy.directive.namePlace, message: "The requests of this location are affected." }],
          fixes: [
            { title: "Set Upgrade to $http_upgrade", applicability: "safe", edits: [replace(word, "$http_upgrade")] },
          ],
        };
      }
    },
  },
};
