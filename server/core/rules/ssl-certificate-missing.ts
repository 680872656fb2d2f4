import { effectiveValue, hasUnknownInclude } from "../model/effective.ts";
import { defaultOf, type ListenTrait, listenersIfAny } from "../model/listeners.ts";
import type { ServerBlock } from "../model/server.ts";
import type { Rule } from "./rule.ts";
import { firstWebsocketLocation } from "./websocket-server.ts";

/** The server that answers first on a TLS port has nothing to answer with. */
export const sslCertificateMissing: Rule = {
  id: "ssl-certificate-missing",
  severity: "error",
  cause: 4,
  what: "The default server of a TLS port has no ssl_certificate.",
  why: "nginx does not start. A connection begins with the default server of its port, before any name is known, so that one needs a certificate even if all others have theirs.",
  fixable: "none",
  isStructural: true,
  check: {
    *config(environment) {
      const { http } = environment;
      if (!http || hasUnknownInclude(http)) return;
      // The rest of the configuration may bring another default server, or a certificate for all of them.
      const isSure = environment.context === "main";
      const seen = new Set<ServerBlock>();
      for (const listener of listenersIfAny(environment, lacksCertificate)) {
        const first = defaultOf(listener);
        const place = first?.listen.directive.args.find((word) => word.value === "ssl");
        if (!first || seen.has(first.server) || !listener.members.some(({ listen }) => listen.ssl)) continue;
        if (hasCertificate(first.server) || rejectsHandshakes(first.server)) continue;
        if (hasUnknownInclude(first.server.scope)) continue;
        // Pieces of documentation leave it out; where no WebSocket is meant, nginx -t says it well enough.
        if (!listener.members.some(({ server }) => firstWebsocketLocation(server))) continue;
        seen.add(first.server);
        const others = listener.members.filter(({ server }) => hasCertificate(server));
        yield {
          place: place ?? first.listen.directive.namePlace,
          severity: isSure ? "error" : "information",
          message: isSure
            ? "nginx will not start: no ssl_certificate is defined for this listen. It is the default server of the port, the first one or the one marked default_server, and needs ssl_certificate and ssl_certificate_key."
            : "nginx will not start unless http has the ssl_certificate for this listen. Or another file has the default server of this port: that one needs ssl_certificate and ssl_certificate_key.",
          related: others.slice(0, 1).map(({ listen }) => ({
            place: listen.directive.head,
            message: "This server has one, but is not the default.",
          })),
        };
      }
    },
  },
};

/** One `ssl` counts for all servers of an address, so the default server itself may be without. */
const lacksCertificate: ListenTrait = ({ ssl, port }, server) => (ssl || port === 443) && !hasCertificate(server);

function hasCertificate({ scope }: ServerBlock): boolean {
  return (
    effectiveValue(scope, "ssl_certificate").entry !== undefined ||
    effectiveValue(scope, "acme_certificate").entry !== undefined
  );
}

/** A server that takes no connection at all needs no certificate (from 1.19.4 on). */
function rejectsHandshakes({ scope }: ServerBlock): boolean {
  return effectiveValue(scope, "ssl_reject_handshake").entry?.directive.arg(0) === "on";
}
