import { isDedicated } from "../edits/connection.ts";
import { replace } from "../edits/insert.ts";
import type { Environment } from "../model/config.ts";
import { type MapEntry, selectEntry } from "../model/maps.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import type { Upstream } from "../model/upstream.ts";
import { variableName } from "../model/variables.ts";
import { HTTP_1_1_BY_DEFAULT, isAtLeast } from "../nginx/version.ts";
import type { Rule } from "./rule.ts";

/** The documented map closes the backend connection of every plain request, although the upstream keeps some open. */
export const mapCloseDefeatsKeepalive: Rule = {
  id: "map-close-defeats-keepalive",
  severity: "information",
  cause: 2,
  what: "The map says close for plain requests, which switches off keepalive to the upstream.",
  why: "Every plain request of the location then opens and closes a backend connection of its own.",
  fixable: "suggested",
  isStructural: true,
  check: {
    *proxy(proxy, environment) {
      const upstream = proxy.target === undefined ? undefined : environment.upstreams.get(proxy.target);
      if (!upstream || isDedicated(proxy) || proxy.modifier === "=" || !keepsAlive(upstream, environment)) return;
      const entry = closingEntry(proxy, environment);
      if (!entry) return;
      yield {
        place: entry.value,
        severity: "information",
        message: `Every plain request opens a new backend connection: “close” defeats keepalive. The upstream ${upstream.name} keeps connections open; an empty value lets it.`,
        related: [
          {
            place: upstream.keepalive?.head ?? upstream.directive.head,
            message: "This upstream keeps connections open.",
          },
        ],
        fixes: [
          {
            title: "Send no Connection header with plain requests: ''",
            applicability: "suggested",
            edits: [replace(entry.value, "''")],
          },
        ],
      };
    },
  },
};

function keepsAlive(upstream: Upstream, environment: Environment): boolean {
  const count = upstream.keepalive?.arg(0);
  if (count !== undefined) return count !== "0";
  return isAtLeast(environment.version, HTTP_1_1_BY_DEFAULT) === true;
}

/** The line of the Connection map that a plain request gets `close` from. */
function closingEntry(proxy: ProxyBlock, { definitions }: Environment): MapEntry | undefined {
  for (const setter of proxy.setters("connection")) {
    const name = variableName(setter.directive.arg(1));
    const map = name === undefined ? undefined : definitions.get(name)?.maps.at(-1);
    if (!map || map.doubtful) continue;
    const sources = proxy.evaluation("plain").evaluate(map.source);
    const entry = sources?.length === 1 ? selectEntry(map, sources[0] as string) : undefined;
    if (entry && entry !== "unknown" && entry.value.value.toLowerCase() === "close") return entry;
  }
  return undefined;
}
