import { connectionValue, replaceConnection } from "../edits/connection.ts";
import type { Environment } from "../model/config.ts";
import type { ProxyBlock, SentHeader } from "../model/proxy.ts";
import { variableName } from "../model/variables.ts";
import type { Word } from "../syntax/directive.ts";
import { emptyHeaders } from "./empty-headers.ts";
import { handshakeGap, mayUpgrade, pathText } from "./handshake.ts";
import { swappedPair } from "./headers-swapped.ts";
import type { Draft, DraftFix, Rule } from "./rule.ts";

/** Connection is set to something that is not an upgrade. */
export const connectionNotUpgrade: Rule = {
  id: "connection-not-upgrade",
  severity: "error",
  cause: 2,
  what: "The Connection header is set, but not to upgrade.",
  why: "A handshake needs the token upgrade in Connection; with keep-alive, close or an empty value the backend answers 400, 404 or 426.",
  fixable: "safe",
  isStructural: true,
  check: {
    *proxy(proxy, environment) {
      if (handshakeGap(proxy) !== "none" || proxy.verdict === "not-websocket" || swappedPair(proxy)) return;
      const sent = proxy.sent("connection", "websocket");
      if (proxy.setters("connection").length === 0 || mayUpgrade(sent)) return;
      // A map that gives the wrong value is reported at the map, a variable that nobody sets here has a rule of its own.
      const empty = emptyHeaders(proxy, environment);
      const wrong = sent.find(({ entry }) => {
        const word = entry?.directive.args[1];
        return word !== undefined && !isMapped(word, environment) && !empty.some((other) => other.word === word);
      });
      if (wrong) yield report(proxy, environment, wrong);
    },
  },
};

function isMapped(word: Word, { definitions }: Environment): boolean {
  const name = variableName(word.value);
  return name !== undefined && (definitions.get(name)?.maps.length ?? 0) > 0;
}

/** Whether the map probably is one of another file in the folder. */
function isDefinedBeside(word: Word, { definedBeside, definitions }: Environment): boolean {
  const name = variableName(word.value) ?? "";
  return definedBeside.has(name) && !definitions.get(name);
}

function report(proxy: ProxyBlock, environment: Environment, { entry, value }: SentHeader): Draft {
  const word = entry?.directive.args[1] as Word;
  const shown = (value ?? []).map((text) => (text === "" ? "empty" : `“${text}”`)).join(" or ");
  const arrives = word.value === value?.[0] ? "" : `In a handshake ${word.raw} is ${shown}. `;
  // An include that is not known here may still add another one.
  const isSure = proxy.headers.certainty !== "doubtful" && !isDefinedBeside(word, environment);
  return {
    place: word,
    severity: isSure ? "error" : "warning",
    message: `WebSocket fails on ${pathText(proxy)}: Connection is ${shown}, not “upgrade”. ${arrives}The backend ignores the Upgrade header and answers 400, 404 or 426.`,
    related: [{ place: proxy.directive.namePlace, message: "The requests of this location are affected." }],
    fixes: [repair(proxy, environment, word, isSure)],
  };
}

function repair(proxy: ProxyBlock, environment: Environment, word: Word, isSure: boolean): DraftFix {
  // Somebody who cleared the header wants connections to the upstream kept.
  const value = connectionValue(proxy, environment, word.value === "" ? "empty" : "any");
  const setters = proxy.setters("connection");
  const entry = setters.find(({ directive }) => directive.args[1] === word);
  const others = setters.filter((other) => other !== entry && other.directive.arg(1) !== "");
  const title = `Set Connection to ${value.text}`;
  const fix = replaceConnection(entry ?? proxy.pass, word, value, title, others);
  return isSure ? fix : { ...fix, applicability: "suggested" };
}
