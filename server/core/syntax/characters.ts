// The UTF-16 units that mean something to nginx's lexer.
/** Horizontal tab. */
export const TAB = 0x09;
/** Line feed: what ends a line for nginx. */
export const LF = 0x0a;
/** Carriage return: white space like any other. */
export const CR = 0x0d;
/** Space. */
export const SPACE = 0x20;
/** `"` */
export const DOUBLE_QUOTE = 0x22;
/** `#`, which starts a comment at the start of a token. */
export const HASH = 0x23;
/** `$` */
export const DOLLAR = 0x24;
/** `'` */
export const QUOTE = 0x27;
/** `)`, which may follow a closing quote. */
export const CLOSE_PAREN = 0x29;
/** `;` */
export const SEMICOLON = 0x3b;
/** `\\` */
export const BACKSLASH = 0x5c;
/** `{` */
export const OPEN_BRACE = 0x7b;
/** `}` */
export const CLOSE_BRACE = 0x7d;
/** The byte order mark. */
export const BOM = 0xfeff;

/** Whether a unit separates tokens: nginx knows no other space than these four. */
export function isSpace(code: number): boolean {
  return code === SPACE || code === LF || code === TAB || code === CR;
}

/** The offset of the next line feed, or the end of the text. */
export function endOfLine(text: string, from: number): number {
  const lineFeed = text.indexOf("\n", from);
  return lineFeed < 0 ? text.length : lineFeed;
}

/** The offset after the spaces that start here. */
export function skipSpaces(text: string, from: number): number {
  let at = from;
  while (at < text.length && isSpace(text.charCodeAt(at))) at++;
  return at;
}
