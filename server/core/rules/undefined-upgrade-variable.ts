import { insertMap } from "../edits/connection.ts";
import { replace } from "../edits/insert.ts";
import type { Environment } from "../model/config.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import type { Directive, Word } from "../syntax/directive.ts";
import type { DraftFix, Rule } from "./rule.ts";
import { unknownVariables } from "./unknown-variables.ts";

/** A header uses a variable that nothing defines. */
export const undefinedUpgradeVariable: Rule = {
  id: "undefined-upgrade-variable",
  severity: "error",
  cause: 2,
  what: "A WebSocket header uses a variable that no map or set defines.",
  why: 'nginx does not start: unknown "connection_upgrade" variable. It is not built in; the map that defines it has to be written.',
  fixable: "safe",
  isStructural: true,
  check: {
    *proxy(proxy, environment) {
      const evident = [...proxy.setters("upgrade"), ...proxy.setters("connection")];
      for (const { directive } of evident) {
        const word = directive.args[1];
        if (!word) continue;
        for (const { name, place } of unknownVariables(word, environment)) {
          yield {
            place,
            severity: environment.isWhole ? "error" : "information",
            message: environment.isWhole
              ? `nginx will not start: unknown "${name}" variable. It is not built in; a map in the http block has to define it.`
              : `nginx will not start unless a file not seen here defines $${name}. It is not built in; a map in the http block has to define it.`,
            fixes: isUpgrade(directive) ? useUpgrade(word) : defineIt(proxy, environment, name),
          };
        }
      }
    },
  },
};

function isUpgrade(directive: Directive): boolean {
  return directive.arg(0)?.toLowerCase() === "upgrade";
}

/** The Upgrade header needs no map: the client's own is right. */
function useUpgrade(word: Word): readonly DraftFix[] {
  return [{ title: "Set Upgrade to $http_upgrade", applicability: "safe", edits: [replace(word, "$http_upgrade")] }];
}

function defineIt(proxy: ProxyBlock, environment: Environment, name: string): readonly DraftFix[] {
  const edit = insertMap(environment, name);
  if (!edit) return [];
  const oneFile = edit.place.segment.document === proxy.directive.segment.document;
  return [
    {
      title: `Define $${name} with a map`,
      applicability: environment.isWhole && oneFile ? "safe" : "suggested",
      edits: [edit],
    },
  ];
}
