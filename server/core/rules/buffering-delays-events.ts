import { passAnchor } from "../edits/headers.ts";
import { insertAfter, replace } from "../edits/insert.ts";
import { servesEventStream } from "../model/paths.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import { HTTP_1_1_BY_DEFAULT, isAtLeast } from "../nginx/version.ts";
import { isMeant, pathText } from "./handshake.ts";
import type { DraftFix, Rule } from "./rule.ts";

/** The fallback of a WebSocket, server-sent events, is held back by a buffer. The tunnel is not. */
export const bufferingDelaysEvents: Rule = {
  id: "buffering-delays-events",
  severity: "information",
  cause: 5,
  what: "Server-sent events, the fallback on this path, are collected in a buffer before they go out.",
  why: "A browser without a WebSocket gets nothing until the buffer is full or the answer ends. WebSocket frames never pass this buffer.",
  fixable: "suggested",
  isStructural: true,
  check: {
    *proxy(proxy) {
      if (!isMeant(proxy) || proxy.scope.kind !== "location" || !servesEventStream(proxy.path)) return;
      const buffering = proxy.value("proxy_buffering");
      if (buffering.certainty === "doubtful" || buffering.entry?.directive.arg(0) === "off") return;
      const reason = whyHeld(proxy);
      if (!reason) return;
      yield {
        place: buffering.entry?.directive.head ?? proxy.directive.namePlace,
        severity: "information",
        message: `Server-sent events of ${pathText(proxy)} arrive late or all at once: ${reason}. The WebSocket itself is not affected: its frames never pass a buffer. Clients that fall back are.`,
        fixes: [unbuffer(proxy)],
      };
    },
  },
};

/**
 * Why events wait (ngx_event_pipe.c): an answer that only the end of the connection ends is read in whole buffers, and
 * gzip collects what it compresses unless each piece is flushed, which it is without buffering.
 */
function whyHeld(proxy: ProxyBlock): string | undefined {
  const version = proxy.value("proxy_http_version").entry?.directive.arg(0);
  if (version === "1.0") return "answers over HTTP/1.0 are buffered";
  if (version === undefined) {
    const isModern = isAtLeast(proxy.environment.version, HTTP_1_1_BY_DEFAULT);
    if (isModern === false) return "answers over HTTP/1.0 are buffered";
    if (isModern === undefined)
      return "before nginx 1.29.7 the backend is asked over HTTP/1.0, whose answers are buffered";
  }
  const isOn = proxy.value("gzip").entry?.directive.arg(0) === "on";
  const types = proxy.value("gzip_types").entry?.directive.args.map((word) => word.value) ?? [];
  return isOn && (types.includes("text/event-stream") || types.includes("*")) ? "gzip collects them" : undefined;
}

function unbuffer(proxy: ProxyBlock): DraftFix {
  const { entry, scope } = proxy.value("proxy_buffering");
  const word = scope === proxy.scope ? entry?.directive.args[0] : undefined;
  const edit = word ? replace(word, "off") : insertAfter(passAnchor(proxy), ["proxy_buffering off;"]);
  return { title: "Switch buffering off for this location", applicability: "suggested", edits: [edit] };
}
