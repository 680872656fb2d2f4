import { replace } from "../edits/insert.ts";
import { hasUnknownInclude } from "../model/effective.ts";
import { type Listener, type ListenTrait, listenersIfAny, speaksTls } from "../model/listeners.ts";
import { isAtLeast } from "../nginx/version.ts";
import type { Word } from "../syntax/directive.ts";
import type { Rule } from "./rule.ts";
import { firstWebsocketLocation } from "./websocket-server.ts";

/** From this version on a port without TLS speaks HTTP/1.1 and HTTP/2 (ngx_http_wait_request_handler). */
const BOTH_ON_ONE_PORT = "1.25.1";

/** A port without TLS speaks HTTP/2 and nothing else. */
export const cleartextHttp2Listener: Rule = {
  id: "cleartext-http2-listener",
  severity: "error",
  cause: 4,
  what: "A listen has http2 without ssl, which before 1.25.1 means HTTP/2 only.",
  why: "Browsers and WebSocket clients speak HTTP/1.1 there and get HTTP/2 frames as an answer: no handshake, no page.",
  fixable: "suggested",
  isStructural: true,
  check: {
    *config(environment) {
      const modern = isAtLeast(environment.version, BOTH_ON_ONE_PORT);
      if (modern) return;
      for (const listener of listenersIfAny(environment, isCleartextHttp2)) {
        const word = http2Word(listener);
        if (!word || speaksTls(listener) || listener.members.some(({ server }) => hasUnknownInclude(server.scope)))
          continue;
        const servers = listener.members.filter((member) => needsThisPort(member, listener.port));
        const location = servers.map(({ server }) => firstWebsocketLocation(server)).find(Boolean);
        if (!location) continue;
        yield {
          place: word,
          severity: modern === undefined ? "information" : "error",
          message:
            modern === undefined
              ? `Before nginx 1.25.1 no WebSocket opens on port ${listener.port}: without ssl it is HTTP/2 only. The client's HTTP/1.1 is answered with HTTP/2 frames. From 1.25.1 on both work there.`
              : `No WebSocket opens on port ${listener.port}: without ssl this nginx speaks only HTTP/2 there. The client's HTTP/1.1 is answered with HTTP/2 frames. Give HTTP/2 a port of its own, or use 1.25.1 or newer.`,
          related: [{ place: location.directive.head, message: "A WebSocket location on this port." }],
          fixes: [
            {
              title: "Speak HTTP/1.1 on this port",
              applicability: "suggested",
              edits: [replace(withSpaceBefore(word), "")],
            },
          ],
        };
      }
    },
  },
};

const isCleartextHttp2: ListenTrait = ({ http2, ssl }) => http2 && !ssl;

/** A server that listens elsewhere, too, may have this port for HTTP/2 clients or for a proxy that has sorted them out. */
function needsThisPort({ server, listen }: Listener["members"][number], port: number): boolean {
  if (listen.proxyProtocol) return false;
  return port === 80 || server.listens.every((each) => each.quic || each.port === port);
}

function http2Word({ members }: Listener): Word | undefined {
  return members.flatMap(({ listen }) => listen.directive.args.slice(1)).find((word) => word.value === "http2");
}

function withSpaceBefore({ segment, start, end }: Word) {
  const before = segment.text.slice(0, start);
  return { segment, start: before.trimEnd().length, end };
}
