import { connectionValue, replaceConnection } from "../edits/connection.ts";
import { replace } from "../edits/insert.ts";
import type { Environment } from "../model/config.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import type { Entry } from "../model/scope.ts";
import type { Word } from "../syntax/directive.ts";
import { emptyHeaders } from "./empty-headers.ts";
import { pathText } from "./handshake.ts";
import type { DraftFix, Rule } from "./rule.ts";

/** A header takes a variable that is set, but not on the way of this request. */
export const variableSetElsewhere: Rule = {
  id: "variable-set-elsewhere",
  severity: "error",
  cause: 2,
  what: "A WebSocket header uses a variable that only another server or location sets.",
  why: "nginx accepts the file, since the name exists, but the variable is empty here: the header is not sent, and the backend answers 400, 404 or 426.",
  fixable: "safe",
  isStructural: true,
  check: {
    *proxy(proxy, environment) {
      if (proxy.verdict === "not-websocket") return;
      for (const { entry, word, name, set } of emptyHeaders(proxy, environment)) {
        yield {
          place: word,
          // A map in a file that is not known here would define it for all.
          severity: environment.isWhole ? "error" : "information",
          message: `WebSocket fails on ${pathText(proxy)}: $${shorten(name)} is empty here. Only another server or location sets it, so the header ${entry.directive.arg(0)} is not sent; the backend answers 400, 404 or 426.`,
          related: [{ place: set.head, message: "It is set here, for other requests." }],
          fixes: [repair(proxy, environment, entry, word)],
        };
      }
    },
  },
};

function shorten(name: string): string {
  return name.length > 24 ? `${name.slice(0, 24)}…` : name;
}

function repair(proxy: ProxyBlock, environment: Environment, entry: Entry, word: Word): DraftFix {
  if (entry.directive.arg(0)?.toLowerCase() === "upgrade")
    return { title: "Set Upgrade to $http_upgrade", applicability: "safe", edits: [replace(word, "$http_upgrade")] };
  // Until now plain requests get no Connection header here.
  const value = connectionValue(proxy, environment, "empty");
  const fix = replaceConnection(entry, word, value, `Set Connection to ${value.text}`, []);
  return environment.isWhole ? fix : { ...fix, applicability: "suggested" };
}
