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
  check: {
    *proxy(proxy) {
      if (!isMeant(proxy)) return;
      for (const [name, entries] of repeated(proxy)) {
        const [first, second] = choose(proxy, name, entries);
        const severity = severityOf(proxy, name, first, second);
        if (!severity) continue;
        const shown = first.directive.arg(0) ?? name;
        yield {
          place: first.directive.args[0] ?? first.directive.namePlace,
          severity,
          message: `${lead(proxy, name, shown, severity)} nginx sends every proxy_set_header of a level, also those from an include.`,
          related: [{ place: second.directive.head, message: "The other one." }],
          fixes: [removeOne(proxy, name, first, second)],
        };
      }
    },
  },
};

/** The names (lower case) that certainly reach the backend more than once with a handshake, with their lines. */
function repeated(proxy: ProxyBlock): ReadonlyMap<string, readonly Entry[]> {
  const byName = new Map<string, Entry[]>();
  for (const entry of proxy.headers.entries) {
    const name = entry.directive.arg(0)?.toLowerCase();
    if (name === undefined || !sendsValue(proxy.evaluation("websocket"), entry.directive.arg(1) ?? "")) continue;
    const known = byName.get(name);
    if (known) known.push(entry);
    else byName.set(name, [entry]);
  }
  for (const [name, entries] of byName) if (entries.length < 2) byName.delete(name);
  return byName;
}

/** The line that has to go, then one that stays: the wrong one, else the one of the location's own file, else the earlier one. */
function choose(proxy: ProxyBlock, name: string, entries: readonly Entry[]): [Entry, Entry] {
  const isRight = (entry: Entry) => isGood(proxy, name, entry);
  const wrong = entries.find((entry) => !isRight(entry));
  const depth = Math.min(...entries.map(({ via }) => via.length));
  const own = entries.filter(({ via }) => via.length === depth);
  const gone = (wrong !== undefined && entries.some(isRight) ? wrong : own[0]) as Entry;
  const stays = (entries.find((entry) => entry !== gone && isRight(entry)) ??
    entries.find((entry) => entry !== gone)) as Entry;
  return [gone, stays];
}

function isGood(proxy: ProxyBlock, name: string, { directive }: Entry): boolean {
  const values = proxy.evaluation("websocket").evaluate(directive.arg(1) ?? "");
  if (name === "upgrade") return values?.some(hasWebsocketToken) !== false;
  return name !== "connection" || values?.some(hasUpgradeToken) !== false;
}

function severityOf(proxy: ProxyBlock, name: string, first: Entry, second: Entry): Severity | undefined {
  if (name === "upgrade") return "error";
  if (name === "connection") {
    // Two wrong ones are reported for what they say.
    if (!isGood(proxy, name, second)) return undefined;
    return isGood(proxy, name, first) ? "information" : "warning";
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

function removeOne(proxy: ProxyBlock, name: string, gone: Entry, stays: Entry): DraftFix {
  const [value, other] = [gone, stays].map(({ directive }) => directive.arg(1) ?? "");
  const plain = proxy.evaluation("plain").evaluate(value ?? "");
  // In another file it may be there for others; a plain request must not lose what it carries.
  const isSame = value === other || plain?.every((text) => text === "") === true;
  const isHandshake = name === "upgrade" || name === "connection";
  const isHere = gone.directive.segment.document === proxy.directive.segment.document;
  return {
    title: `Remove ${gone.directive.arg(0)} ${gone.directive.args[1]?.raw ?? ""}, keep ${stays.directive.args[1]?.raw ?? "the other"}`,
    applicability: isHandshake && isSame && isHere ? "safe" : "suggested",
    edits: [remove(gone.directive)],
  };
}
