import type { Directive, Word } from "../syntax/directive.ts";
import type { Scope } from "./scope.ts";

/** One line of a map: what is compared and what comes out. */
export interface MapEntry {
  readonly directive: Directive;
  /** As nginx reads it, the backslash of an escaped special name removed. */
  readonly key: string;
  readonly value: Word;
}

/** A `map` block (ngx_http_map_module). */
export interface MapBlock {
  readonly scope: Scope;
  readonly directive: Directive;
  /** What is looked up: text and variables. */
  readonly source: string;
  /** The name of the variable it defines, lower case and without `$`; empty when the argument is none. */
  readonly target: string;
  readonly entries: readonly MapEntry[];
  readonly defaultEntry: MapEntry | undefined;
  /** Whether lines may be missing (an include that is not known) or mean more than text (`hostnames`). */
  readonly doubtful: boolean;
}

/** Reads the lines of a map block. */
export function readMap(scope: Scope): MapBlock | undefined {
  const { directive } = scope;
  if (directive?.name !== "map") return undefined;
  const target = directive.arg(1) ?? "";
  const entries: MapEntry[] = [];
  let defaultEntry: MapEntry | undefined;
  let hostnames = false;
  for (const { directive: line } of scope.entries) {
    const [key, value] = line.words;
    if (!key) continue;
    if (!value) {
      if (key.value === "hostnames") hostnames = true;
      continue;
    }
    const raw = key.value;
    if (raw === "default") defaultEntry = { directive: line, key: raw, value };
    else
      entries.push({
        directive: line,
        key: raw.startsWith("\\") && !raw.startsWith("\\~") ? raw.slice(1) : raw,
        value,
      });
  }
  return {
    scope,
    directive,
    source: directive.arg(0) ?? "",
    target: target.startsWith("$") ? target.slice(1).toLowerCase() : "",
    entries,
    defaultEntry,
    doubtful: hostnames || scope.unresolved.length > 0,
  };
}

/** Whether a map is looked up each time it is used; otherwise the first time decides for the whole request. */
export function isVolatile({ scope }: MapBlock): boolean {
  return scope.entries.some(({ directive }) => directive.name === "volatile");
}

/**
 * The line that a source value selects: exact text without case first, then the regular expressions in order, then
 * `default`. Undefined when none does (the result is empty); `unknown` when a pattern cannot be judged here.
 */
export function selectEntry(map: MapBlock, source: string): MapEntry | undefined | "unknown" {
  const lower = source.toLowerCase();
  const exact = map.entries.findLast((entry) => !entry.key.startsWith("~") && entry.key.toLowerCase() === lower);
  if (exact) return exact;
  for (const entry of map.entries) {
    // nginx tries no regular expression on an empty text, not even `~^$` (ngx_http_map_find).
    if (source === "" || !entry.key.startsWith("~")) continue;
    const matches = matchesPattern(entry.key, source);
    if (matches === undefined) return "unknown";
    if (matches) return entry;
  }
  return map.defaultEntry;
}

function matchesPattern(key: string, source: string): boolean | undefined {
  const caseless = key.startsWith("~*");
  return testPattern(key.slice(caseless ? 2 : 1), caseless, source);
}

/** Inline options, atomic groups, and escapes that only PCRE has. */
const differsInPcre = /\(\?[^:=!<]|\\[pPXRKQEGAzZhHvVN]|\[\^?\[:|\[\^?\]/;

/** Whether a PCRE pattern matches a short text; undefined for patterns that JavaScript reads differently or not at all. */
export function testPattern(pattern: string, caseless: boolean, text: string): boolean | undefined {
  const match = matchPattern(pattern, caseless, text);
  return match === undefined ? undefined : match !== null;
}

/** The match itself, with what its groups captured; null for none, undefined where `testPattern` does not know either. */
export function matchPattern(pattern: string, caseless: boolean, text: string): RegExpExecArray | null | undefined {
  // The texts are header values of a few characters, but a pattern can still be built to be slow: no nested repeats.
  const repeats = pattern.match(/[*+]|\{\d*,/g)?.length ?? 0;
  if (pattern.length > 200 || text.length > 100 || repeats > 4) return undefined;
  if (differsInPcre.test(pattern) || /[+*}]\)[+*{]/.test(pattern)) return undefined;
  return compile(pattern, caseless)?.exec(text);
}

const compiled = new Map<string, RegExp | undefined>();

/** A pattern is tried on many texts: each location's path against every regular expression of its server. */
function compile(pattern: string, caseless: boolean): RegExp | undefined {
  const key = `${caseless} ${pattern}`;
  if (compiled.has(key)) return compiled.get(key);
  if (compiled.size >= 1000) compiled.clear();
  let expression: RegExp | undefined;
  try {
    expression = new RegExp(pattern, caseless ? "i" : "");
  } catch {
    // Valid in PCRE only.
  }
  compiled.set(key, expression);
  return expression;
}

/** Whether a map may give a text (lower case): it stands there as a value, or a variable does. */
export function mayGive({ entries, defaultEntry }: MapBlock, text: string): boolean {
  return [...entries, ...(defaultEntry ? [defaultEntry] : [])].some(
    ({ value }) => value.value.includes("$") || value.value.toLowerCase() === text,
  );
}
