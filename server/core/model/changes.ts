/** The stretch in which two lists differ: what stands before and behind it is the same in both. */
export interface Stretch {
  readonly start: number;
  /** Where it ends in the list as it was, and as it is. */
  readonly endBefore: number;
  readonly endAfter: number;
}

/** Finds what an edit changed in a list that is long and almost the same as before. */
export function changedStretch(before: readonly unknown[], after: readonly unknown[]): Stretch {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let endBefore = before.length;
  let endAfter = after.length;
  while (endBefore > start && endAfter > start && before[endBefore - 1] === after[endAfter - 1]) {
    endBefore--;
    endAfter--;
  }
  return { start, endBefore, endAfter };
}

/** Whether two lists hold the same items in the same order. */
export function sameItems(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index]);
}
