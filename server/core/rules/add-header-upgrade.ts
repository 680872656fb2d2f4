import { isOneFile } from "../edits/connection.ts";
import { makeReady } from "../edits/headers.ts";
import { keepsList, remove } from "../edits/remove.ts";
import { type MistakenHeader, misplacedHeaders, responseUpgrades } from "../model/mistaken-headers.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import { sendsValue } from "../model/sent-values.ts";
import type { Directive } from "../syntax/directive.ts";
import { handshakeGap, isMeant, pathText } from "./handshake.ts";
import type { Draft, DraftFix, Rule } from "./rule.ts";

/** add_header writes a header of the handshake to the wrong side. */
export const addHeaderUpgrade: Rule = {
  id: "add-header-upgrade",
  severity: "error",
  cause: 1,
  what: "Upgrade or Connection is set with add_header, which writes to the browser and not to the backend.",
  why: "The backend never sees the headers and answers 426; and with always beside a right pair the browser gets Upgrade twice and refuses the handshake.",
  fixable: "safe",
  check: {
    *proxy(proxy) {
      if (proxy.verdict === "not-websocket") return;
      if (handshakeGap(proxy) === "mistaken") yield* reportMisplaced(proxy);
      else if (handshakeGap(proxy) === "none") yield* reportRepeated(proxy);
    },
  },
};

function* reportMisplaced(proxy: ProxyBlock): Generator<Draft> {
  const misplaced = misplacedHeaders(proxy);
  const [first] = misplaced;
  // From an outer level it says nothing about this location.
  if (!first || (!isOwn(proxy) && !isMeant(proxy))) return;
  const names = [...new Set(misplaced.map(({ header }) => (header === "upgrade" ? "Upgrade" : "Connection")))];
  yield {
    place: first.entry.directive.namePlace,
    severity: "error",
    message: `WebSocket fails on ${pathText(proxy)}: add_header does not reach the backend. It writes ${names.join(" and ")} into answers to the browser; the handshake needs proxy_set_header, and without it the backend answers 426, 404 or 400.`,
    related: [
      ...misplaced.slice(1).map(({ entry }) => ({ place: entry.directive.head, message: "The same here." })),
      { place: proxy.directive.namePlace, message: "The requests of this location are affected." },
    ],
    fixes: [convert(proxy, misplaced)],
  };
}

/** Passes the headers on to the backend, and takes out the lines that do not. */
function convert(proxy: ProxyBlock, misplaced: readonly MistakenHeader[]): DraftFix {
  const isUpgradeSet = proxy.setters("upgrade").some(({ directive }) => directive.arg(1) !== "");
  const isConnectionSet = proxy.setters("connection").some(({ directive }) => directive.arg(1) !== "");
  const wanted = isUpgradeSet ? "connection" : isConnectionSet ? "upgrade" : "both";
  const ready = makeReady(proxy, proxy.environment, wanted);
  const gone = isOwn(proxy) ? misplaced.map(({ entry }) => entry.directive) : [];
  const edits = [...ready.edits, ...gone.map(remove)];
  const isQuiet = keepsList(proxy.list("add_header").scope, "add_header", gone) && isSilent(proxy, gone);
  return {
    title: "Use proxy_set_header instead of add_header",
    applicability: ready.applicability === "safe" && isQuiet && isOneFile(edits) ? "safe" : "suggested",
    edits,
  };
}

function* reportRepeated(proxy: ProxyBlock): Generator<Draft> {
  for (const { entry, header } of responseUpgrades(proxy)) {
    const { directive } = entry;
    const isAlways = directive.arg(2) === "always";
    const reaches =
      isAlways && header === "upgrade" && sendsValue(proxy.evaluation("websocket"), directive.arg(1) ?? "");
    if (reaches ? !isMeant(proxy) : !isOwn(proxy)) continue;
    const isSafe =
      isOwn(proxy) &&
      directive.segment.document === proxy.directive.segment.document &&
      keepsList(proxy.list("add_header").scope, "add_header", [directive]) &&
      isSilent(proxy, [directive]);
    yield {
      place: directive.namePlace,
      severity: reaches ? "error" : "hint",
      message: reaches
        ? `The browser refuses the WebSocket on ${pathText(proxy)}: it gets Upgrade twice. nginx passes the backend's own on, and add_header with always adds another: “'Upgrade' header must not appear more than once”.`
        : `This add_header does nothing for the WebSocket on ${pathText(proxy)}. It writes into answers to the browser${
            isAlways ? ", where a second Connection changes nothing" : ", and without always not into a 101"
          }.`,
      related: isOwn(proxy)
        ? []
        : [{ place: proxy.directive.namePlace, message: "A WebSocket location that inherits it." }],
      fixes: [
        {
          title: "Remove this add_header",
          applicability: isSafe ? "safe" : "suggested",
          edits: [remove(directive)],
        },
      ],
    };
  }
}

/** Whether the list of add_header in force is the location's own. */
function isOwn(proxy: ProxyBlock): boolean {
  const { scope } = proxy.list("add_header");
  return scope !== undefined && (scope === proxy.scope || scope === proxy.location);
}

/** Whether answers to plain requests never had these headers. */
function isSilent(proxy: ProxyBlock, directives: readonly Directive[]): boolean {
  const plain = proxy.evaluation("plain");
  return directives.every((directive) => plain.evaluate(directive.arg(1) ?? "")?.every((text) => text === "") === true);
}
