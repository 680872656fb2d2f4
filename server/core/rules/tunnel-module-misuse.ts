import { replace } from "../edits/insert.ts";
import { isAtLeast } from "../nginx/version.ts";
import { isMeant, pathText } from "./handshake.ts";
import type { DraftFix, Rule } from "./rule.ts";

/** The module for CONNECT proxies is taken for a WebSocket tunnel. */
export const tunnelModuleMisuse: Rule = {
  id: "tunnel-module-misuse",
  severity: "error",
  cause: 9,
  what: "A WebSocket location is passed on with tunnel_pass.",
  why: "The directive tunnel_pass serves the method CONNECT, as a forward proxy does. A handshake is a GET and gets 405.",
  fixable: "suggested",
  isStructural: true,
  check: {
    *location(location) {
      const directive = location.pass?.directive;
      if (directive?.name !== "tunnel_pass" || !isMeant(location)) return;
      const address = directive.args[0];
      const fix: DraftFix[] =
        address && /^(?:\[[\da-f:.]+\]|[\w.-]+)(?::\d+)?$/i.test(address.value)
          ? [
              {
                title: `Use proxy_pass http://${address.value}`,
                applicability: "suggested",
                edits: [replace(directive.namePlace, "proxy_pass"), replace(address, `http://${address.value}`)],
              },
            ]
          : [];
      yield {
        place: directive.namePlace,
        severity: "error",
        message:
          isAtLeast(location.environment.version, "1.31.0") === false
            ? "nginx will not start: tunnel_pass exists only from version 1.31.0 on. And it serves CONNECT requests, not WebSocket: use proxy_pass here."
            : `No WebSocket opens on ${pathText(location)}: tunnel_pass answers 405. It serves the method CONNECT of forward proxies, and a handshake is a GET: use proxy_pass here.`,
        fixes: fix,
      };
    },
  },
};
