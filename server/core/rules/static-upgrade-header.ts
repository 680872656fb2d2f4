import { replace } from "../edits/insert.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import { hasUpgradeToken, hasWebsocketToken } from "../model/tokens.ts";
import { isOwnLevel, pathText } from "./handshake.ts";
import { isShared } from "./literal-upgrade-on-shared-location.ts";
import type { Rule } from "./rule.ts";

/** Upgrade says websocket whatever the client asks for. */
export const staticUpgradeHeader: Rule = {
  id: "static-upgrade-header",
  severity: "warning",
  cause: 1,
  what: "Upgrade is always websocket, also for the plain requests of the same location.",
  why: "Together with Connection: upgrade every plain request becomes half a handshake, and WebSocket servers answer it with 400.",
  fixable: "suggested",
  check: {
    *proxy(proxy) {
      if (proxy.verdict === "not-websocket") return;
      const reaches = isShared(proxy) && sendsUpgrade(proxy);
      // Set outside, it is for more locations than this one: only a shared one shows that it does harm.
      if (!reaches && !isOwnLevel(proxy)) return;
      for (const { directive } of proxy.setters("upgrade")) {
        const word = directive.args[1];
        if (!word || word.value.includes("$") || !hasWebsocketToken(word.value)) continue;
        yield {
          place: word,
          severity: reaches ? "warning" : "hint",
          message: reaches
            ? `Plain requests to ${pathText(proxy)} may get 400: they ask for a WebSocket too. Upgrade and Connection are the same for every request, so the backend takes a page load for a broken handshake.`
            : `Upgrade is websocket on ${pathText(proxy)} whatever the client asks for. Handshakes work; a plain request that comes here is taken for a broken one. $http_upgrade passes on what the client sent.`,
          related: isOwnLevel(proxy)
            ? []
            : [{ place: proxy.directive.namePlace, message: "A location with plain requests that inherits it." }],
          // Behind a proxy that drops the header, the literal is what makes it work: a person has to know.
          fixes: [
            {
              title: "Set Upgrade to $http_upgrade",
              applicability: "suggested",
              edits: [replace(word, "$http_upgrade")],
            },
          ],
        };
      }
    },
  },
};

/** Whether a plain request certainly carries Connection: upgrade, without which the backend ignores Upgrade. */
function sendsUpgrade(proxy: ProxyBlock): boolean {
  return proxy
    .sent("connection", "plain")
    .some(({ value }) => value !== undefined && value.length > 0 && value.every(hasUpgradeToken));
}
