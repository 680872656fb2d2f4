import type { Directive } from "../syntax/directive.ts";
import { sameItems } from "./changes.ts";
import type { MapBlock } from "./maps.ts";
import { compareEntries } from "./order.ts";
import type { Entry } from "./scope.ts";
import type { Share, ValuesBeside } from "./variables.ts";

/** How a variable comes to be. */
export interface Definition {
  /** The maps that define it, in file order: the last one counts. */
  readonly maps: readonly MapBlock[];
  /** Whether modules define it, whose values are not known here. */
  readonly isFromModule: boolean;
  /** Whether groups of regular expressions define it. */
  readonly isCaptured: boolean;
}

/** The variables of a configuration, by lower-case name. */
export interface Variables {
  /** How a variable is defined; undefined when nothing seen defines it. */
  get(name: string): Definition | undefined;
  /** The first `set` of a variable. */
  firstSet(name: string): Directive | undefined;
  /** What a variable probably is that a file beside this fragment defines. */
  beside(name: string): ValuesBeside | undefined;
}

/** One variable, put together from the statements that define it. */
interface Variable {
  readonly maps: Map<Entry, readonly MapBlock[]>;
  readonly sets: Map<Entry, Directive>;
  modules: number;
  captures: number;
  definition: Definition | undefined;
  firstSet: Directive | undefined;
}

/** The variables that the statements of a configuration define together, kept up to date statement by statement. */
export class SharedVariables implements Omit<Variables, "beside"> {
  private readonly known = new Map<string, Variable>();

  /** How a variable is defined; the same object as long as that stays so. */
  get(name: string): Definition | undefined {
    const variable = this.known.get(name);
    if (variable) variable.definition ??= define(variable);
    return variable?.definition;
  }

  /** The names that are defined. */
  names(): Iterable<string> {
    return this.known.keys();
  }

  /** The first `set` of a variable. */
  firstSet(name: string): Directive | undefined {
    const variable = this.known.get(name);
    if (!variable || variable.sets.size === 0) return undefined;
    variable.firstSet ??= variable.sets.get(first(variable.sets.keys()));
    return variable.firstSet;
  }

  /** Adds what a statement does for a variable. */
  add(entry: Entry, name: string, { maps, sets, modules, captures }: Share): void {
    const variable = this.at(name);
    if (maps.length > 0) variable.maps.set(entry, maps);
    const [own] = sets;
    if (own) variable.sets.set(entry, own);
    variable.modules += modules;
    variable.captures += captures;
    this.forget(variable);
  }

  /** Takes it away again. */
  remove(entry: Entry, name: string, { modules, captures }: Share): void {
    const variable = this.at(name);
    variable.maps.delete(entry);
    variable.sets.delete(entry);
    variable.modules -= modules;
    variable.captures -= captures;
    this.forget(variable);
    const isLeft = variable.maps.size > 0 || variable.sets.size > 0 || variable.modules > 0 || variable.captures > 0;
    if (!isLeft) this.known.delete(name);
  }

  private forget(variable: Variable): void {
    variable.definition = undefined;
    variable.firstSet = undefined;
  }

  private at(name: string): Variable {
    const before = this.known.get(name);
    if (before) return before;
    const variable: Variable = {
      maps: new Map(),
      sets: new Map(),
      modules: 0,
      captures: 0,
      definition: undefined,
      firstSet: undefined,
    };
    this.known.set(name, variable);
    return variable;
  }
}

/** Whether two definitions say the same. */
export function sameDefinition(left: Definition | undefined, right: Definition | undefined): boolean {
  if (!left || !right) return left === right;
  return (
    left.isFromModule === right.isFromModule && left.isCaptured === right.isCaptured && sameItems(left.maps, right.maps)
  );
}

function define({ maps, modules, captures }: Variable): Definition {
  const inOrder = maps.size > 1 ? [...maps].sort(([a], [b]) => compareEntries(a, b)) : [...maps];
  return { maps: inOrder.flatMap(([, own]) => own), isFromModule: modules > 0, isCaptured: captures > 0 };
}

function first(entries: Iterable<Entry>): Entry {
  const [start, ...others] = entries;
  return others.reduce((least, entry) => (compareEntries(entry, least) < 0 ? entry : least), start as Entry);
}
