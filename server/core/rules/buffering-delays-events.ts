import { passAnchor } from "../edits/headers.ts";
import { insertAfter, replace } from "../edits/insert.ts";
import { type EffectiveValue, effectiveValue } from "../model/effective.ts";
import { servesEventStream } from "../model/paths.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import type { Scope } from "../model/scope.ts";
import { serverOf } from "../model/server.ts";
import { HTTP_1_1_BY_DEFAULT, isAtLeast } from "../nginx/version.ts";
import { handshakeGap, isMeant, pathText } from "./handshake.ts";
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
      // As long as the handshake lacks its headers, that is what to mend first.
      if (isTunnelOnly(proxy) || handshakeGap(proxy) !== "none") return;
      const buffering = proxy.value("proxy_buffering");
      if (!isSure(buffering, proxy) || buffering.entry?.directive.arg(0) === "off") return;
      const reason = whyHeld(proxy);
      if (!reason) return;
      yield {
        place: buffering.entry?.directive.head ?? proxy.directive.namePlace,
        severity: "information",
        message: `Server-sent events of ${pathText(proxy)} may arrive late or all at once. ${reason} The WebSocket itself is not affected: its frames never pass this buffer. Clients that fall back are, unless the backend answers with X-Accel-Buffering: no.`,
        fixes: [unbuffer(proxy)],
      };
    },
  },
};

/** `/api/events/ws`: the last word of the path says WebSocket, not events. */
function isTunnelOnly({ path }: ProxyBlock): boolean {
  return path.every((segments) => /^(?:wss?|web-?sockets?)$/i.test(segments.at(-1) ?? ""));
}

/**
 * Why events wait: an answer that only the end of the connection ends is read in whole buffers (ngx_event_pipe.c), gzip
 * collects what it compresses unless each piece is flushed, and so does TLS (ngx_ssl_send_chain); HTTP/2 sends at once.
 */
function whyHeld(proxy: ProxyBlock): string | undefined {
  const version = proxy.value("proxy_http_version");
  const written = version.entry?.directive.arg(0);
  if (written === "1.0") return "Answers over HTTP/1.0 are buffered.";
  if (written === undefined && isSure(version, proxy)) {
    const isModern = isAtLeast(proxy.environment.version, HTTP_1_1_BY_DEFAULT);
    if (isModern === false) return "Answers over HTTP/1.0 are buffered.";
    if (isModern === undefined)
      return "Before nginx 1.29.7 the backend is asked over HTTP/1.0, and such answers are buffered.";
  }
  if (compressesEvents(proxy)) return "What gzip compresses it collects.";
  return isTlsWithoutHttp2(proxy) ? "Over TLS and HTTP/1.1 nginx fills 16 KB before it sends." : undefined;
}

/** Whether nothing that was not read can say otherwise: no unknown include, no level around a piece of a server. */
function isSure({ entry, certainty }: EffectiveValue, { environment }: ProxyBlock): boolean {
  if (certainty === "doubtful") return false;
  return entry !== undefined || environment.http !== undefined;
}

function compressesEvents(proxy: ProxyBlock): boolean {
  const gzip = proxy.value("gzip");
  const types = proxy.list("gzip_types");
  if (gzip.entry?.directive.arg(0) !== "on" || gzip.certainty === "doubtful") return false;
  return types.entries.some(({ directive }) =>
    directive.args.some(({ value }) => value === "*" || value.toLowerCase() === "text/event-stream"),
  );
}

/** Whether clients reach the location over TLS and can only speak HTTP/1.1 there. */
function isTlsWithoutHttp2({ scope, environment }: ProxyBlock): boolean {
  const server = scope.nearest("server");
  if (!server?.directive || !environment.http || server.unresolved.length > 0) return false;
  // A listener speaks HTTP/2 as soon as one of its servers asks for it (before 1.25.1).
  return serverOf(server, environment).isTls && !usesHttp2(server) && !environment.offersHttp2;
}

function usesHttp2(server: Scope): boolean {
  return effectiveValue(server, "http2").entry?.directive.arg(0) === "on";
}

function unbuffer(proxy: ProxyBlock): DraftFix {
  const { entry, scope } = proxy.value("proxy_buffering");
  const word = scope === proxy.scope ? entry?.directive.args[0] : undefined;
  const edit = word ? replace(word, "off") : insertAfter(passAnchor(proxy), ["proxy_buffering off;"]);
  return { title: "Switch buffering off for this location", applicability: "suggested", edits: [edit] };
}
