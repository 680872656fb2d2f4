import type { Definition } from "../model/variables.ts";
import type { Directive } from "../syntax/directive.ts";

/** A statement that gives a variable its value. */
export interface VariableOrigin {
  readonly name: string;
  readonly directive: Directive;
}

/** The statements that define a variable, the one that counts first: of several maps the last. */
export function variableOrigins(name: string, { maps, sets, others }: Definition): readonly VariableOrigin[] {
  const directives = [...maps.map(({ directive }) => directive).toReversed(), ...sets, ...others];
  return directives.map((directive) => ({ name, directive }));
}

/** How a statement defines its variable, in a few words: `map of $http_upgrade`. */
export function sourceText({ directive }: VariableOrigin): string {
  const { name } = directive;
  if (name === "map" || name === "split_clients") return `${name} of ${directive.args[0]?.raw ?? ""}`;
  if (name === "set") return `set to ${directive.args[1]?.raw ?? ""}`;
  if (name === "geo") return "geo";
  return directive.words.some(({ raw }) => raw.includes("(?")) ? `captured by ${name}` : `${name}`;
}
