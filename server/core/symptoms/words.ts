/** A line longer than this is no sentence of a person. */
const maxSentence = 300;

/** One word of a sign: any of its spellings, or none of them. */
interface Word {
  readonly spellings: readonly string[];
  readonly isForbidden: boolean;
}

/** The words that make a sign. */
export type WordSign = readonly Word[];

/**
 * Takes a sign apart. Its words are separated by blanks and may come in any order: `a|b` is one or the other, `a*` any
 * word that begins so, `a_b` two words in this order, and `!a` must not occur.
 */
export function readWordSign(sign: string): WordSign {
  return sign.split(" ").map((word) => {
    const isForbidden = word.startsWith("!");
    const spellings = (isForbidden ? word.slice(1) : word).split("|");
    return { isForbidden, spellings: spellings.map((each) => ` ${each.replaceAll("_", " ")} `.replace(/\* $/, "")) };
  });
}

/** The words of a sentence between blanks, in lower case; empty if it is too long for a sentence. Addresses are no words. */
export function wordsOf(lower: string): string {
  if (lower.length > maxSentence) return "";
  const words = lower
    .replace(/\b[a-z]+:\/\/\w\S*/g, " ")
    .replaceAll("'", "")
    .match(/\w+(?:\.\w+)*/g);
  return words === null ? "" : ` ${words.join(" ")} `;
}

/** Whether all words of the sign are there, and none that it forbids. */
export function matchesWords(words: string, sign: WordSign): boolean {
  return sign.every(({ spellings, isForbidden }) => spellings.some((each) => words.includes(each)) !== isForbidden);
}
