import { isDedicated, isOneFile } from "../edits/connection.ts";
import { replace } from "../edits/insert.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import type { Entry } from "../model/scope.ts";
import { hasUpgradeToken, hasWebsocketToken } from "../model/tokens.ts";
import { variableName } from "../model/variables.ts";
import type { Word } from "../syntax/directive.ts";
import { pathText } from "./handshake.ts";
import type { DraftFix, Rule } from "./rule.ts";

/** Upgrade and Connection have each other's value. */
export const headersSwapped: Rule = {
  id: "headers-swapped",
  severity: "error",
  cause: 2,
  what: "Upgrade and Connection have changed places: each is set to the value of the other.",
  why: "The backend reads Upgrade: upgrade and Connection: websocket, sees no handshake in them and answers 426 or 400.",
  fixable: "safe",
  check: {
    *proxy(proxy) {
      const pair = proxy.verdict === "not-websocket" ? undefined : swappedPair(proxy);
      if (!pair) return;
      // An include that is not known here may still add another one.
      const isSure = proxy.headers.certainty !== "doubtful";
      yield {
        place: pair.upgrade,
        severity: isSure ? "error" : "warning",
        message: `WebSocket fails on ${pathText(proxy)}: Upgrade and Connection have changed places. The backend reads Upgrade: upgrade and Connection: websocket, which is no handshake, and answers 426 or 400.`,
        related: [
          { place: pair.connection, message: "This value belongs to Upgrade." },
          { place: proxy.directive.namePlace, message: "The requests of this location are affected." },
        ],
        fixes: [swap(proxy, pair.upgrade, pair.connection, isSure)],
      };
    },
  },
};

/** The values of the two headers when each certainly is what the other should be. */
export function swappedPair(proxy: ProxyBlock): { upgrade: Word; connection: Word } | undefined {
  const upgrade = only(proxy.setters("upgrade"));
  const connection = only(proxy.setters("connection"));
  if (!upgrade || !connection) return undefined;
  const evaluation = proxy.evaluation("websocket");
  const isWrong = evaluation.evaluate(upgrade.value)?.every((text) => hasUpgradeToken(text)) === true;
  const isUpgrade = evaluation.evaluate(connection.value)?.every((text) => hasWebsocketToken(text)) === true;
  return isWrong && isUpgrade ? { upgrade, connection } : undefined;
}

function only(entries: readonly Entry[]): Word | undefined {
  return entries.length === 1 ? entries[0]?.directive.args[1] : undefined;
}

function swap(proxy: ProxyBlock, upgrade: Word, connection: Word, isSure: boolean): DraftFix {
  const isClients = variableName(connection.value) === "http_upgrade";
  const edits = [replace(upgrade, isClients ? connection.raw : "$http_upgrade"), replace(connection, upgrade.raw)];
  // A literal would go to plain requests as well, and some backends refuse those.
  const idle = proxy.evaluation("plain").evaluate(upgrade.value);
  const isHarmless = isDedicated(proxy) || idle?.every((text) => !hasUpgradeToken(text)) === true;
  return {
    title: "Swap the two values",
    applicability: isSure && isHarmless && isOneFile(edits) ? "safe" : "suggested",
    edits,
  };
}
