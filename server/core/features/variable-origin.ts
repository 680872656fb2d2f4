import type { Environment } from "../model/config.ts";
import { contributionOf } from "../model/contribution.ts";
import { entriesOf } from "../model/environment.ts";
import { readMap } from "../model/maps.ts";
import { type Entry, scopesWithin } from "../model/scope.ts";
import { capturedNames, definingWord, groupsOfKey, type Share, variableName } from "../model/variables.ts";
import type { Directive } from "../syntax/directive.ts";

/** A statement that gives a variable its value. */
export interface VariableOrigin {
  readonly name: string;
  readonly directive: Directive;
}

/** Every variable that a configuration defines, once for each statement that has a share in it. */
export function* variablesIn(environment: Environment): Generator<VariableOrigin> {
  for (const [name, share, entry] of sharesIn(environment)) {
    const [directive] = statementsOf(name, share, entry);
    if (directive) yield { name, directive };
  }
}

/** The statements that define a variable, the one that counts first: of several maps the last. */
export function originsOf(name: string, environment: Environment): readonly VariableOrigin[] {
  const maps: Directive[] = [];
  const others: Directive[] = [];
  for (const [defined, share, entry] of sharesIn(environment)) {
    if (defined !== name) continue;
    (share.maps.length > 0 ? maps : others).push(...statementsOf(name, share, entry));
  }
  return [...maps.toReversed(), ...others].map((directive) => ({ name, directive }));
}

/** How a statement defines its variable, in a few words: `map of $http_upgrade`. */
export function sourceText({ name: variable, directive }: VariableOrigin): string {
  const { name } = directive;
  if (name === "map" && variableName(directive.arg(1)) !== variable) return "captured by map";
  if (name === "map" || name === "split_clients") return `${name} of ${directive.args[0]?.raw ?? ""}`;
  if (name === "set") return `set to ${directive.args[1]?.raw ?? ""}`;
  if (name === "geo") return "geo";
  return directive.words.some(({ raw }) => raw.includes("(?")) ? `captured by ${name}` : `${name}`;
}

function* sharesIn({ scope, http }: Environment): Generator<readonly [string, Share, Entry]> {
  for (const entry of entriesOf(scope, http)) {
    for (const [name, share] of contributionOf(entry).variables) yield [name, share, entry];
  }
}

/** The statements within one of the outermost that have a share in a variable. */
function* statementsOf(name: string, { maps, sets, modules, captures }: Share, entry: Entry): Generator<Directive> {
  for (const { directive } of maps) yield directive;
  yield* sets;
  if (modules + captures === 0) return;
  if (defines(entry.directive, name)) yield entry.directive;
  for (const inner of entry.scope ? scopesWithin(entry.scope) : []) {
    if (inner.kind === "data") {
      const map = readMap(inner);
      if (map?.entries.some(({ key }) => [...groupsOfKey(key)].includes(name))) yield map.directive;
      continue;
    }
    for (const { directive } of inner.entries) if (defines(directive, name)) yield directive;
  }
}

function defines(directive: Directive, name: string): boolean {
  return variableName(definingWord(directive)?.value) === name || [...capturedNames(directive)].includes(name);
}
