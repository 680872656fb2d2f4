import { insertMap } from "../edits/connection.ts";
import { replace } from "../edits/insert.ts";
import type { Environment } from "../model/config.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import { isBuiltInVariable, looksLikeTemplateName, splitValue } from "../nginx/variables.ts";
import type { Directive, Place, Word } from "../syntax/directive.ts";
import type { DraftFix, Rule } from "./rule.ts";

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

function unknownVariables(word: Word, environment: Environment): readonly { name: string; place: Place }[] {
  const { definitions, definedBeside } = environment;
  // Positions in the value are those in the raw text only as long as nothing is escaped.
  const shift = word.quoted ? 1 : 0;
  const exact = !word.raw.includes("\\");
  // A map that lacks the dollar sign is reported at the map.
  const isMeantBy = (name: string) =>
    environment.maps.some(({ directive }) => directive.arg(1)?.toLowerCase() === name);
  return splitValue(word.value).flatMap((part) => {
    if (part.kind === "text" || isBuiltInVariable(part.name) || definitions.get(part.name)) return [];
    if (isMeantBy(part.name) || definedBeside.has(part.name)) return [];
    if (looksLikeTemplateName(word.value.slice(part.start, part.end))) return [];
    const start = word.start + shift;
    return [
      {
        name: part.name,
        place: exact ? { segment: word.segment, start: start + part.start, end: start + part.end } : word,
      },
    ];
  });
}

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
