import { replace } from "../edits/insert.ts";
import type { LocationBlock } from "../model/location.ts";
import { type Entry, scopesWithin } from "../model/scope.ts";
import { isMeant, pathText } from "./handshake.ts";
import type { Draft, Rule } from "./rule.ts";

/** Directives of proxy_pass stand where another handler does the work. */
export const proxyDirectivesIgnored: Rule = {
  id: "proxy-directives-ignored",
  severity: "warning",
  cause: 3,
  what: "Directives for proxy_pass stand in a location that uwsgi_pass or scgi_pass serves.",
  why: "Each handler reads only its own directives: with proxy_read_timeout 1h a tunnel through uwsgi_pass still ends after 60 idle seconds.",
  fixable: "suggested",
  isStructural: true,
  check: {
    *location(location) {
      const prefix = /^(uwsgi|scgi)_pass$/.exec(location.pass?.directive.name ?? "")?.[1];
      if (!prefix || !isMeant(location) || mayProxy(location)) return;
      const timeout = location.scope.own("proxy_read_timeout").at(-1);
      if (timeout) yield ignoredTimeout(location, timeout, prefix);
      const header = location.scope.own("proxy_set_header")[0];
      if (header) {
        yield {
          place: header.directive.namePlace,
          severity: "information",
          message: `proxy_set_header does nothing on ${pathText(location)}: ${prefix}_pass serves it. The client's headers, Upgrade among them, are passed on as they are; what else the backend needs goes into ${prefix}_param.`,
        };
      }
    },
  },
};

/** Whether something in the location may be served by proxy_pass after all and inherit the directives. */
function mayProxy({ scope }: LocationBlock): boolean {
  for (const inner of scopesWithin(scope)) {
    if (inner.own("proxy_pass").length > 0 || inner.unresolved.length > 0) return true;
  }
  return false;
}

function ignoredTimeout(location: LocationBlock, { directive, via }: Entry, prefix: string): Draft {
  const right = `${prefix}_read_timeout`;
  const { entry } = location.value(right);
  const value = directive.arg(0) ?? "";
  const inForce = entry?.directive.arg(0) ?? "60s, the default";
  // An included file may serve locations of other handlers as well, and a second one on a level is an error.
  const isOwn = via.length === location.scope.via.length && location.scope.own(right).length === 0;
  return {
    place: directive.namePlace,
    severity: entry ? "information" : "warning",
    message: entry
      ? `This time-out does nothing on ${pathText(location)}: ${prefix}_pass ignores it. In force is ${right} ${inForce}, not ${value}.`
      : `A quiet WebSocket on ${pathText(location)} is cut early: ${prefix}_pass ignores this. In force is ${right} ${inForce}, and not ${value}.`,
    related: entry ? [{ place: entry.directive.head, message: "This one is in force." }] : [],
    fixes: isOwn
      ? [{ title: `Use ${right}`, applicability: "suggested", edits: [replace(directive.namePlace, right)] }]
      : [],
  };
}
