import type { Directive, Word } from "../syntax/directive.ts";

/** What stands between `location` and its brace. */
export interface LocationName {
  /** `@` for a named location; empty for a plain prefix. */
  readonly modifier: "" | "=" | "~" | "~*" | "^~" | "@";
  /** The prefix, path, regular expression or name, without the modifier. */
  readonly pattern: string;
  readonly word: Word;
}

/** Longest first: `~*` begins with `~`. */
const glued = ["^~", "~*", "~", "=", "@"] as const;

/** Reads it as `ngx_http_core_location()` does: a modifier may stand apart or be glued to the path (`location =/ws`). */
export function readLocationName(directive: Directive): LocationName | undefined {
  const [first, second] = directive.args;
  if (!first) return undefined;
  const modifier = (["=", "~", "~*", "^~"] as const).find((each) => each === first.value);
  if (second && (modifier !== undefined || !hasSeveralNames(directive)))
    return { modifier: modifier ?? "", pattern: second.value, word: second };
  const { value } = first;
  const own = glued.find((each) => value.startsWith(each)) ?? "";
  return { modifier: own, pattern: own === "@" ? value : value.slice(own.length), word: first };
}

/**
 * Whether a location has several names, as a server that descends from nginx takes them: `location /docs =/ ~ ^/help`. To
 * nginx these are too many values, and paths alone are what somebody tries who hopes for it; a modifier after the first
 * name is no slip.
 */
export function hasSeveralNames({ args }: Directive): boolean {
  const values = args.map(({ value }) => value);
  let names = 0;
  let isModified = false;
  for (let at = 0; at < values.length; at++, names++) {
    const value = values[at] as string;
    const isModifier = /^(?:=|~\*?|\^~)$/.test(value);
    if (isModifier ? ++at === values.length : !/^(?:=|~|\^~)?[/@^.\\(]|^[=~]/.test(value)) return false;
    if (names > 0 && !value.startsWith("/")) isModified = true;
  }
  return names > 1 && isModified;
}
