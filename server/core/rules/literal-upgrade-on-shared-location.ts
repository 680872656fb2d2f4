import { connectionValue, isDedicated, replaceConnection } from "../edits/connection.ts";
import { isPollingPath } from "../model/paths.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import { hasUpgradeToken } from "../model/tokens.ts";
import { pathText } from "./handshake.ts";
import type { Rule } from "./rule.ts";

/** Plain requests carry Connection: upgrade too. */
export const literalUpgradeOnSharedLocation: Rule = {
  id: "literal-upgrade-on-shared-location",
  severity: "information",
  cause: 2,
  what: "Connection is always upgrade, also for the plain requests of the same location.",
  why: "Most servers do not mind; some (uvicorn, Kestrel) answer 400 to a plain request that says Connection: upgrade.",
  fixable: "safe",
  isStructural: true,
  check: {
    *proxy(proxy, environment) {
      if (!isShared(proxy) || proxy.setters("upgrade").length === 0) return;
      for (const entry of proxy.setters("connection")) {
        const word = entry.directive.args[1];
        if (!word || word.value.includes("$") || !hasUpgradeToken(word.value)) continue;
        const value = connectionValue(proxy, environment);
        const title = `Send it only with a handshake: ${value.text}`;
        const fix = replaceConnection(entry, word, value, title, []);
        yield {
          place: word,
          severity: "information",
          message: `Plain requests to ${pathText(proxy)} may get 400: they carry Connection: upgrade too. Most servers do not mind, uvicorn and Kestrel do; a map sends it only with a handshake.`,
          // What works now must not depend on the order of an `if` and its neighbours.
          fixes: [value.lines.length > 0 ? { ...fix, applicability: "suggested" } : fix],
        };
      }
    },
  },
};

/** Whether plain requests certainly come here as well: everything, an API, or a protocol that falls back to HTTP. */
export function isShared(proxy: ProxyBlock): boolean {
  const { pattern, modifier, verdict } = proxy;
  if (pattern === "" || proxy.scope.kind === "if" || modifier === "=" || verdict === "not-websocket") return false;
  if (verdict.tier === 0 || isDedicated(proxy)) return false;
  if (modifier === "" || modifier === "^~")
    return pattern === "/" || /^\/api(?:\/|$)/.test(pattern) || isPollingPath(proxy.path);
  return isPollingPath(proxy.path);
}
