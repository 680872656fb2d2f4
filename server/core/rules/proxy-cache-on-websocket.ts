import { lineOf, passAnchor } from "../edits/headers.ts";
import { insertAfter } from "../edits/insert.ts";
import { isPollingPath, pathHint } from "../model/paths.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import type { Value } from "../model/values.ts";
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
      if (!entry || certainty === "doubtful" || !isMeant(proxy) || proxy.scope.kind !== "location") return;
      if (isOff(proxy, entry.directive.arg(0) ?? "") || storesNothing(proxy)) return;
      if (bypasses(proxy) || dividesKey(proxy)) return;
      const stores = storesByItself(proxy);
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

/** Whether a cache that a variable names is none for handshakes, or nobody knows. */
function isOff(proxy: ProxyBlock, zone: string): boolean {
  const values = proxy.evaluation("websocket").evaluate(zone);
  return values === undefined || values.every((value) => value === "" || value === "off");
}

/** Whether no plain answer is ever stored: nginx stores only what it buffers, and not what `proxy_no_cache` names. */
function storesNothing(proxy: ProxyBlock): boolean {
  const buffering = proxy.value("proxy_buffering");
  if (buffering.certainty === "doubtful" || buffering.entry?.directive.arg(0) === "off") return true;
  const evaluation = proxy.evaluation("plain");
  return proxy
    .list("proxy_no_cache")
    .entries.some(({ directive }) => directive.args.some(({ value }) => isTrue(evaluation.evaluate(value))));
}

/**
 * Whether `proxy_cache_valid` makes nginx keep what a backend says to a plain request of this URL: on a path for
 * WebSocket alone that is an error, on others a page.
 */
function storesByItself(proxy: ProxyBlock): boolean {
  const { entries, scope } = proxy.list("proxy_cache_valid");
  const isPure = pathHint(proxy.path) === "strong" && !isPollingPath(proxy.path);
  // A cache of its own on some path is for the answers of that path, and the headers were often only copied.
  const isForPages = scope === proxy.scope && pathHint(proxy.path) === "none" && proxy.pattern !== "/";
  if (!isPure) return entries.length > 0 && (!isForPages || proxy.evidence?.tier === 0);
  return entries.some(({ directive }) =>
    directive.args.slice(0, -1).some(({ value }) => /^(?:any|4\d\d)$/.test(value)),
  );
}

/** What browsers send with every handshake (`no-cache`), so that a condition on it lets handshakes past. */
const sentByBrowsers = new Set(["http_pragma", "http_cache_control"]);

/** Whether a handshake is not looked up: some value of proxy_cache_bypass is neither empty nor `0` for it. */
function bypasses(proxy: ProxyBlock): boolean {
  const { entries, certainty } = proxy.list("proxy_cache_bypass");
  if (certainty === "doubtful") return true;
  const evaluation = proxy.evaluation("websocket");
  return entries.some(({ directive }) =>
    directive.args.some((word) => {
      const values = evaluation.evaluate(word.value);
      if (values !== undefined) return isTrue(values);
      // What a client may or may not send (a query, a cookie) is not sent with every handshake.
      return variablesIn(word.value).some(
        (name) => !isBuiltInVariable(name) || sentByBrowsers.has(name) || name.startsWith("http_sec_websocket_"),
      );
    }),
  );
}

/** Whether a condition may hold: it is neither empty nor `0` in some case that is known. */
function isTrue(values: Value): boolean {
  return values?.some((text) => text !== "" && text !== "0") === true;
}

/** Whether handshakes and plain requests are stored under different keys. */
function dividesKey(proxy: ProxyBlock): boolean {
  const key = proxy.value("proxy_cache_key").entry?.directive.arg(0) ?? "";
  return variablesIn(key).some((name) => {
    if (["http_upgrade", "http_connection"].includes(name) || name.startsWith("http_sec_websocket_")) return true;
    const websocket = proxy.evaluation("websocket").evaluate(`\${${name}}`);
    const plain = proxy.evaluation("plain").evaluate(`\${${name}}`);
    return websocket !== undefined && plain !== undefined && !websocket.some((value) => plain.includes(value));
  });
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
