import { directiveNames, isDirective } from "../nginx/directives.ts";
import { mayBeThirdParty } from "../nginx/third-party.ts";
import type { Scope } from "./scope.ts";
import { distance } from "./spelling.ts";

/** A directive that an unknown name may stand for. */
export interface SimilarDirective {
  readonly right: string;
  /** How many letters are wrong; 0 where only capitals and hyphens are. */
  readonly wrong: number;
}

/** No directive has a longer name. */
const LONGEST = 42;
/** A file can have any number of unknown names. */
const MANY = 1000;
const NONE: readonly SimilarDirective[] = [];
const known = new Map<string, readonly SimilarDirective[]>();

/**
 * The directives whose names are nearly a name that nginx does not know, the nearest first: one letter wrong in short
 * names, two in long ones that begin alike. None for what may be a directive of some other module.
 */
export function similarDirectives(name: string): readonly SimilarDirective[] {
  if (name.length < 4 || name.length > LONGEST || !/^[A-Za-z][\w-]*$/.test(name)) return NONE;
  if (isDirective(name) || mayBeThirdParty(name)) return NONE;
  let found = known.get(name);
  if (!found) {
    if (known.size >= MANY) known.clear();
    found = search(name.toLowerCase().replaceAll("-", "_"));
    known.set(name, found);
  }
  return found;
}

function search(text: string): readonly SimilarDirective[] {
  const found: SimilarDirective[] = [];
  for (const right of directiveNames()) {
    const most = right.length <= 6 || right[0] !== text[0] ? 1 : 2;
    if (right.length < 4 || Math.abs(right.length - text.length) > most) continue;
    const wrong = distance(text, right);
    if (wrong <= most) found.push({ right, wrong });
  }
  return found.sort((a, b) => a.wrong - b.wrong);
}

/** The directive that a name begins with when the blank behind it is missing: `proxy_set_headerHost`, `proxy_passhttp://…`. */
export function gluedDirective(name: string): string | undefined {
  const [, right] = /^([a-z][a-z0-9_]{5,}?)(?:[A-Z$"'/]|https?:\/\/)/.exec(name) ?? [];
  return right !== undefined && isDirective(right) ? right : undefined;
}

const misspelt = new WeakMap<Scope, { readonly version: number; readonly meant: ReadonlySet<string> }>();

/** Whether a level has a directive with a misspelt name that may be meant to be this one. */
export function isMisspeltIn(level: Scope, name: string): boolean {
  let known = misspelt.get(level);
  if (known?.version !== level.version) {
    const meant = new Set<string>();
    for (const each of level.names()) {
      for (const { right } of similarDirectives(each)) meant.add(right);
      const glued = gluedDirective(each);
      if (glued !== undefined) meant.add(glued);
    }
    known = { version: level.version, meant };
    misspelt.set(level, known);
  }
  return known.meant.has(name);
}
