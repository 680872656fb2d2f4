import { connectionValue, isDedicated, isOneFile } from "../edits/connection.ts";
import { insertAfter, replace } from "../edits/insert.ts";
import type { Environment } from "../model/config.ts";
import { type MapBlock, selectEntry } from "../model/maps.ts";
import { type MistakenHeader, misspeltHeaders } from "../model/mistaken-headers.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import { misspeltRequestVariable } from "../model/request.ts";
import { hasUpgradeToken } from "../model/tokens.ts";
import { splitValue } from "../nginx/variables.ts";
import type { Place, Word } from "../syntax/directive.ts";
import { handshakeGap, isOwnLevel, pathText } from "./handshake.ts";
import type { Draft, DraftEdit, DraftFix, Rule } from "./rule.ts";

/** A header or a request variable of the handshake has its name misspelt. */
export const headerNameTypo: Rule = {
  id: "header-name-typo",
  severity: "error",
  cause: 1,
  what: "The name of a handshake header is misspelt: Conection, Upgrade: with a colon, $http_upgarde.",
  why: "nginx takes any header name and any $http_ variable, so nginx -t finds nothing; the backend misses the header and answers 426 or 400.",
  fixable: "safe",
  check: {
    *proxy(proxy, environment) {
      if (proxy.verdict === "not-websocket") return;
      const gap = handshakeGap(proxy);
      if (gap !== "unknown" && gap !== "none")
        for (const header of misspeltHeaders(proxy)) yield reportName(proxy, environment, header);
      yield* reportConditions(proxy);
    },
    *map(map, environment) {
      const word = map.directive.args[0];
      for (const typo of word ? typosIn(word) : []) {
        const isFatal = environment.connectionVariables.has(map.target) && !givesUpgrade(map);
        yield {
          place: typo.place,
          severity: isFatal ? "error" : "warning",
          message: `${
            isFatal ? "WebSocket cannot connect" : "This map sees no handshake"
          }: it looks at ${shorten(typo.text)}, a header nobody sends. nginx knows any $http_ name, so it does not complain; the value is always empty.`,
          fixes: [correct(typo)],
        };
      }
    },
  },
};

function reportName(proxy: ProxyBlock, environment: Environment, { entry, header }: MistakenHeader): Draft {
  const word = entry.directive.args[0] as Word;
  const right = header === "upgrade" ? "Upgrade" : "Connection";
  const isColon = word.value.endsWith(":");
  return {
    place: word,
    severity: "error",
    message: isColon
      ? `WebSocket fails on ${pathText(proxy)}: “${shorten(word.value)}” has a colon too many. nginx writes one itself; with two the backend reads no valid ${right} and answers 400 or 426.`
      : `WebSocket fails on ${pathText(proxy)}: the header is “${shorten(word.value)}”, not ${right}. nginx sends any name it is given; the backend misses ${right} and answers 426 or 400.`,
    related: isOwnLevel(proxy)
      ? []
      : [{ place: proxy.directive.namePlace, message: "The requests of this location are affected." }],
    fixes: [rename(proxy, environment, { entry, header }, right)],
  };
}

function rename(
  proxy: ProxyBlock,
  environment: Environment,
  { entry, header }: MistakenHeader,
  right: string,
): DraftFix {
  const [name, value] = entry.directive.args as readonly [Word, Word];
  const edits: DraftEdit[] = [replace(name, right)];
  const idle = proxy.evaluation("plain").evaluate(value.value);
  // Now that it arrives, a literal would go to plain requests too.
  const isLiteral = header === "connection" && !isDedicated(proxy) && idle?.some(hasUpgradeToken) === true;
  const connection = isLiteral ? connectionValue(proxy, environment) : undefined;
  if (connection) {
    edits.push(...connection.edits, replace(value, connection.text));
    if (connection.lines.length > 0) edits.push(insertAfter(entry.directive, connection.lines));
  }
  const isSafe = connection ? connection.isSafe : isDedicated(proxy) || idle?.every(isIdle) === true;
  return {
    title: `Write ${right}${connection ? `, ${connection.title}` : ""}`,
    applicability: isSafe && isOneFile(edits) ? "safe" : "suggested",
    edits,
  };
}

function isIdle(value: string): boolean {
  return ["", "close", "keep-alive"].includes(value.toLowerCase());
}

/** An `if` on a misspelt variable does the same for every request. What it only sets is reported where it is used. */
function* reportConditions(proxy: ProxyBlock): Generator<Draft> {
  for (const { directive, scope } of proxy.location?.own("if") ?? []) {
    if (!scope?.entries.some((entry) => entry.directive.name !== "set")) continue;
    for (const typo of directive.args.flatMap(typosIn)) {
      yield {
        place: typo.place,
        severity: "warning",
        message: `Handshakes on ${pathText(proxy)} look like plain requests here: nobody sends ${shorten(typo.text)}. nginx knows any $http_ name, so it does not complain; the value is always empty.`,
        fixes: [correct(typo)],
      };
    }
  }
}

/** A misspelt variable with its place and what it should be. */
interface Typo {
  readonly place: Place;
  readonly text: string;
  readonly right: string;
}

function typosIn(word: Word): readonly Typo[] {
  const shift = word.start + (word.quoted ? 1 : 0);
  if (word.raw.includes("\\")) return [];
  return splitValue(word.value).flatMap((part) => {
    const name = part.kind === "variable" ? misspeltRequestVariable(part.name) : undefined;
    if (part.kind === "text" || name === undefined) return [];
    const text = word.value.slice(part.start, part.end);
    const place = { segment: word.segment, start: shift + part.start, end: shift + part.end };
    return [{ place, text, right: text.startsWith("${") ? `\${${name}}` : `$${name}` }];
  });
}

function givesUpgrade(map: MapBlock): boolean {
  const entry = map.doubtful ? "unknown" : selectEntry(map, "");
  return entry === "unknown" || (entry !== undefined && hasUpgradeToken(entry.value.value));
}

function correct({ place, right }: Typo): DraftFix {
  // A plain request has no Upgrade header either, but it has Connection.
  const applicability = right.includes("http_upgrade") ? "safe" : "suggested";
  return { title: `Write ${right}`, applicability, edits: [replace(place, right)] };
}

function shorten(text: string): string {
  return text.length > 24 ? `${text.slice(0, 24)}…` : text;
}
