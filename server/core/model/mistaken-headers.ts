import { variablesIn } from "../nginx/variables.ts";
import type { ProxyBlock } from "./proxy.ts";
import type { Entry } from "./scope.ts";
import { misspeltOf } from "./spelling.ts";
import { hasUpgradeToken, hasWebsocketToken } from "./tokens.ts";

/** One of the two headers of a handshake. */
export type HandshakeHeader = "upgrade" | "connection";

/** A line that is meant to pass on a header of the handshake, and does not. */
export interface MistakenHeader {
  readonly entry: Entry;
  /** The header it is meant to be. */
  readonly header: HandshakeHeader;
}

const handshakeHeaders: readonly HandshakeHeader[] = ["upgrade", "connection"];

/**
 * The headers to the backend whose name is `Upgrade` or `Connection` with a letter or two wrong or a colon behind it,
 * with a value for a handshake, where nothing else sends the real header.
 */
export function misspeltHeaders(proxy: ProxyBlock): readonly MistakenHeader[] {
  return proxy.headers.entries.flatMap((entry) => {
    const name = entry.directive.arg(0)?.toLowerCase() ?? "";
    const bare = name.replace(/:$/, "");
    const header = handshakeHeaders.find((right) => right === bare) ?? misspeltOf(bare, handshakeHeaders);
    // `X-Upgrade` is two letters away, and a header of its own.
    if (header === undefined || header === name || name.startsWith("x-")) return [];
    return isMissing(proxy, header) && meansUpgrade(proxy, entry) ? [{ entry, header }] : [];
  });
}

/** The handshake headers that `add_header` sends to the browser, where nothing sends them to the backend. */
export function misplacedHeaders(proxy: ProxyBlock): readonly MistakenHeader[] {
  return responseUpgrades(proxy).filter(({ header }) => isMissing(proxy, header));
}

/** The handshake headers with a value for a handshake that `add_header` writes into answers to the browser. */
export function responseUpgrades(proxy: ProxyBlock): readonly MistakenHeader[] {
  return proxy.list("add_header").entries.flatMap((entry) => {
    const name = entry.directive.arg(0)?.toLowerCase();
    const header = handshakeHeaders.find((right) => right === name);
    return header !== undefined && meansUpgrade(proxy, entry) ? [{ entry, header }] : [];
  });
}

function isMissing(proxy: ProxyBlock, header: HandshakeHeader): boolean {
  return proxy.setters(header).every(({ directive }) => (directive.arg(1) ?? "") === "");
}

/** Whether a value is what somebody writes for a handshake: the client's own header, `upgrade`, or a variable for it. */
function meansUpgrade(proxy: ProxyBlock, { directive }: Entry): boolean {
  const value = directive.arg(1) ?? "";
  if (variablesIn(value).some((name) => /^http_(?:upgrade|connection)$|connection_upgrade/.test(name))) return true;
  const values = proxy.evaluation("websocket").evaluate(value) ?? [];
  return values.some((text) => hasUpgradeToken(text) || hasWebsocketToken(text));
}
