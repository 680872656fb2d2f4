import { pathText } from "./handshake.ts";
import type { Rule } from "./rule.ts";
import { upgradeLeaks } from "./subrequest-upgrade.ts";

/** The copy of a handshake is a handshake, and its success ends the tunnel. */
export const mirrorInheritsUpgrade: Rule = {
  id: "mirror-inherits-upgrade",
  severity: "warning",
  what: "The copy that mirror sends carries Upgrade and Connection, and the tunnel dies when the mirror accepts it.",
  why: "nginx cannot upgrade a subrequest. It ends with an error and takes the main connection with it.",
  fixable: "safe",
  isStructural: true,
  check: {
    *server(server) {
      for (const { subrequest, target, place, related, fixes } of upgradeLeaks(server, "mirror")) {
        yield {
          place,
          severity: "warning",
          message: `WebSockets on ${pathText(subrequest.source)} die when the mirror accepts them too. The copy for ${pathText(target)} carries Upgrade and Connection; a 101 in a subrequest is an error for nginx ("connection upgrade in subrequest"), which closes the client's connection too.`,
          related,
          fixes,
        };
      }
    },
  },
};
