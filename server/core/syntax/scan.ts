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
} from "./characters.ts";
import { BUFFER_BYTES, firstTenBytes, overrunsBuffer } from "./limits.ts";

// Where tokens end: the parts of ngx_conf_read_token() (src/core/ngx_conf_file.c) that need no memory of what came
// before the token.

/** 1 for the units that an unquoted word does not simply run over. One look-up for every unit of UTF-16 is fastest. */
const WORD_STOP = new Uint8Array(0x10000);
for (const code of [LF, CR, TAB, SPACE, SEMICOLON, OPEN_BRACE, BACKSLASH, DOLLAR]) WORD_STOP[code] = 1;

/** What a unit begins where a token begins; everything else begins a word. */
export const Begins = { Word: 0, Space: 1, Comment: 2, Quote: 3, Semicolon: 4, Open: 5, Close: 6 } as const;

/** For each unit, what it begins. */
export const BEGINNINGS = new Uint8Array(0x10000);
for (const code of [LF, CR, TAB, SPACE]) BEGINNINGS[code] = Begins.Space;
for (const code of [QUOTE, DOUBLE_QUOTE]) BEGINNINGS[code] = Begins.Quote;
BEGINNINGS[HASH] = Begins.Comment;
BEGINNINGS[SEMICOLON] = Begins.Semicolon;
BEGINNINGS[OPEN_BRACE] = Begins.Open;
BEGINNINGS[CLOSE_BRACE] = Begins.Close;

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

/** The offset of the quote that closes the one before `start`; −1 when there is none before the limit. */
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
  /** What nginx would say when it stops before that. */
  readonly problem?: string;
}

/** Reads on from inside a statement to its end, without remembering anything. */
export function findStatementEnd(text: string, start: number): StatementEnd {
  let at = start;
  while (at < text.length) {
    const from = at;
    const code = text.charCodeAt(at);
    if (code === SEMICOLON || code === OPEN_BRACE) return { end: at };
    if (code === CLOSE_BRACE) return unexpected(text, at);
    if (isSpace(code)) {
      at++;
    } else if (code === HASH) {
      at = endOfLine(text, at);
      if (overrunsBuffer(text, from, at)) return tooLong(text, from, from);
    } else if (code === DOUBLE_QUOTE || code === QUOTE) {
      const limit = Math.min(text.length, at + 1 + BUFFER_BYTES);
      const close = findClosingQuote(text, at + 1, limit, code);
      if (overrunsBuffer(text, from + 1, close < 0 ? limit : close)) {
        return {
          end: from,
          problem: `too long parameter, probably missing terminating "${String.fromCharCode(code)}" character`,
        };
      }
      if (close < 0) break;
      at = close + 1;
      if (overrunsBuffer(text, from + 1, endOfConsumed(text, at))) return tooLong(text, from, from + 1);
      if (at < text.length && !mayFollowQuote(text.charCodeAt(at))) return unexpected(text, at);
    } else {
      at = endOfWord(text, at);
      if (overrunsBuffer(text, from, endOfConsumed(text, at))) return tooLong(text, from, from);
    }
  }
  return { end: text.length, problem: 'unexpected end of file, expecting ";" or "}"' };
}

/** A `;` or `{` ends a statement at once; a space is read together with the parameter before it. */
export function endOfConsumed(text: string, end: number): number {
  return end < text.length && isSpace(text.charCodeAt(end)) ? end + 1 : end;
}

function tooLong(text: string, end: number, counted: number): StatementEnd {
  return { end, problem: `too long parameter "${firstTenBytes(text, counted)}..." started` };
}

function unexpected(text: string, end: number): StatementEnd {
  return { end, problem: `unexpected "${String.fromCodePoint(text.codePointAt(end) as number)}"` };
}
