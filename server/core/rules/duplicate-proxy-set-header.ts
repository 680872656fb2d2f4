import { remove } from "../edits/remove.ts";
import type { Severity } from "../finding.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import type { Entry } from "../model/scope.ts";
import { sendsValue } from "../model/sent-values.ts";
import { hasUpgradeToken, hasWebsocketToken } from "../model/tokens.ts";
import { isAtLeast } from "../nginx/version.ts";
import { isMeant, pathText } from "./handshake.ts";
import type { DraftFix, Rule } from "./rule.ts";

/** From this version on the last Host counts and is sent alone. */
const ONE_HOST = "1.31.4";

/** The backend gets a header of the handshake twice. */
export const duplicateProxySetHeader: Rule = {
  id: "duplicate-proxy-set-header",
  severity: "error",
  cause: 2,
  what: "A header is set twice on the same level, often once here and once in an include.",
  why: "nginx sends both. Half of the WebSocket servers refuse a handshake with two Upgrade headers, and many one with two Host headers.",
  fixable: "safe",
  isStructural: true,
  check: {
    *proxy(proxy) {
      if (!isMeant(proxy)) return;
      for (const [name, entries] of repeated(proxy)) {
        const stays = choose(proxy, name, entries);
        const others = entries.filter((entry) => entry !== stays);
        const gone = others.find((entry) => !isGood(proxy, name, entry)) ?? (others[0] as Entry);
        const severity = severityOf(proxy, name, gone, stays);
        if (!severity) continue;
        yield {
          place: gone.directive.args[0] ?? gone.directive.namePlace,
          severity,
          message: `${lead(proxy, name, gone.directive.arg(0) ?? name, severity)} nginx sends every proxy_set_header of a level, also those from an include.`,
          related: [{ place: stays.directive.head, message: "The other one." }],
          fixes: [keepOne(proxy, name, stays, others)],
        };
      }
    },
  },
};

/** The names (lower case) that certainly reach the backend more than once with a handshake, with their lines. */
function repeated(proxy: ProxyBlock): ReadonlyMap<string, readonly Entry[]> {
  const byName = new Map<string, Entry[]>();
  for (const entry of proxy.headers.entries) {
    const name = entry.directive.arg(0)?.toLowerCase() ?? "";
    const known = byName.get(name);
    if (known) known.push(entry);
    else byName.set(name, [entry]);
  }
  const found = new Map<string, readonly Entry[]>();
  for (const [name, entries] of byName) {
    if (entries.length < 2) continue;
    const evaluation = proxy.evaluation("websocket");
    const sent = entries.filter(({ directive }) => sendsValue(evaluation, directive.arg(1) ?? ""));
    if (sent.length > 1) found.set(name, sent);
  }
  return found;
}

/** The line that stays: a right one, first of all one from an include, which is there for other locations too; else the last. */
function choose(proxy: ProxyBlock, name: string, entries: readonly Entry[]): Entry {
  const good = entries.filter((entry) => isGood(proxy, name, entry));
  const depth = Math.min(...entries.map(({ via }) => via.length));
  return (good.find(({ via }) => via.length > depth) ?? good.at(-1) ?? entries.at(-1)) as Entry;
}

function isGood(proxy: ProxyBlock, name: string, { directive }: Entry): boolean {
  const values = proxy.evaluation("websocket").evaluate(directive.arg(1) ?? "");
  if (name === "upgrade") return values?.some(hasWebsocketToken) !== false;
  return name !== "connection" || values?.some(hasUpgradeToken) !== false;
}

function severityOf(proxy: ProxyBlock, name: string, gone: Entry, stays: Entry): Severity | undefined {
  if (name === "upgrade") return "error";
  if (name === "connection") {
    // Two wrong ones are reported for what they say.
    if (!isGood(proxy, name, stays)) return undefined;
    return isGood(proxy, name, gone) ? "information" : "warning";
  }
  if (name !== "host") return "information";
  const isCollapsed = isAtLeast(proxy.environment.version, ONE_HOST);
  if (isCollapsed) return undefined;
  return isCollapsed === undefined ? "information" : "warning";
}

function lead(proxy: ProxyBlock, name: string, shown: string, severity: Severity): string {
  const path = pathText(proxy);
  if (name === "upgrade")
    return `WebSocket fails on ${path} with many backends: Upgrade is sent twice. They read it as “websocket, websocket” and answer 400.`;
  if (name === "connection" && severity === "warning")
    return `Some backends refuse the handshake on ${path}: Connection is sent twice. One line says upgrade and the other does not; 400 or 426 is the answer.`;
  if (name === "host")
    return `Many backends answer 400 on ${path}: they get two Host headers${
      severity === "information" ? " (before nginx 1.31.4)" : ""
    }.`;
  const text = shown.length > 24 ? `${shown.slice(0, 24)}…` : shown;
  return `The backend gets ${text} twice on ${path}. ${
    name === "connection" ? "Both say upgrade, so one is enough." : "What it makes of that is up to the application."
  }`;
}

function keepOne(proxy: ProxyBlock, name: string, stays: Entry, others: readonly Entry[]): DraftFix {
  const kept = stays.directive.arg(1) ?? "";
  const isHandshake = name === "upgrade" || name === "connection";
  // A plain request must not lose what it carries, and what stands in another file may be there for others.
  const isSafe = others.every(({ directive }) => {
    const value = directive.arg(1) ?? "";
    const plain = proxy.evaluation("plain").evaluate(value);
    const isNothing = value === kept || plain?.every((text) => text === "") === true;
    return isNothing && directive.segment.document === proxy.directive.segment.document;
  });
  return {
    title: `Keep ${stays.directive.arg(0)} ${stays.directive.args[1]?.raw ?? ""}, remove the other`,
    applicability: isHandshake && isSafe ? "safe" : "suggested",
    edits: others.map(({ directive }) => remove(directive)),
  };
}
