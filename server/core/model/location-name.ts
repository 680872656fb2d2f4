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
  if (second) {
    const modifier = (["=", "~", "~*", "^~"] as const).find((each) => each === first.value) ?? "";
    return { modifier, pattern: second.value, word: second };
  }
  const { value } = first;
  const modifier = glued.find((each) => value.startsWith(each)) ?? "";
  return { modifier, pattern: modifier === "@" ? value : value.slice(modifier.length), word: first };
}
