import { wholeLines } from "../edits/insert.ts";
import type { Environment } from "../model/config.ts";
import { resultOf } from "../model/map-uses.ts";
import type { MapBlock } from "../model/maps.ts";
import type { RequestKind } from "../model/request.ts";
import { variablesIn } from "../nginx/variables.ts";
import type { Directive } from "../syntax/directive.ts";
import type { DraftFix, Rule } from "./rule.ts";

/** Two maps define the same variable for the handshake. */
export const mapConflict: Rule = {
  id: "map-conflict",
  severity: "warning",
  cause: 2,
  what: "A variable for the handshake is defined by two maps.",
  why: "nginx says nothing and uses the last one it reads, in the whole configuration; the others do nothing.",
  fixable: "suggested",
  isStructural: true,
  check: {
    *config(environment) {
      for (const maps of mapsByTarget(environment).values()) {
        const winner = maps.at(-1) as MapBlock;
        // A file that is included twice brings one map twice: nothing to be surprised at.
        const losers = maps.filter(({ directive }) => !isSame(directive, winner.directive));
        if (losers.length === 0 || !concernsHandshake(maps, environment)) continue;
        for (const loser of losers) yield report(loser, winner, environment);
      }
    },
  },
};

function isSame(left: Directive, right: Directive): boolean {
  return left.segment === right.segment && left.statement === right.statement;
}

function mapsByTarget({ maps }: Environment): ReadonlyMap<string, readonly MapBlock[]> {
  const found = new Map<string, MapBlock[]>();
  for (const map of maps) {
    if (map.target === "" || map.scope.parent?.kind !== "http") continue;
    const known = found.get(map.target);
    if (known) known.push(map);
    else found.set(map.target, [map]);
  }
  return found;
}

function concernsHandshake(maps: readonly MapBlock[], { connectionVariables }: Environment): boolean {
  const looksAtIt = (name: string) => name === "http_upgrade" || name === "http_connection";
  return maps.some(({ target, source }) => connectionVariables.has(target) || variablesIn(source).some(looksAtIt));
}

function report(loser: MapBlock, winner: MapBlock, environment: Environment) {
  const difference = findDifference(loser, winner, environment);
  const name = `$${loser.target.length > 32 ? `${loser.target.slice(0, 32)}…` : loser.target}`;
  return {
    place: loser.directive.args[1] ?? loser.directive.namePlace,
    severity: difference ? ("warning" as const) : ("hint" as const),
    message: difference
      ? `This map does nothing: a later one for ${name} wins. ${difference}`
      : `This map does nothing: a later one for ${name} says the same.`,
    related: [{ place: winner.directive.args[1] ?? winner.directive.namePlace, message: "The map in force." }],
    fixes: [remove(loser)],
  };
}

/** What the two give differently, as a sentence; undefined when they agree or when it cannot be told. */
function findDifference(loser: MapBlock, winner: MapBlock, environment: Environment): string | undefined {
  const kinds: readonly (readonly [RequestKind, string])[] = [
    ["websocket", "a handshake"],
    ["plain", "a plain request"],
  ];
  for (const [kind, what] of kinds) {
    const mine = resultOf(loser, kind, environment);
    const inForce = resultOf(winner, kind, environment);
    if (!mine || !inForce || mine.join("\n") === inForce.join("\n")) continue;
    return `For ${what} this one gives ${show(mine)}, the one in force ${show(inForce)}.`;
  }
  return undefined;
}

function show(values: readonly string[]): string {
  return values.map((value) => (value === "" ? "an empty value" : `“${value}”`)).join(" or ");
}

/** Removing it changes nothing; but perhaps this is the one that somebody wants. */
function remove(map: MapBlock): DraftFix {
  return {
    title: "Remove the map that does nothing",
    applicability: "suggested",
    edits: [{ place: wholeLines(map.directive.place), newText: "" }],
  };
}
