import { replace } from "../edits/insert.ts";
import { handshakeMaps, lookUp } from "../model/map-uses.ts";
import { testPattern } from "../model/maps.ts";
import type { Entry, Scope } from "../model/scope.ts";
import { variableName } from "../model/variables.ts";
import type { Word } from "../syntax/directive.ts";
import type { Draft, DraftFix, Rule } from "./rule.ts";

/** What browsers write, and what some other clients write: the name is compared without case (RFC 6455, section 4.2.1). */
const USUAL = "websocket";
const OTHER = "WebSocket";

/** The word websocket is compared with regard to case. */
export const mapCaseSensitiveRegex: Rule = {
  id: "map-case-sensitive-regex",
  severity: "information",
  cause: 2,
  what: "The Upgrade header is compared with websocket in a way that minds the case.",
  why: "Browsers write websocket and work; clients that write WebSocket, as they may, are not recognised: 400, 404 or 426.",
  fixable: "safe",
  check: {
    *proxy(proxy) {
      if (proxy.verdict === "not-websocket") return;
      for (const { map, serves, word } of handshakeMaps(proxy)) {
        if (variableName(map.source) !== "http_upgrade") continue;
        const evaluation = proxy.evaluation("websocket");
        const usual = lookUp(map, USUAL, evaluation);
        const other = lookUp(map, OTHER, evaluation);
        const key = usual?.entry?.directive.words[0];
        if (!usual || !other || !key?.value.startsWith("~") || !serves(usual.value) || serves(other.value)) continue;
        yield {
          ...describe(key),
          related: [{ place: word, message: "A header of the handshake gets its value here." }],
          fixes: [ignoreCase(key, key.raw.replace("~", "~*"), "safe")],
        };
      }
    },
    *location({ scope }) {
      yield* judgeIfs(scope);
    },
    *server({ scope }) {
      yield* judgeIfs(scope);
    },
  },
};

function describe(place: Word): Draft {
  return {
    place,
    severity: "information",
    message: `Clients that write “Upgrade: ${OTHER}” are not recognised: this minds the case. Browsers write ${USUAL} and get through; the standard allows any case.`,
  };
}

function ignoreCase(word: Word, text: string, applicability: DraftFix["applicability"]): DraftFix {
  return { title: "Ignore the case", applicability, edits: [replace(word, text)] };
}

function* judgeIfs(scope: Scope): Iterable<Draft> {
  for (const entry of scope.own("if")) {
    const operator = caseSensitiveOperator(entry);
    if (!operator) continue;
    const isRegex = operator.value.includes("~");
    const isNegative = operator.value.startsWith("!");
    const fix = ignoreCase(operator, isNegative ? "!~*" : "~*", isRegex ? "safe" : "suggested");
    // Many write = and never meet such a client; one tilde instead of two characters is rather a slip.
    yield { ...describe(operator), severity: isRegex ? "information" : "hint", fixes: [fix] };
  }
}

/** The operator of `if ($http_upgrade = websocket)` and the like, when it tells the two ways to write it apart. */
function caseSensitiveOperator({ directive }: Entry): Word | undefined {
  const words = directive.args.filter(({ value }) => value !== "(" && value !== ")");
  const [left, operator, right] = words;
  if (words.length !== 3 || !left || !operator || !right) return undefined;
  if (variableName(left.value.replace(/^\(/, "")) !== "http_upgrade") return undefined;
  const wanted = right.value.replace(/\)$/, "");
  const match = /^!?(=|~)$/.exec(operator.value);
  if (!match) return undefined;
  if (match[1] === "=") return wanted.toLowerCase() === USUAL ? operator : undefined;
  return testPattern(wanted, false, USUAL) === true && testPattern(wanted, false, OTHER) === false
    ? operator
    : undefined;
}
