// Breaks configurations in the ways people and editors do, and in some that nobody would.

/** Random numbers from a seed (mulberry32), so that a failure can be repeated. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** An integer from 0 to before a limit. */
  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000) * limit);
  }

  /** One of several. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }
}

const CHARACTERS = [
  ..."{}{};;;\"\"''\\$#() \t\n\r=~é€😀\u0000",
  "${",
  "\\\n",
  "\r\n",
  "#{",
  '";',
  '")',
  "$}",
  "\ufeff",
];

type Mutation = (text: string, random: Random) => string;

const MUTATIONS: readonly Mutation[] = [
  insertCharacter,
  insertCharacter,
  dropCharacter,
  dropMark,
  dropMark,
  dropMark,
  doubleMark,
  swapTokens,
  dropLine,
  doubleLine,
  moveLine,
  joinLine,
  cutEnd,
  stretchToken,
  stretchComment,
  stretchQuoted,
  addByteOrderMark,
  useCarriageReturns,
  quoteWord,
];

/** A text with one to three mutations. */
export function mutate(text: string, random: Random): string {
  let mutant = text;
  for (let count = 1 + Math.floor(random.below(9) / 4); count > 0; count--)
    mutant = random.pick(MUTATIONS)(mutant, random);
  return mutant;
}

function splice(text: string, start: number, removed: number, added: string): string {
  return text.slice(0, start) + added + text.slice(start + removed);
}

function insertCharacter(text: string, random: Random): string {
  return splice(text, random.below(text.length + 1), 0, random.pick(CHARACTERS));
}

function dropCharacter(text: string, random: Random): string {
  return splice(text, random.below(text.length), 1, "");
}

function pickMatch(text: string, pattern: RegExp, random: Random): RegExpExecArray | undefined {
  const matches = [...text.matchAll(pattern)];
  return matches.length > 0 ? random.pick(matches) : undefined;
}

function dropMark(text: string, random: Random): string {
  const mark = pickMatch(text, /[;{}"']/g, random);
  return mark ? splice(text, mark.index, 1, "") : text;
}

function doubleMark(text: string, random: Random): string {
  const mark = pickMatch(text, /[;{}"'$\\#\s]/g, random);
  return mark ? splice(text, mark.index, 0, random.pick([mark[0], `${mark[0]}\n`, ` ${mark[0]} `])) : text;
}

function swapTokens(text: string, random: Random): string {
  const one = pickMatch(text, /[^\s;{}]+|[;{}]/g, random);
  const other = pickMatch(text, /[^\s;{}]+|[;{}]/g, random);
  if (!one || !other || one.index === other.index) return text;
  const [first, second] = one.index < other.index ? [one, other] : [other, one];
  return splice(splice(text, second.index, second[0].length, first[0]), first.index, first[0].length, second[0]);
}

function dropLine(text: string, random: Random): string {
  const line = pickMatch(text, /^.*\n/gm, random);
  return line ? splice(text, line.index, line[0].length, "") : text;
}

function doubleLine(text: string, random: Random): string {
  const line = pickMatch(text, /^.*\n/gm, random);
  return line ? splice(text, line.index, 0, line[0]) : text;
}

function moveLine(text: string, random: Random): string {
  const line = pickMatch(text, /^.*\n/gm, random);
  if (!line) return text;
  const rest = splice(text, line.index, line[0].length, "");
  const target = pickMatch(rest, /^/gm, random);
  return splice(rest, target?.index ?? 0, 0, line[0]);
}

function joinLine(text: string, random: Random): string {
  const lineFeed = pickMatch(text, /\n\s*/g, random);
  return lineFeed ? splice(text, lineFeed.index, lineFeed[0].length, random.pick(["", " "])) : text;
}

function cutEnd(text: string, random: Random): string {
  return text.slice(0, random.below(text.length + 1));
}

/** A length around the buffer size of nginx, in UTF-8 bytes. */
function fill(random: Random): string {
  const bytes = 4090 + random.below(12);
  const unit = random.pick(["x", "x", "x", "é", "€", "😀"]);
  const size = Buffer.byteLength(unit);
  return unit.repeat(Math.floor(bytes / size)) + "y".repeat(bytes % size);
}

function stretchToken(text: string, random: Random): string {
  const word = pickMatch(text, /[^\s;{}]+/g, random);
  return word ? splice(text, word.index + 1, 0, fill(random)) : text;
}

function stretchComment(text: string, random: Random): string {
  const lineFeed = pickMatch(text, /\n/g, random);
  return splice(text, lineFeed?.index ?? text.length, 0, ` #${fill(random)}`);
}

function stretchQuoted(text: string, random: Random): string {
  const space = pickMatch(text, /[ \t](?=\S)/g, random);
  const quote = random.pick(['"', "'"]);
  const end = random.pick([quote, quote, `${quote} `, `${quote}\n`, ""]);
  return space ? splice(text, space.index, 1, ` ${quote}${fill(random)}${end}`) : text;
}

function addByteOrderMark(text: string): string {
  return `\ufeff${text}`;
}

function useCarriageReturns(text: string): string {
  return text.replace(/\r?\n/g, "\r\n");
}

function quoteWord(text: string, random: Random): string {
  const word = pickMatch(text, /[^\s;{}]+/g, random);
  const quote = random.pick(['"', "'"]);
  return word ? splice(text, word.index, word[0].length, quote + word[0] + random.pick([quote, quote, ""])) : text;
}
