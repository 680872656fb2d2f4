import { connectionValue } from "../edits/headers.ts";
import { insertAfter, replace } from "../edits/insert.ts";
import type { Environment } from "../model/config.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import type { Entry } from "../model/scope.ts";
import { variableName } from "../model/variables.ts";
import type { Word } from "../syntax/directive.ts";
import { handshakeGap, mayUpgrade, pathText } from "./handshake.ts";
import type { Draft, DraftFix, Rule } from "./rule.ts";

/** Connection is set to something that is not an upgrade. */
export const connectionNotUpgrade: Rule = {
  id: "connection-not-upgrade",
  severity: "error",
  cause: 2,
  what: "The Connection header is set, but not to upgrade.",
  why: "A handshake needs the token upgrade in Connection; with keep-alive, close or an empty value the backend answers 400, 404 or 426.",
  fixable: "safe",
  check: {
    *proxy(proxy, environment) {
      if (handshakeGap(proxy) !== "none" || proxy.verdict === "not-websocket") return;
      const sent = proxy.sent("connection", "websocket");
      if (proxy.setters("connection").length === 0 || mayUpgrade(sent)) return;
      // Without an include in doubt there is no other setter; a map that gives the wrong value is reported at the map.
      if (proxy.headers.certainty === "doubtful") return;
      for (const { entry, value } of sent) {
        const word = entry?.directive.args[1];
        if (!entry || !word || !value || isMapped(word, environment)) continue;
        yield report(proxy, environment, entry, word, value);
      }
    },
  },
};

function isMapped(word: Word, { definitions }: Environment): boolean {
  const name = variableName(word.value);
  return name !== undefined && (definitions.get(name)?.maps.length ?? 0) > 0;
}

function report(
  proxy: ProxyBlock,
  environment: Environment,
  entry: Entry,
  word: Word,
  value: readonly string[],
): Draft {
  const shown = value.map((text) => (text === "" ? "nothing" : `“${text}”`)).join(" or ");
  const arrives = word.value === value[0] ? "" : `${word.raw} is ${shown} in a handshake. `;
  return {
    place: word,
    severity: "error",
    message: `WebSocket cannot connect through ${pathText(proxy)}: Connection is ${shown}, not “upgrade”. ${arrives}The backend ignores the Upgrade header and answers 400, 404 or 426.`,
    related: [{ place: proxy.directive.namePlace, message: "The requests of this location are affected." }],
    fixes: [replaceValue(proxy, environment, entry, word)],
  };
}

function replaceValue(proxy: ProxyBlock, environment: Environment, entry: Entry, word: Word): DraftFix {
  const value = connectionValue(proxy, environment);
  const edits = [...value.edits, replace(word, value.text)];
  if (value.lines.length > 0) edits.push(insertAfter(entry.directive, value.lines));
  const files = new Set(edits.map((edit) => edit.place.segment.document));
  return { title: `Set Connection to ${value.text}`, applicability: files.size > 1 ? "suggested" : "safe", edits };
}
