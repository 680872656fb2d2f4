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
  let bytes = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x80) bytes += 1;
    else if (code < 0x800) bytes += 2;
    else if (code >= 0xd800 && code < 0xdc00) {
      bytes += 4;
      at++;
    } else bytes += 3;
    if (bytes >= BUFFER_BYTES) return true;
  }
  return false;
}
