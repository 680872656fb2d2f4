const QUOTE = 0x27;
const DOUBLE_QUOTE = 0x22;
const BACKSLASH = 0x5c;
const DASH = 0x2d;
const OPEN_BRACKET = 0x5b;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const LF = 0x0a;

/** Nobody writes a long bracket of more equals signs; looking for many different ones would take quadratic time. */
const MAX_LEVEL = 64;

/** Where a Lua body ends. */
export interface LuaBlockEnd {
  /** The offset of the closing brace, or the end of the text when there is none. */
  readonly end: number;
  /** Whether more text could have changed the answer. */
  readonly lookedAtEnd: boolean;
}

/**
 * Finds the brace that closes an OpenResty `*_by_lua_block {`: braces in Lua strings, long brackets and comments do
 * not count. `unclosed` remembers the long brackets that nothing closes, so that each is looked for once in a text.
 */
export function findLuaBlockEnd(text: string, start: number, unclosed: Set<string>): LuaBlockEnd {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === CLOSE_BRACE) {
      if (depth === 0) return { end: at, lookedAtEnd: unclosed.size > 0 };
      depth--;
    } else if (code === OPEN_BRACE) {
      depth++;
    } else if (code === QUOTE || code === DOUBLE_QUOTE) {
      at = skipString(text, at, code);
      continue;
    } else if (code === DASH && text.charCodeAt(at + 1) === DASH) {
      const afterLong = skipLongBracket(text, at + 2, unclosed);
      at = afterLong > 0 ? afterLong : endOfLine(text, at);
      continue;
    } else if (code === OPEN_BRACKET) {
      const afterLong = skipLongBracket(text, at, unclosed);
      if (afterLong > 0) {
        at = afterLong;
        continue;
      }
    }
    at++;
  }
  return { end: text.length, lookedAtEnd: true };
}

/** After a quoted Lua string; a string that its line does not close ends with the line. */
function skipString(text: string, start: number, quote: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === quote) return at + 1;
    else if (code === LF) return at;
  }
  return text.length;
}

/** After `[[ … ]]` or `[=[ … ]=]` at this offset; −1 when none starts here or it never ends. */
function skipLongBracket(text: string, start: number, unclosed: Set<string>): number {
  if (text.charCodeAt(start) !== OPEN_BRACKET) return -1;
  let level = start + 1;
  while (text.charCodeAt(level) === 0x3d) level++;
  if (text.charCodeAt(level) !== OPEN_BRACKET || level - start > MAX_LEVEL) return -1;
  const close = `]${text.slice(start + 1, level)}]`;
  if (unclosed.has(close)) return -1;
  const end = text.indexOf(close, level + 1);
  if (end < 0) unclosed.add(close);
  return end < 0 ? -1 : end + close.length;
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf("\n", start);
  return end < 0 ? text.length : end;
}
