import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_PAREN,
  CR,
  DOLLAR,
  DOUBLE_QUOTE,
  endOfLine,
  HASH,
  isSpace,
  LF,
  OPEN_BRACE,
  QUOTE,
  SEMICOLON,
  SPACE,
  TAB,
} from './characters.ts';

// Where tokens end: the parts of ngx_conf_read_token() (src/core/ngx_conf_file.c) that need no memory of what came
// before the token.

/** 1 for the units that an unquoted word does not simply run over. One look-up for every unit of UTF-16 is fastest. */
const WORD_STOP = new Uint8Array(0x10000);
for (const code of [LF, CR, TAB, SPACE, SEMICOLON, OPEN_BRACE, BACKSLASH, DOLLAR]) WORD_STOP[code] = 1;

/** The end of the unquoted word that starts here. Quotes, `}` and `#` inside a word are plain characters. */
export function endOfWord(text: string, start: number): number {
  const { length } = text;
  let at = start;
  while (at < length) {
    const code = text.charCodeAt(at);
    if (WORD_STOP[code] === 0) at++;
    else if (code === BACKSLASH) at += 2;
    else if (code === DOLLAR) {
      // `${` protects the brace, and so does every further one.
      at++;
      while (at < length && text.charCodeAt(at) === OPEN_BRACE) at++;
    } else return at;
  }
  return length;
}

/** The offset of the quote that closes the one before `start`; −1 when there is none before `limit`. */
export function findClosingQuote(text: string, start: number, limit: number, quote: number): number {
  for (let at = start; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) return at;
    if (code === BACKSLASH) at++;
  }
  return -1;
}

/** Whether nginx accepts a unit right after a closing quote. */
export function mayFollowQuote(code: number): boolean {
  return code === SEMICOLON || code === OPEN_BRACE || code === CLOSE_PAREN || isSpace(code);
}

/** A look at the rest of a statement. */
export interface StatementEnd {
  /** The `;` or `{` that ends it, or where nginx would stop reading. */
  readonly end: number;
  /** Whether it ends as a statement should. */
  readonly regular: boolean;
}

/** Reads on from inside a statement to its end, without remembering anything. */
export function findStatementEnd(text: string, start: number): StatementEnd {
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (isSpace(code)) at++;
    else if (code === SEMICOLON || code === OPEN_BRACE) return { end: at, regular: true };
    else if (code === HASH) at = endOfLine(text, at);
    else if (code === CLOSE_BRACE) return { end: at, regular: false };
    else if (code === DOUBLE_QUOTE || code === QUOTE) {
      const close = findClosingQuote(text, at + 1, text.length, code);
      if (close < 0) break;
      at = close + 1;
      if (at < text.length && !mayFollowQuote(text.charCodeAt(at))) return { end: at, regular: false };
    } else at = endOfWord(text, at);
  }
  return { end: text.length, regular: false };
}
