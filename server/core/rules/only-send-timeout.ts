import { passAnchor } from "../edits/headers.ts";
import { insertAfter } from "../edits/insert.ts";
import { hasHeartbeat } from "../model/paths.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import { isMeant, pathText } from "./handshake.ts";
import type { DraftFix, Rule } from "./rule.ts";
import { type RaisedTimeout, raisedInstead } from "./timeouts.ts";

/** A time-out was raised for the tunnel, but not the one that ends it. */
export const onlySendTimeout: Rule = {
  id: "only-send-timeout",
  severity: "warning",
  cause: 3,
  what: "Another time-out was raised, but the one that ends a quiet tunnel, proxy_read_timeout, is not set.",
  why: "The other time-outs do not run in an idle tunnel, so it still ends after 60 seconds: the browser reports 1006.",
  fixable: "suggested",
  isStructural: true,
  check: {
    *proxy(proxy) {
      if (!isMeant(proxy) || hasHeartbeat(proxy.path)) return;
      if (proxy.value("proxy_read_timeout").certainty === "doubtful" || proxy.headers.certainty === "doubtful") return;
      const raised = raisedInstead(proxy);
      if (!raised) return;
      const { name } = raised.entry.directive;
      const isOwn = raised.scope === proxy.location;
      yield {
        place: raised.word,
        severity: isOwn && name === "proxy_send_timeout" ? "warning" : "information",
        message: `A quiet WebSocket on ${pathText(proxy)} is cut after 60 s all the same. ${name} ${meaning(name)}; a tunnel without traffic ends by proxy_read_timeout, which is not set. The browser reports 1006.`,
        related: isOwn ? [] : [{ place: proxy.directive.namePlace, message: "A WebSocket location that inherits it." }],
        fixes: [repair(proxy, raised, isOwn)],
      };
    },
  },
};

/** When the other time-outs run, as an end of the sentence “proxy_send_timeout …”. */
function meaning(name: string): string {
  if (name === "proxy_connect_timeout") return "ends with the connection to the backend";
  if (name === "keepalive_timeout") return "counts between requests";
  return "runs only while a write is blocked";
}

function repair(proxy: ProxyBlock, { entry, word }: RaisedTimeout, isOwn: boolean): DraftFix {
  // An include may bring it into several locations; the line goes into this one.
  const isWrittenHere = isOwn && entry.via.length === proxy.location?.via.length;
  return {
    title: `Set proxy_read_timeout to ${word.value} as well`,
    applicability: "suggested",
    edits: [insertAfter(isWrittenHere ? entry.directive : passAnchor(proxy), [`proxy_read_timeout ${word.raw};`])],
  };
}
