import type { Directive } from "../syntax/directive.ts";
import { isMeant, pathText } from "./handshake.ts";
import { limitStatus, limitZone } from "./limit-zones.ts";
import type { Rule } from "./rule.ts";

/** A shorter wait before a handshake goes through is not worth a word. */
const LONG_WAIT_MS = 1000;

/** A limit on requests that has no room for several clients that connect at once. */
export const limitReq: Rule = {
  id: "limit-req",
  severity: "information",
  what: "A limit_req has no burst, or delays what is in it, so reconnecting clients get 503 or wait.",
  why: "After a restart all clients connect at once. Only the handshake counts as a request, the messages do not.",
  fixable: "none",
  check: {
    *proxy(proxy) {
      if (!isMeant(proxy) || proxy.scope.kind !== "location") return;
      const { entries, certainty } = proxy.list("limit_req");
      if (certainty === "doubtful" || proxy.value("limit_req_dry_run").entry?.directive.arg(0) === "on") return;
      const status = limitStatus(proxy, "limit_req_status");
      for (const { directive } of entries) {
        const zone = limitZone(proxy, "limit_req_zone", parameter(directive, "zone=") ?? "");
        if (zone.ignoresHandshakes) continue;
        const interval = intervalOf(zone.directive);
        const message = explain(directive, pathText(proxy), zone.counted, interval, status);
        if (!message) continue;
        yield {
          place: directive.head,
          severity: "information",
          message,
          related: [{ place: proxy.directive.head, message: "This location passes tunnels." }],
        };
      }
    },
  },
};

function explain(
  directive: Directive,
  path: string,
  counted: string,
  interval: number | undefined,
  status: string,
): string | undefined {
  const burst = Number(parameter(directive, "burst=") ?? 0);
  if (!Number.isInteger(burst)) return undefined;
  // Without a burst there is nothing that nodelay could let through.
  if (burst === 0) {
    const within = interval === undefined ? "at once" : `within ${duration(interval)}`;
    return `Handshakes on ${path} get ${status} when two requests of ${counted} come ${within}. limit_req without burst has no room for clients that reconnect together; burst=N nodelay has. Messages in the tunnel are not counted.`;
  }
  const isDelayed = !directive.args.some(({ value }) => value === "nodelay" || value.startsWith("delay="));
  const wait = interval === undefined ? undefined : burst * interval;
  if (!isDelayed || (wait !== undefined && wait < LONG_WAIT_MS)) return undefined;
  const long = wait === undefined ? "" : `, up to ${duration(wait)}`;
  return `Handshakes on ${path} wait when several requests of ${counted} come at once${long}. The burst is delayed; with nodelay it goes through at once. What exceeds the burst gets ${status} either way.`;
}

function parameter(directive: Directive, prefix: string): string | undefined {
  return directive.args.find(({ value }) => value.startsWith(prefix))?.value.slice(prefix.length);
}

/** The time between two requests that the rate of a zone allows, in milliseconds. */
function intervalOf(zone: Directive | undefined): number | undefined {
  const match = /^(\d{1,9})r\/([sm])$/.exec((zone && parameter(zone, "rate=")) ?? "");
  const count = Number(match?.[1] ?? 0);
  if (count === 0) return undefined;
  return (match?.[2] === "m" ? 60_000 : 1000) / count;
}

function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${Math.round(milliseconds / 1000)} s`;
}
