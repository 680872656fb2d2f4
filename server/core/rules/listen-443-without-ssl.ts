import { effectiveValue, hasUnknownInclude } from "../model/effective.ts";
import { type ListenTrait, listenersIfAny, speaksTls } from "../model/listeners.ts";
import type { ServerBlock } from "../model/server.ts";
import type { Directive } from "../syntax/directive.ts";
import type { Rule } from "./rule.ts";
import { firstWebsocketLocation } from "./websocket-server.ts";

/** The port of https speaks plain HTTP. */
export const listen443WithoutSsl: Rule = {
  id: "listen-443-without-ssl",
  severity: "warning",
  cause: 4,
  what: "A server listens on port 443 without ssl.",
  why: "nginx speaks TLS only where listen says ssl. On this port it answers plain HTTP, and every wss:// fails with ERR_SSL_PROTOCOL_ERROR.",
  fixable: "suggested",
  isStructural: true,
  check: {
    *config(environment) {
      for (const listener of listenersIfAny(environment, isPlain443)) {
        if (listener.port !== 443 || speaksTls(listener)) continue;
        for (const { server, listen } of listener.members) {
          const word = listen.directive.args[0];
          if (!word || listen.quic || listen.proxyProtocol || hasUnknownInclude(server.scope)) continue;
          if (!firstWebsocketLocation(server)) continue;
          const certificate = certificateOf(server);
          if (!certificate && isBehindProxy(server)) continue;
          yield {
            place: word,
            severity: certificate ? "warning" : "information",
            message: certificate
              ? "Every wss:// to this server fails: port 443 speaks plain HTTP, as ssl is missing here. Browsers report ERR_SSL_PROTOCOL_ERROR; the certificate alone does not switch TLS on."
              : "A browser's wss:// fails here: port 443 speaks plain HTTP, as ssl is missing. It is fine if something in front of nginx ends TLS and passes plain HTTP on to this port.",
            related: certificate ? [{ place: certificate.head, message: "The certificate that is not used." }] : [],
            fixes: certificate
              ? [
                  {
                    title: "Speak TLS on this port",
                    applicability: "suggested",
                    edits: [{ place: { segment: word.segment, start: word.end, end: word.end }, newText: " ssl" }],
                  },
                ]
              : [],
          };
        }
      }
    },
  },
};

const isPlain443: ListenTrait = ({ port, ssl, quic }) => port === 443 && !ssl && !quic;

/** Whether something in front of nginx says who the client is, and then may well be what ends TLS. */
function isBehindProxy({ scope }: ServerBlock): boolean {
  return effectiveValue(scope, "set_real_ip_from").entry !== undefined;
}

function certificateOf({ scope }: ServerBlock): Directive | undefined {
  return effectiveValue(scope, "ssl_certificate").entry?.directive;
}
