/** nginx reads through a buffer of this many bytes (`NGX_CONF_BUFFER`); a token has to fit in it. */
export const BUFFER_BYTES = 4096;

/** A token of fewer UTF-16 units than this cannot reach the limit: a unit is at most three bytes. */
export const SHORT_TOKEN_UNITS = 1365;

/**
 * Whether nginx runs out of buffer before it is done with a token: it consumes the units `[start, end)` without
 * giving the buffer back and then has to read on. Counted in UTF-8 bytes, as nginx does.
 */
export function overrunsBuffer(text: string, start: number, end: number): boolean {
  if (end - start < SHORT_TOKEN_UNITS) return false;
  const bytes = countBytes(text, start, Math.min(end, text.length), BUFFER_BYTES + 1);
  // With nothing left to read nginx does not look at its buffer again.
  return bytes > BUFFER_BYTES || (bytes === BUFFER_BYTES && end < text.length);
}

/** The first ten bytes of a token, as nginx quotes the start of one that is too long; never half a character. */
export function firstTenBytes(text: string, start: number): string {
  let end = start;
  while (end < text.length && countBytes(text, start, end + 1, 11) <= 10) end++;
  return text.slice(start, end);
}

/** The bytes of a piece in UTF-8; counting stops when there are `enough`. */
function countBytes(text: string, start: number, end: number, enough: number): number {
  let bytes = 0;
  for (let at = start; at < end && bytes < enough; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x80) bytes += 1;
    else if (code < 0x800) bytes += 2;
    else if (isPair(text, at)) {
      bytes += 4;
      at++;
    } else bytes += 3;
  }
  return bytes;
}

/** Whether a surrogate pair starts here: four bytes; half of one is written as U+FFFD, three bytes. */
function isPair(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00;
}
