import type { Directive } from "../syntax/directive.ts";
import { type MapBlock, readMap } from "./maps.ts";
import type { RequestKind } from "./request.ts";
import { type Scope, scopesWithin } from "./scope.ts";

/** How a variable comes to be. */
export interface Definition {
  /** The maps that define it, in file order: the last one counts. */
  readonly maps: readonly MapBlock[];
  /** Its `set` directives, anywhere. */
  readonly sets: readonly Directive[];
  /** Directives of other modules that define it; its value is not known here. */
  readonly others: readonly Directive[];
}

/** What a variable is in each kind of request, as far as that is known. */
export type ValuesBeside = Readonly<Partial<Record<RequestKind, readonly string[] | undefined>>>;

/** Variables (lower case) that files define which probably stand beside a fragment in the same `http`. */
export type VariablesBeside = ReadonlyMap<string, ValuesBeside>;

const NOTHING_BESIDE: VariablesBeside = new Map();

interface Growing {
  maps: MapBlock[];
  sets: Directive[];
  others: Directive[];
}

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
  private readonly known = new Map<string, Growing>();
  /** What other files probably define. */
  readonly beside: VariablesBeside;

  constructor(beside = NOTHING_BESIDE) {
    this.beside = beside;
  }

  /** Adds what the blocks within a scope define. */
  addAll(root: Scope): void {
    for (const scope of scopesWithin(root)) this.add(scope);
  }

  /** Adds what the statements of one scope define. */
  add(scope: Scope): void {
    if (scope.kind === "data") {
      const map = readMap(scope);
      if (map?.target) this.at(map.target).maps.push(map);
    }
    if (scope.directive) this.addDirective(scope.directive);
    if (scope.kind === "data") return;
    for (const { directive, scope: block } of scope.entries) if (!block) this.addDirective(directive);
  }

  /** How a variable is defined; undefined when nothing seen defines it. */
  get(name: string): Definition | undefined {
    return this.known.get(name);
  }

  /** Every name defined, with its definition. */
  entries(): Iterable<[string, Definition]> {
    return this.known;
  }

  private addDirective(directive: Directive): void {
    const { name } = directive;
    if (name === "map") return;
    if (name === "set") {
      const variable = variableName(directive.arg(0));
      if (variable) this.at(variable).sets.push(directive);
      return;
    }
    const position =
      (Object.hasOwn(definers, name) ? definers[name] : undefined) ?? (name.startsWith("set_") ? 0 : undefined);
    if (position !== undefined) {
      const index = position === "last" ? directive.args.length - 1 : position;
      const variable = variableName(directive.arg(index));
      if (variable) this.at(variable).others.push(directive);
    }
    for (const word of directive.args) {
      if (!word.raw.includes("(?")) continue;
      for (const capture of word.raw.matchAll(/\(\?P?<([A-Za-z0-9_]+)>|\(\?P?'([A-Za-z0-9_]+)'/g)) {
        this.at((capture[1] ?? capture[2] ?? "").toLowerCase()).others.push(directive);
      }
    }
  }

  private at(name: string): Growing {
    let definition = this.known.get(name);
    if (!definition) {
      definition = { maps: [], sets: [], others: [] };
      this.known.set(name, definition);
    }
    return definition;
  }
}

/** The lower-case name in `$name` or `${name}`; undefined for anything else. */
export function variableName(argument: string | undefined): string | undefined {
  const match = /^\$(?:\{(\w+)\}|(\w+))$/.exec(argument ?? "");
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}
