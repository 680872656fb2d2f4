import { pathText } from "./handshake.ts";
import type { Rule } from "./rule.ts";
import { backendOf, upgradeLeaks } from "./subrequest-upgrade.ts";

/** The question whether a client may connect is itself sent as a handshake. */
export const authRequestInheritsUpgrade: Rule = {
  id: "auth-request-inherits-upgrade",
  severity: "warning",
  what: "The subrequest of auth_request carries Upgrade and Connection, so the server that checks logins is asked for a WebSocket.",
  why: "If it refuses, the client gets 500; if it accepts, nginx closes the connection: a subrequest cannot be upgraded.",
  fixable: "safe",
  isStructural: true,
  check: {
    *server(server) {
      for (const { subrequest, target, place, related, fixes } of upgradeLeaks(server, "auth_request")) {
        const { source } = subrequest;
        const backend = backendOf(target);
        // The backend of the WebSocket itself takes it for a handshake; a server for logins may not care.
        const isSame = backend !== undefined && backend === backendOf(source.proxy);
        const consequence = isSame
          ? `WebSocket fails on ${pathText(source)}: its auth_request asks for one too.`
          : `WebSocket may fail on ${pathText(source)}: its auth_request asks for one too.`;
        yield {
          place,
          severity: isSame ? "warning" : "information",
          message: `${consequence} ${pathText(target)} gets Upgrade and Connection. A backend that refuses makes it 500 ("auth request unexpected status: 400"), one that answers 101 makes nginx close the connection.`,
          related,
          fixes,
        };
      }
    },
  },
};
