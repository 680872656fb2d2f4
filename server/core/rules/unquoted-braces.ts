import type { PlacedError } from "../syntax/containers.ts";
import type { Document, Segment } from "../syntax/document.ts";
import { TokenKind, tokenKind, tokenStart } from "../syntax/token.ts";

// In `location ~ ^/a{2}$ {` the first brace begins the block for nginx, because the expression stands in no quotes. What
// can be seen is a block that is never closed, far from the mistake.

/** A word with a repetition in it, in offsets from the start of its segment. */
interface Repetition {
  readonly segment: Segment;
  readonly start: number;
  readonly end: number;
  readonly brace: number;
}

/** The errors of a document; those that an expression without quotes brings about stand there. */
export function withUnquotedBraces(document: Document, errors: readonly PlacedError[]): readonly PlacedError[] {
  if (!errors.some(isFollowUp)) return errors;
  const repetitions = [...repetitionsIn(document)];
  const explained = new Set<number>();
  const placed = errors.map((each) => {
    const [first] = repetitions;
    if (!first || !isFollowUp(each) || first.segment.offset + first.brace > stopOf(each)) return each;
    repetitions.shift();
    const error = errorAt(first);
    explained.add(stopOf(error));
    return error;
  });
  // In a map the brace itself is a mistake as well.
  return placed
    .filter((each) => !each.error.message.startsWith("unexpected") || !explained.has(stopOf(each)))
    .sort((a, b) => stopOf(a) - stopOf(b));
}

function stopOf({ segment, error }: PlacedError): number {
  return segment.offset + error.stop;
}

function isFollowUp({ error }: PlacedError): boolean {
  return error.advice.startsWith('"}" is missing');
}

function errorAt({ segment, start, end, brace }: Repetition): PlacedError {
  const word = segment.text.slice(start, end);
  const message = `the "{" in ${word} begins a block`;
  const advice = "an expression with braces must stand in quotes";
  // What is no expression is broken in quotes as well.
  const text = /[~^$\\()[\]|]/.test(word) ? ['"', "'"].find((each) => !word.includes(each)) : undefined;
  const repair = text === undefined ? {} : { quote: { start, end, text } };
  return { segment, error: { message, advice, start, end, stop: brace, ...repair } };
}

function* repetitionsIn({ segments }: Document): Generator<Repetition> {
  for (const segment of segments) {
    const { text, tokens } = segment;
    for (let index = 1; index < tokens.length; index++) {
      const brace = tokenStart(tokens[index] as number);
      const before = tokens[index - 1] as number;
      const isGlued = tokenKind(tokens[index] as number) === TokenKind.Open && tokenKind(before) === TokenKind.Word;
      if (!isGlued || !/^\{\d+(?:,\d*)?\}/.test(text.slice(brace, brace + 24))) continue;
      const start = tokenStart(before);
      const word = /^[^\s;]*/.exec(text.slice(start))?.[0] ?? "";
      yield { segment, start, end: start + withoutLastBracket(word).length, brace };
    }
  }
}

/** The last bracket may be that of the condition around the expression. */
function withoutLastBracket(word: string): string {
  const count = (bracket: string): number => word.split(bracket).length;
  return word.endsWith(")") && count(")") > count("(") ? word.slice(0, -1) : word;
}
