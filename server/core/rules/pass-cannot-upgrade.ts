import type { LocationBlock, PassName } from "../model/location.ts";
import type { Directive } from "../syntax/directive.ts";
import { isMeant, pathText } from "./handshake.ts";
import type { Rule } from "./rule.ts";

/** What the protocol of each handler is called, for those that know no upgrade. */
const protocols: Partial<Readonly<Record<PassName, string>>> = {
  fastcgi_pass: "FastCGI",
  grpc_pass: "gRPC",
  memcached_pass: "memcached",
};

/** A WebSocket location is passed on in a protocol that has no upgrade. */
export const passCannotUpgrade: Rule = {
  id: "pass-cannot-upgrade",
  severity: "error",
  cause: 9,
  what: "A WebSocket location is passed on with fastcgi_pass, grpc_pass or memcached_pass.",
  why: "Of nginx's handlers only proxy_pass, uwsgi_pass and scgi_pass can turn a request into a tunnel. Through the others no 101 opens a WebSocket.",
  fixable: "none",
  check: {
    *location(location) {
      const protocol = protocolOf(location);
      if (!protocol || !isMeant(location)) return;
      const directive = location.pass?.directive;
      if (!directive || !isSaid(location)) return;
      const isSure = (location.evidence?.tier ?? 4) <= 1;
      yield {
        place: directive.namePlace,
        severity: isSure ? "error" : "warning",
        message: `No WebSocket opens on ${pathText(location)}: ${directive.name} cannot upgrade. ${protocol} has no tunnel; the handshake gets an ordinary answer, 502 or 504. Pass this path to the WebSocket server itself, with proxy_pass and its own port.`,
      };
    },
  },
};

/** Paths that are called nothing else than WebSocket: `/subscriptions` or `/hubs` of a script may well be pages. */
const unmistakable =
  /(?:^|\/|-)(?:wss?|web-?sockets?|websockify|socket\.io|engine\.io|sockjs|sockjs-node|mqtt)(?:\/|$)/i;

/** Whether a comment or directives say WebSocket, or a path that means nothing else. */
function isSaid(location: LocationBlock): boolean {
  if ((location.evidence?.tier ?? 4) <= 1) return true;
  return location.path.some((segments) => unmistakable.test(segments.join("/")));
}

/** Whether a file that is not there may hand handshakes to a proxy: `fastcgi_params` and the like make no tunnel. */
function mayProxy(include: Directive): boolean {
  return /proxy|web-?socket|(?:^|[^a-z])wss?(?:[^a-z]|$)/i.test(include.arg(0) ?? "");
}

/** The protocol that a location's only handler speaks, if it knows no upgrade. */
function protocolOf({ pass, scope }: LocationBlock): string | undefined {
  // A handler in an `if` may be the one that takes the handshakes.
  if (!pass || scope.children().some((child) => child.kind === "if" && child.own("proxy_pass").length > 0))
    return undefined;
  if (scope.own("proxy_pass").length > 0 || scope.unresolved.some(mayProxy)) return undefined;
  return protocols[pass.directive.name as PassName];
}
