import type { Directive } from "../syntax/directive.ts";
import type { Entry, Scope } from "./scope.ts";
import { isMisspeltIn } from "./similar-directives.ts";

/** How sure a look-up is that it saw everything nginx will see. */
export type Certainty =
  /** Every level up to the main one is known. */
  | "complete"
  /** The levels outside the file are unknown (the file is a fragment), but none of the known ones is doubtful. */
  | "open"
  /** An include that could not be read, code (Lua, njs) or a directive whose name is misspelt may change the answer. */
  | "doubtful";

/** What may change an answer that is doubtful. */
export type Doubt = "include" | "code" | "misspelling";

/** A list of directives that replaces the inherited one as a whole (`proxy_set_header`, `add_header`, …). */
export interface EffectiveList {
  readonly entries: readonly Entry[];
  /** The level that defines the list; undefined when none does. */
  readonly scope: Scope | undefined;
  readonly certainty: Certainty;
  /** The nearest reason for a doubtful answer. */
  readonly doubt: Doubt | undefined;
}

/** A directive with one value, inherited level by level. */
export interface EffectiveValue {
  readonly entry: Entry | undefined;
  readonly scope: Scope | undefined;
  readonly certainty: Certainty;
  /** The nearest reason for a doubtful answer. */
  readonly doubt: Doubt | undefined;
}

/** The list in force: that of the nearest level that has at least one such directive (`ngx_conf_merge_ptr_value`). */
export function effectiveList(scope: Scope, name: string): EffectiveList {
  let doubt: Doubt | undefined;
  let outermost = scope;
  for (const level of scope.outwards()) {
    outermost = level;
    doubt ??= doubtIn(level, name) ?? (runsCode(level) ? "code" : undefined);
    const entries = level.own(name);
    if (entries.length > 0) return { entries, scope: level, certainty: doubt ? "doubtful" : "complete", doubt };
  }
  return { entries: [], scope: undefined, certainty: certaintyAt(outermost, doubt), doubt };
}

/** The value in force: that of the nearest level; within a level the last one (nginx refuses a second). */
export function effectiveValue(scope: Scope, name: string): EffectiveValue {
  let doubt: Doubt | undefined;
  let outermost = scope;
  for (const level of scope.outwards()) {
    outermost = level;
    const entry = level.own(name).at(-1);
    if (entry) return { entry, scope: level, certainty: doubt ? "doubtful" : "complete", doubt };
    doubt ??= doubtIn(level, name);
  }
  return { entry: undefined, scope: undefined, certainty: certaintyAt(outermost, doubt), doubt };
}

function certaintyAt(outermost: Scope, doubt: Doubt | undefined): Certainty {
  if (doubt) return "doubtful";
  return outermost.kind === "main" ? "complete" : "open";
}

function doubtIn(level: Scope, name: string): Doubt | undefined {
  if (hasUnknownInclude(level)) return "include";
  return isMisspeltIn(level, name) ? "misspelling" : undefined;
}

/**
 * Files that come with nginx, Debian or Certbot and hold types, certificates or parameters of other protocols; and what
 * stands outside `http`.
 */
const harmless =
  /(?:^|\/)(?:mime\.types|(?:fastcgi|uwsgi|scgi)_params|fastcgi(?:-php)?\.conf|koi-utf|koi-win|win-utf|options-ssl-nginx\.conf|snakeoil\.conf)$/;

/** Whether a level includes a file that is not known and may hold any directive. */
export function hasUnknownInclude(level: Scope): boolean {
  return level.kind !== "main" && level.unresolved.some(isHarmful);
}

/** The includes of a level that are not known and may hold any directive. */
export function unknownIncludes(level: Scope): readonly Directive[] {
  return level.kind === "main" ? [] : level.unresolved.filter(isHarmful);
}

function isHarmful(include: Directive): boolean {
  return !harmless.test(include.arg(0) ?? "");
}

/** Whether a level runs code that can change request headers and variables (OpenResty, njs, Perl). */
export function runsCode(level: Scope): boolean {
  const known = codeIn.get(level);
  if (known?.version === level.version) return known.found;
  let found = false;
  // By name, not by statement: the http level of a large site has thousands of statements and few names.
  for (const name of level.names()) if (changesHeaders(name)) found = true;
  codeIn.set(level, { version: level.version, found });
  return found;
}

const codeIn = new WeakMap<Scope, { readonly version: number; readonly found: boolean }>();

function changesHeaders(name: string): boolean {
  if (name.startsWith("more_set_input_headers") || name === "more_clear_input_headers") return true;
  return (
    /^(?:rewrite|access|content|server_rewrite)_by_(?:lua|njs)/.test(name) || name === "js_content" || name === "perl"
  );
}
