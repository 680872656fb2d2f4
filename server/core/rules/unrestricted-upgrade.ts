import { restrictUpgrade } from "../edits/hardened.ts";
import { guardOf } from "../model/guards.ts";
import { proxyHost } from "../model/host.ts";
import type { LocationBlock } from "../model/location.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import type { Entry } from "../model/scope.ts";
import type { ServerBlock } from "../model/server.ts";
import { hasUpgradeToken } from "../model/tokens.ts";
import { variablesIn } from "../nginx/variables.ts";
import { pathText } from "./handshake.ts";
import type { Rule } from "./rule.ts";

/** A tunnel of another protocol leads past the rules that nginx has for other paths of the same backend. */
export const unrestrictedUpgrade: Rule = {
  id: "unrestricted-upgrade",
  severity: "information",
  what: "Every kind of upgrade is passed on, also past the rules for other paths of the same backend.",
  why: "A client that asks for h2c instead of websocket gets a tunnel if the backend agrees; nginx does not see the requests in it, so deny and auth do not apply to them.",
  fixable: "suggested",
  isStructural: true,
  check: {
    *server(server) {
      const guarded = guardedLocations(server);
      if (guarded.length === 0) return;
      for (const open of server.allLocations) {
        const { proxy } = open;
        if (!proxy || proxy.verdict === "not-websocket" || !passesOthers(proxy) || guardOf(open)) continue;
        const target = guarded.find(({ location }) => isSameBackend(location, proxy, server));
        const word = proxy.setters("upgrade").at(-1)?.directive.args[1];
        if (!target || !word) continue;
        const fix = restrictUpgrade(proxy);
        yield {
          place: word,
          severity: "information",
          message: `${pathText(target.location)} can be reached through ${pathText(open)}, past its rules. Any Upgrade is passed on, not only websocket: if the backend accepts h2c, a client gets a tunnel in which nginx does not see the requests.`,
          related: [{ place: target.guard.directive.head, message: "This rule does not apply inside of a tunnel." }],
          fixes: fix ? [fix] : [],
        };
      }
    },
  },
};

interface Guarded {
  readonly location: LocationBlock;
  readonly guard: Entry;
}

function guardedLocations(server: ServerBlock): readonly Guarded[] {
  return server.allLocations.flatMap((location) => {
    const guard = location.modifier === "@" ? undefined : guardOf(location);
    return guard ? [{ location, guard }] : [];
  });
}

/** Whether a request for h2c reaches the backend as one. */
function passesOthers(proxy: ProxyBlock): boolean {
  const passes = (header: string, isPassed: (text: string) => boolean) =>
    proxy.sent(header, "h2c").some(({ value }) => value?.some(isPassed) === true);
  if (!/^http:/i.test(proxy.url.value)) return false;
  return (
    passes("upgrade", (text) => text.toLowerCase() === "h2c") &&
    passes("connection", hasUpgradeToken) &&
    !isFiltered(proxy)
  );
}

/** Whether an `if` looks at the Upgrade header on the way: it may refuse the others. */
function isFiltered({ scope }: ProxyBlock): boolean {
  for (const level of scope.outwards()) {
    const asks = level
      .own("if")
      .some(({ directive }) => directive.args.some((word) => variablesIn(word.value).includes("http_upgrade")));
    if (asks) return true;
  }
  return false;
}

/** Whether a guarded location is about paths of the same backend: it passes there, or it keeps requests from the open one. */
function isSameBackend(guarded: LocationBlock, open: ProxyBlock, server: ServerBlock): boolean {
  if (guarded.proxy) return proxyHost(guarded.proxy) !== undefined && proxyHost(guarded.proxy) === proxyHost(open);
  const { pattern, modifier } = guarded;
  const isPath = modifier === "" || modifier === "=" || modifier === "^~";
  // Dot files and the like are kept from a disk, not from a backend.
  if (guarded.pass || !isPath || pattern.startsWith("/.") || guarded.scope.own("internal").length > 0) return false;
  const below = server.locations.filter(
    (location) => location.modifier !== "=" && location.pattern !== pattern && pattern.startsWith(location.pattern),
  );
  const nearest = below.reduce<LocationBlock | undefined>(
    (best, each) => (best && best.pattern.length >= each.pattern.length ? best : each),
    undefined,
  );
  return nearest?.scope === open.location;
}
