import { lineOf, passAnchor } from "../edits/headers.ts";
import { insertAfter } from "../edits/insert.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import { isBuiltInVariable, variablesIn } from "../nginx/variables.ts";
import { isMeant, pathText } from "./handshake.ts";
import type { DraftFix, Rule } from "./rule.ts";

/** The cache is asked before the backend, also for a handshake. */
export const proxyCacheOnWebsocket: Rule = {
  id: "proxy-cache-on-websocket",
  severity: "warning",
  cause: 5,
  what: "A cache is in force on a WebSocket location and handshakes do not go past it.",
  why: "An answer that was stored for a plain request of the same URL is given to the handshake: 200, 404 or 426 instead of 101.",
  fixable: "safe",
  check: {
    *proxy(proxy) {
      const { entry, certainty } = proxy.value("proxy_cache");
      const zone = entry?.directive.arg(0);
      if (!entry || zone === "off" || !isMeant(proxy) || proxy.scope.kind !== "location") return;
      if (certainty === "doubtful" || bypasses(proxy) || dividesKey(proxy)) return;
      const stores = proxy.list("proxy_cache_valid").entries.length > 0;
      const own = entry.directive.segment === proxy.directive.segment && entry.via.length === proxy.pass.via.length;
      yield {
        place: own ? entry.directive.head : proxy.directive.namePlace,
        severity: stores ? "warning" : "information",
        message: stores
          ? `A handshake on ${pathText(proxy)} can be answered from the cache. What was stored for a plain request of the same URL (200, 404, 426) then comes instead of the 101, until it expires.`
          : `A handshake on ${pathText(proxy)} can be answered from the cache. The cache is on here; if the backend lets a plain answer of the same URL be stored, that answer comes instead of the 101.`,
        related: own ? [] : [{ place: entry.directive.head, message: "The cache is switched on here and inherited." }],
        fixes: [sendPast(proxy)],
      };
    },
  },
};

/** Whether a handshake is not looked up: some value of proxy_cache_bypass is neither empty nor `0` for it. */
function bypasses(proxy: ProxyBlock): boolean {
  const { entries, certainty } = proxy.list("proxy_cache_bypass");
  if (certainty === "doubtful") return true;
  const evaluation = proxy.evaluation("websocket");
  return entries.some(({ directive }) =>
    directive.args.some((word) => {
      const values = evaluation.evaluate(word.value);
      // What a client may or may not send (a query, a cookie) is not sent with every handshake.
      return values === undefined
        ? variablesIn(word.value).some((name) => !isBuiltInVariable(name))
        : values.some((text) => !["", "0"].includes(text));
    }),
  );
}

/** Whether handshakes and plain requests are stored under different keys. */
function dividesKey(proxy: ProxyBlock): boolean {
  const key = proxy.value("proxy_cache_key").entry?.directive.arg(0) ?? "";
  return variablesIn(key).some((name) => name === "http_upgrade" || name === "http_connection");
}

function sendPast(proxy: ProxyBlock): DraftFix {
  const { entries, scope } = proxy.list("proxy_cache_bypass");
  // A level that names one condition inherits none.
  const inherited = scope === proxy.scope ? [] : entries.map(lineOf);
  return {
    title: "Send handshakes past the cache",
    applicability: "safe",
    edits: [insertAfter(passAnchor(proxy), [...inherited, "proxy_cache_bypass $http_upgrade;"])],
  };
}
