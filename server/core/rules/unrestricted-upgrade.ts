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
      const guarded = guardedPaths(server);
      if (guarded.byBackend.size + guarded.byOpenPath.size === 0) return;
      for (const open of server.allLocations) {
        const { proxy } = open;
        if (!proxy || proxy.verdict === "not-websocket" || !passesOthers(proxy) || guardOf(open)) continue;
        const target = guarded.byBackend.get(proxyHost(proxy) ?? "") ?? guarded.byOpenPath.get(open);
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

/** The guarded locations of a server: by the backend they pass to, and by the open location they keep requests from. */
function guardedPaths(server: ServerBlock) {
  const byBackend = new Map<string, Guarded>();
  const byOpenPath = new Map<LocationBlock, Guarded>();
  const prefixes = new Map<string, LocationBlock>();
  for (const location of server.locations)
    if (location.modifier === "" || location.modifier === "^~") prefixes.set(location.pattern, location);
  for (const location of server.allLocations) {
    const guard = location.modifier === "@" ? undefined : guardOf(location);
    if (!guard) continue;
    const key = location.proxy && proxyHost(location.proxy);
    if (key !== undefined) byBackend.set(key, { location, guard });
    const open = refusesForBackend(location) ? outerPrefix(location, prefixes) : undefined;
    if (open) byOpenPath.set(open, { location, guard });
  }
  return { byBackend, byOpenPath };
}

/** Whether a location refuses what the backend would get otherwise; dot files and the like are kept from a disk. */
function refusesForBackend({ pass, modifier, pattern, scope }: LocationBlock): boolean {
  const isPath = modifier === "" || modifier === "=" || modifier === "^~";
  return pass === undefined && isPath && !pattern.startsWith("/.") && scope.own("internal").length === 0;
}

/** The prefix location that would take the requests of a location if that were not there. */
function outerPrefix({ pattern }: LocationBlock, prefixes: ReadonlyMap<string, LocationBlock>) {
  for (let length = pattern.length - 1; length > 0; length--) {
    const found = prefixes.get(pattern.slice(0, length));
    if (found) return found;
  }
  return undefined;
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
