import { forwardedHost } from "../model/host.ts";
import type { Listen } from "../model/listen.ts";
import { serverOf } from "../model/server.ts";
import { isMeant, pathText } from "./handshake.ts";
import { forwardHost } from "./host-not-forwarded.ts";
import type { Rule } from "./rule.ts";

/** The Host that is passed on lacks the port that the Origin names. */
export const hostPortLost: Rule = {
  id: "host-port-lost",
  severity: "information",
  cause: 9,
  what: "Host is passed on without the port that the browser uses.",
  why: "On a port other than 80 and 443 the Origin names the port: backends that compare it with Host answer 403.",
  fixable: "suggested",
  isStructural: true,
  check: {
    *proxy(proxy, environment) {
      const scope = proxy.scope.nearest("server");
      if (!isMeant(proxy) || scope?.kind !== "server" || proxy.setters("origin").length > 0) return;
      const server = serverOf(scope, environment);
      const { kind, entry } = forwardedHost(proxy, server.names);
      const word = entry?.directive.args[1];
      const listen = server.listens[0];
      if (kind !== "without-port" || !word || !listen || !server.isKnown) return;
      // Where a usual port is open too, that is the one people use.
      if (!server.listens.every(isUnusualPort)) return;
      yield {
        place: word,
        severity: "information",
        message: `Backends that compare Origin with Host refuse the handshake on ${pathText(proxy)}. $host has no port, while the Origin of a page on port ${listen.port} names it. This does not matter where clients connect to port 80 or 443 of something in front.`,
        related: [{ place: listen.directive.head, message: "The port that the Origin names." }],
        fixes: [forwardHost(proxy, { entry })],
      };
    },
  },
};

/** Whether browsers come to this listener themselves, on a port that they name in Host and Origin. */
function isUnusualPort({ port, address, proxyProtocol }: Listen): boolean {
  const isPrivate = address.startsWith("unix:") || address === "localhost" || /^127\.|^\[::1\]$/.test(address);
  return port !== 0 && port !== 80 && port !== 443 && !proxyProtocol && !isPrivate;
}
