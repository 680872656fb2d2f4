/** How many letters have to be changed, added, dropped or swapped to turn one word into the other. */
export function distance(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1];
      let best = Math.min(
        (current[column - 1] ?? 0) + 1,
        (last[column] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]) {
        best = Math.min(best, (beforeLast[column - 2] ?? 0) + 1);
      }
      current.push(best);
    }
    beforeLast = last;
    last = current;
  }
  return last[right.length] ?? 0;
}

/** The one of some words that a text is, with one or two letters wrong; undefined when it is one of them or none. */
export function misspeltOf<Right extends string>(text: string, words: readonly Right[]): Right | undefined {
  if (words.some((right) => right === text)) return undefined;
  return words.find((right) => Math.abs(text.length - right.length) <= 2 && distance(text, right) <= 2);
}
