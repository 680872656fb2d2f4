import { replace } from "../edits/insert.ts";
import type { Environment } from "../model/config.ts";
import type { MapBlock } from "../model/maps.ts";
import { scopesWithin } from "../model/scope.ts";
import { variableName } from "../model/variables.ts";
import { isReservedVariable } from "../nginx/reserved-variables.ts";
import type { Word } from "../syntax/directive.ts";
import { isTemplate } from "../syntax/template.ts";
import type { DraftEdit, DraftFix, Rule } from "./rule.ts";

/** The name that a map gives its variable is none, or is taken by nginx itself. */
export const mapReservedTarget: Rule = {
  id: "map-reserved-target",
  severity: "error",
  cause: 2,
  what: "A map defines a variable that nginx has itself, or a name without $.",
  why: 'nginx does not start: the duplicate "connection" variable, or invalid variable name.',
  fixable: "safe",
  check: {
    *map(map, environment) {
      const word = map.directive.args[1];
      if (!word || map.scope.parent?.kind !== "http" || isTemplate(word.segment)) return;
      if (!word.value.startsWith("$")) {
        yield {
          place: word,
          severity: "error",
          message: `nginx will not start: invalid variable name "${shorten(word.value)}". The second word of a map is the variable it defines and begins with $.`,
          fixes: /^[A-Za-z_]\w*$/.test(word.value) ? [addDollar(word)] : [],
        };
      } else if (isReservedVariable(map.target)) {
        yield {
          place: word,
          severity: "error",
          message: `nginx will not start: the duplicate "${word.value.slice(1)}" variable. ${word.value} is one of nginx's own variables, so the map needs another name.`,
          fixes: rename(map, word, environment),
        };
      }
    },
  },
};

function shorten(text: string): string {
  return text.length > 32 ? `${text.slice(0, 32)}…` : text;
}

function addDollar(word: Word): DraftFix {
  const text = `$${word.value}`;
  return { title: `Write ${text}`, applicability: "safe", edits: [replace(word, text)] };
}

/** Gives the map the usual name, and the handshake's headers with it; other uses may mean nginx's own variable. */
function rename(map: MapBlock, word: Word, environment: Environment): readonly DraftFix[] {
  const { document } = word.segment;
  const name = ["connection_upgrade", "websocket_connection"].find((each) => !environment.definitions.get(each));
  if (name === undefined) return [];
  const uses: DraftEdit[] = [];
  for (const scope of scopesWithin(environment.scope)) {
    for (const { directive } of scope.own("proxy_set_header")) {
      const [header, value] = directive.args;
      const isHandshake = ["upgrade", "connection"].includes(header?.value.toLowerCase() ?? "");
      if (value && isHandshake && variableName(value.value) === map.target) uses.push(replace(value, `$${name}`));
    }
  }
  if (uses.some(({ place }) => place.segment.document !== document)) return [];
  const edits = [replace(word, `$${name}`), ...uniquePlaces(uses)];
  return [{ title: `Call it $${name}`, applicability: uses.length > 0 ? "safe" : "suggested", edits }];
}

/** An include that is read in several places holds each of its lines once. */
function uniquePlaces(edits: readonly DraftEdit[]): readonly DraftEdit[] {
  const seen = new Set<string>();
  return edits.filter(({ place }) => {
    const key = `${place.segment.index}:${place.start}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}
