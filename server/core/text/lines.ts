/** The offsets at which the lines of a text after the first begin. Only LF ends a line, as in nginx. */
export function lineStarts(text: string): Int32Array {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  const starts = new Int32Array(count);
  let index = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts[index++] = at + 1;
  return starts;
}

/** How many of the ascending numbers are at most a value. */
export function countUpTo(ascending: Int32Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many line feeds a text holds, and where the line begins that its end is on. */
export function measureLines(text: string): { readonly lineFeeds: number; readonly lastLine: number } {
  let lineFeeds = 0;
  let lastLine = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", lastLine)) {
    lineFeeds++;
    lastLine = at + 1;
  }
  return { lineFeeds, lastLine };
}
