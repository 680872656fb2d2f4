import { wholeLines } from "../edits/insert.ts";
import { isSticky } from "../model/affinity.ts";
import type { Upstream } from "../model/upstream.ts";
import { isAtLeast } from "../nginx/version.ts";
import type { Directive } from "../syntax/directive.ts";
import type { Draft, Rule } from "./rule.ts";
import { websocketUpstreams } from "./websocket-locations.ts";

/** From this version on it does not matter where `keepalive` stands (ngx_http_upstream_keepalive_module). */
const KEEPALIVE_ANYWHERE = "1.29.7";

/** Methods that know no spare servers (their init functions lack NGX_HTTP_UPSTREAM_BACKUP). */
const withoutBackup = new Set(["ip_hash", "hash", "random"]);

/** Directives of one upstream that exclude or replace each other. */
export const balancerConflict: Rule = {
  id: "balancer-conflict",
  severity: "error",
  cause: 8,
  what: "Directives of one upstream exclude each other: two balancing methods, keepalive before one, or a backup server after ip_hash.",
  why: "nginx lets the last method win and forgets what stood before it, or does not start at all.",
  fixable: "suggested",
  isStructural: true,
  check: {
    *upstream(upstream) {
      yield* refusedBackups(upstream);
    },
    *config(environment) {
      const isFixed = isAtLeast(environment.version, KEEPALIVE_ANYWHERE);
      const severity = isFixed === undefined ? "information" : "warning";
      // What nginx accepts is worth a word only where tunnels are balanced.
      const conflicts = [...environment.upstreams.values()].flatMap((upstream) =>
        [...replacedMethods(upstream), ...(isFixed ? [] : lostKeepalive(upstream, severity))].map((draft) => ({
          upstream,
          draft,
        })),
      );
      if (conflicts.length === 0) return;
      const used = websocketUpstreams(environment);
      for (const { upstream, draft } of conflicts) if (used.has(upstream)) yield draft;
    },
  },
};

function methodsOf(upstream: Upstream): readonly Directive[] {
  return upstream.balancers.filter(({ name }) => !isSticky(name));
}

function* refusedBackups(upstream: Upstream): Generator<Draft> {
  let method: Directive | undefined;
  for (const { directive } of upstream.scope.entries) {
    if (methodsOf(upstream).includes(directive)) method = directive;
    if (!method || !withoutBackup.has(method.name) || directive.name !== "server") continue;
    const word = directive.args.slice(1).find(({ value }) => value === "backup");
    if (!word) continue;
    yield {
      place: word,
      severity: "error",
      message: `nginx will not start: balancing method does not support parameter "backup". ${method.name} chooses among all servers and knows no spare ones; least_conn and round robin do.`,
      related: [{ place: method.head, message: "The balancing method." }],
    };
  }
}

function* replacedMethods(upstream: Upstream): Generator<Draft> {
  const methods = methodsOf(upstream);
  const last = methods.at(-1);
  for (const method of methods.slice(0, -1)) {
    yield {
      place: method.head,
      severity: "warning",
      message: `${method.name} has no effect: ${last?.name ?? ""} below replaces it. An upstream has one balancing method, the last one; nginx only warns that it was redefined.`,
      related: last ? [{ place: last.head, message: "This one counts." }] : [],
      fixes: [
        {
          title: `Remove ${method.name}`,
          applicability: "suggested",
          edits: [{ place: wholeLines(method.place), newText: "" }],
        },
      ],
    };
  }
}

function* lostKeepalive(upstream: Upstream, severity: "information" | "warning"): Generator<Draft> {
  const { keepalive } = upstream;
  const last = methodsOf(upstream).at(-1);
  const { entries } = upstream.scope;
  const isBefore =
    keepalive &&
    last &&
    entries.findIndex(({ directive }) => directive === keepalive) <
      entries.findIndex(({ directive }) => directive === last);
  if (!keepalive || !last || !isBefore) return;
  const when = severity === "information" ? " before nginx 1.29.7" : "";
  yield {
    place: keepalive.head,
    severity,
    message: `keepalive has no effect${when}: ${last.name} after it replaces it. Each plain request then opens a connection of its own. Write keepalive after the balancing method.`,
    related: [{ place: last.head, message: "The balancing method that replaces it." }],
    fixes:
      // Before a spare server, a method that knows none would be refused.
      keepalive.segment === last.segment && !upstream.servers.some(({ isBackup }) => isBackup)
        ? [
            {
              title: `Write keepalive after ${last.name}`,
              applicability: "suggested",
              edits: [
                { place: keepalive.head, newText: last.segment.text.slice(last.head.start, last.head.end) },
                { place: last.head, newText: last.segment.text.slice(keepalive.head.start, keepalive.head.end) },
              ],
            },
          ]
        : [],
  };
}
