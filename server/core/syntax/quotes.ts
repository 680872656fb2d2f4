import { CLOSE_BRACE, HASH, isSpace, OPEN_BRACE, SEMICOLON, skipSpaces } from "./characters.ts";
import { BUFFER_BYTES, overrunsBuffer } from "./limits.ts";
import type { Reading } from "./reading.ts";
import { mayFollowQuote } from "./scan.ts";

// Recovery from quotes that are not closed: nginx reads on over everything, we go on after the line.

/** Reports a quote that nothing closes within nginx's buffer, which ends at `limit`; gives where to read on. */
export function recoverOpenQuote(reading: Reading, start: number, limit: number): number {
  const { text, isEnd } = reading;
  reading.lookAt(limit);
  const overruns = overrunsBuffer(text, start + 1, limit);
  if (!overruns && !isEnd) return text.length;
  const end = endOfQuotedLine(reading, start);
  reading.report({
    message: overruns
      ? `too long parameter, probably missing terminating "${text.charAt(start)}" character`
      : 'unexpected end of file, expecting ";" or "}"',
    advice:
      text.length > limit && reading.endOfLine(start) >= limit
        ? `nginx reads at most ${BUFFER_BYTES} bytes at a time, and this quote is not closed before that`
        : "the quote that starts here is never closed",
    start,
    end,
    stop: overruns ? start : text.length,
  });
  return end;
}

/** Reports what nginx does not accept after a closing quote; gives where to read on. */
export function recoverAfterQuote(reading: Reading, start: number, next: number): number {
  const { text } = reading;
  const found = String.fromCodePoint(text.codePointAt(next) as number);
  const message = `unexpected "${found}"`;
  if (reading.endOfLine(start) >= next) {
    // A missing `;` before the brace: that is reported with the brace.
    if (text.charCodeAt(next) === CLOSE_BRACE) return next;
    const advice = 'after a closing quote only a space, ";", "{" or ")" may follow';
    reading.report({ message, advice, start, end: next + found.length, stop: next });
    return endOfBrokenQuote(reading, start, next);
  }
  const end = endOfQuotedLine(reading, start);
  reading.report({ message, advice: "the quote that starts here is not closed on its line", start, end, stop: next });
  return end;
}

/** After a further quote on the line that looks as if it were the closing one, as in `"a "word" b";`. */
function endOfBrokenQuote(reading: Reading, start: number, next: number): number {
  const { text } = reading;
  const close = text.indexOf(text.charAt(start), next);
  if (close < 0 || close > reading.endOfLine(start)) return next;
  reading.lookAt(close + 1);
  return mayFollowQuote(text.charCodeAt(close + 1)) ? close + 1 : next;
}

/** Where the text of a quote that its line does not close was probably meant to end. */
function endOfQuotedLine(reading: Reading, start: number): number {
  const { text } = reading;
  const lineEnd = reading.endOfLine(start);
  reading.lookAt(lineEnd);
  for (let at = start + 1; at < lineEnd; at++) {
    const code = text.charCodeAt(at);
    if (code === SEMICOLON || code === OPEN_BRACE) {
      const next = skipSpaces(text, at + 1);
      const follows = text.charCodeAt(next);
      if (next >= lineEnd || follows === HASH || (follows === CLOSE_BRACE && code === SEMICOLON)) {
        return trimEnd(text, start + 1, at);
      }
    }
  }
  return trimEnd(text, start + 1, lineEnd);
}

function trimEnd(text: string, from: number, to: number): number {
  let end = to;
  while (end > from && isSpace(text.charCodeAt(end - 1))) end--;
  return end;
}
