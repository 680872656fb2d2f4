import { replace } from "../edits/insert.ts";
import { handshakeMaps, lookUp, type MapUse } from "../model/map-uses.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import { variableName } from "../model/variables.ts";
import type { DraftFix, Rule } from "./rule.ts";

/** What Chromium sends as Connection in a handshake, and what Firefox sends. */
const CHROMIUM = "Upgrade";
const FIREFOX = "keep-alive, Upgrade";

/** A map compares the whole Connection header with `upgrade`, which only some browsers send alone. */
export const mapSourceConnectionExact: Rule = {
  id: "map-source-connection-exact",
  severity: "warning",
  cause: 2,
  what: "A map looks for upgrade as the whole Connection header of the browser.",
  why: "Chrome sends just that and works; Firefox sends keep-alive, Upgrade, which the map does not know: 400 or 426.",
  fixable: "suggested",
  check: {
    *proxy(proxy) {
      if (proxy.verdict === "not-websocket") return;
      for (const use of handshakeMaps(proxy)) {
        const { map } = use;
        const word = map.directive.args[0];
        if (!word || variableName(map.source) !== "http_connection" || !missesList(use, proxy)) continue;
        yield {
          place: word,
          severity: "warning",
          message: `WebSocket works in Chrome and fails in Firefox: this map wants “upgrade” alone. Firefox sends “Connection: ${FIREFOX}”, which no line matches, so the backend answers 400 or 426. $http_upgrade is the better thing to look at.`,
          related: [{ place: use.word, message: "A header of the handshake gets its value here." }],
          fixes: [matchInList(use)],
        };
      }
    },
  },
};

function missesList({ map, serves }: MapUse, proxy: ProxyBlock): boolean {
  const evaluation = proxy.evaluation("websocket");
  const alone = lookUp(map, CHROMIUM, evaluation);
  const inList = lookUp(map, FIREFOX, evaluation);
  return alone !== undefined && inList !== undefined && serves(alone.value) && !serves(inList.value);
}

function matchInList({ map }: MapUse): DraftFix {
  const keys = map.entries.filter(({ key }) => key.toLowerCase() === "upgrade");
  return {
    title: "Find upgrade anywhere in the header: ~*upgrade",
    applicability: "suggested",
    edits: keys.flatMap(({ directive }) => (directive.words[0] ? [replace(directive.words[0], "~*upgrade")] : [])),
  };
}
