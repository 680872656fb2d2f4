import type { Directive, Word } from "../syntax/directive.ts";
import { type MapBlock, readMap } from "./maps.ts";
import type { RequestKind } from "./request.ts";
import { type Scope, scopesWithin } from "./scope.ts";

/** What a part of a configuration does to define a variable. */
export interface Share {
  /** The maps that define it, in file order. */
  readonly maps: MapBlock[];
  /** Its `set` directives. */
  readonly sets: Directive[];
  /** How many directives of other modules define it. */
  modules: number;
  /** How many regular expressions have a group of this name. */
  captures: number;
}

/** What a variable is in each kind of request, as far as that is known. */
export type ValuesBeside = Readonly<Partial<Record<RequestKind, readonly string[] | undefined>>>;

/** Variables (lower case) that files define which probably stand beside a fragment in the same `http`. */
export type VariablesBeside = ReadonlyMap<string, ValuesBeside>;

/** Which argument of a directive names the variable it defines; `last` for geo with one or two arguments. */
const definers: Readonly<Record<string, number | "last">> = {
  geo: "last",
  split_clients: 1,
  js_set: 0,
  js_var: 0,
  perl_set: 0,
  auth_request_set: 0,
  auth_jwt_claim_set: 0,
  auth_jwt_header_set: 0,
  keyval: 1,
  map_hash_variable: 0,
  secure_link_hmac_message: 0,
  spnego_set: 0,
  session_sticky: 0,
};

/** The variables that a part of a configuration defines, by lower-case name. */
export class Definitions {
  private readonly known = new Map<string, Share>();

  /** Adds what the blocks within a scope define. */
  addAll(root: Scope): void {
    for (const scope of scopesWithin(root)) this.add(scope);
  }

  /** Adds what the statements of one scope define. */
  add(scope: Scope): void {
    if (scope.kind === "data") {
      const map = readMap(scope);
      if (map?.target) this.at(map.target).maps.push(map);
      for (const { key } of map?.entries ?? []) for (const group of groupsOfKey(key)) this.at(group).captures++;
    }
    if (scope.directive) this.addDirective(scope.directive);
    if (scope.kind === "data") return;
    for (const { directive, scope: block } of scope.entries) if (!block) this.addDirective(directive);
  }

  /** Every name defined, and how. */
  entries(): Iterable<[string, Share]> {
    return this.known;
  }

  /** Adds what one statement defines, without what is in its block. */
  addDirective(directive: Directive): void {
    const { name } = directive;
    if (name === "map") return;
    if (name === "set") {
      const variable = variableName(directive.arg(0));
      if (variable) this.at(variable).sets.push(directive);
      return;
    }
    const variable = variableName(definingWord(directive)?.value);
    if (variable) this.at(variable).modules++;
    for (const group of capturedNames(directive)) this.at(group).captures++;
  }

  private at(name: string): Share {
    let definition = this.known.get(name);
    if (!definition) {
      definition = { maps: [], sets: [], modules: 0, captures: 0 };
      this.known.set(name, definition);
    }
    return definition;
  }
}

/** The argument that names the variable which a directive of another module than map and rewrite defines. */
export function definingWord(directive: Directive): Word | undefined {
  const { name } = directive;
  const position =
    (Object.hasOwn(definers, name) ? definers[name] : undefined) ?? (name.startsWith("set_") ? 0 : undefined);
  if (position === undefined) return undefined;
  return position === "last" ? directive.args.at(-1) : directive.args[position];
}

/** The lower-case names of the groups in the regular expressions of a statement. */
export function* capturedNames(directive: Directive): Generator<string> {
  for (const word of directive.args) yield* groupsIn(word.raw);
}

/** The lower-case names of the groups in the key of a map's line: only one with a tilde is a regular expression. */
export function* groupsOfKey(key: string): Generator<string> {
  if (key.startsWith("~")) yield* groupsIn(key);
}

function* groupsIn(text: string): Generator<string> {
  if (!text.includes("(?")) return;
  for (const capture of text.matchAll(/\(\?P?<([A-Za-z0-9_]+)>|\(\?P?'([A-Za-z0-9_]+)'/g)) {
    yield (capture[1] ?? capture[2] ?? "").toLowerCase();
  }
}

/** The lower-case name in `$name` or `${name}`; undefined for anything else. */
export function variableName(argument: string | undefined): string | undefined {
  const match = /^\$(?:\{(\w+)\}|(\w+))$/.exec(argument ?? "");
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}
