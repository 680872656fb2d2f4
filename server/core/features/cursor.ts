import { acceptsShape, isDirective } from "../nginx/directives.ts";
import type { Document, Segment } from "../syntax/document.ts";
import { isParameter, TokenKind, tokenKind, tokenStart } from "../syntax/token.ts";

/** A block around a place: the words before its brace. */
export interface Block {
  readonly words: readonly string[];
  /** Where its name stands in the document. */
  readonly start: number;
}

/** What stands around a place in a text that may be broken there. */
export interface Cursor {
  /** Whether a directive begins here, or one of its arguments stands here; nothing in comments and Lua. */
  readonly kind: "directive" | "argument" | "nothing";
  /** The words of the statement before the one at the place. */
  readonly before: readonly string[];
  /** The word that is being written: as far as the place, and where it stands as a whole. */
  readonly typed: string;
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
  /** What follows the word on its line. */
  readonly follows: "nothing" | "semicolon" | "words";
  /** The blocks around the place, innermost first. */
  readonly blocks: readonly Block[];
}

/** Looks at the tokens around an offset, backwards and no further than needed: what follows may be anything. */
export function cursorAt(document: Document, offset: number): Cursor {
  const { segment, token } = tokenBefore(document, offset);
  const nothing: Cursor = {
    ...{ kind: "nothing", before: [], typed: "", start: offset, end: offset, quoted: false, follows: "nothing" },
    blocks: [],
  };
  if (!segment) return { ...nothing, kind: "directive" };
  const kind = kindAt(segment, token);
  const tokenEnd = segment.offset + segment.tokenEnd(token);
  if (kind === TokenKind.Comment || (kind === TokenKind.Lua && offset <= tokenEnd)) return nothing;
  const isWord = kind !== undefined && (isParameter(kind) || kind === TokenKind.Junk);
  const isInWord = isWord && offset <= tokenEnd;
  const start = isInWord ? startOf(segment, token) : offset;
  const { words, blocks } = surroundings(segment, isInWord ? token - 1 : token);
  const typed = isInWord ? document.slice(start, offset) : "";
  const before = words.map(({ text }) => text);
  const isNew = words.length === 0 || (isFirstOnLine(document, start) && isFinished(before));
  return {
    kind: isNew ? "directive" : "argument",
    before: isNew ? [] : before,
    typed,
    start,
    end: isInWord ? tokenEnd : offset,
    quoted: isInWord && kind !== TokenKind.Word && kind !== TokenKind.Junk,
    follows: followsOn(document, isInWord ? tokenEnd : offset),
    blocks,
  };
}

/** The token that ends at an offset or holds it; token −1 stands before the first one. */
function tokenBefore(document: Document, offset: number): { segment: Segment | undefined; token: number } {
  const { segments } = document;
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const each = segments[middle] as Segment;
    if (each.offset + each.text.length < offset) low = middle + 1;
    else high = middle;
  }
  const segment = segments[low] ?? segments.at(-1);
  if (!segment) return { segment: undefined, token: -1 };
  let from = 0;
  let to = segment.tokens.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (startOf(segment, middle) < offset) from = middle + 1;
    else to = middle;
  }
  return { segment, token: from - 1 };
}

function kindAt(segment: Segment, token: number): TokenKind | undefined {
  const packed = segment.tokens[token];
  return packed === undefined ? undefined : tokenKind(packed);
}

function startOf(segment: Segment, token: number): number {
  return segment.offset + tokenStart(segment.tokens[token] as number);
}

/** The words of the statement up to a token, and the blocks around it. */
function surroundings(segment: Segment, token: number): { words: readonly Written[]; blocks: readonly Block[] } {
  const blocks: Block[] = [];
  const words = wordsUpTo(segment, token);
  let at = words.next;
  let depth = 0;
  for (; at >= 0; at--) {
    const kind = kindAt(segment, at);
    if (kind === TokenKind.Close) depth++;
    if (kind !== TokenKind.Open) continue;
    if (depth > 0) {
      depth--;
      continue;
    }
    const head = wordsUpTo(segment, at - 1);
    blocks.push({ words: head.words.map(({ text }) => text), start: head.words[0]?.start ?? startOf(segment, at) });
    at = head.next + 1;
  }
  if (depth === 0 || segment.kind !== "close") blocks.push(...containersOf(segment));
  return { words: words.words, blocks };
}

/** The `http`, `stream` or `mail` around a segment. */
function containersOf(segment: Segment): readonly Block[] {
  let head = segment.container;
  if (segment.kind === "close") {
    const previous = segment.document.segments[segment.index - 1];
    head = previous?.kind === "open" ? previous : previous?.container;
  }
  const directive = head?.directives().at(-1);
  return head && directive
    ? [{ words: directive.words.map(({ value }) => value), start: head.offset + directive.head.start }]
    : [];
}

interface Written {
  readonly text: string;
  readonly start: number;
}

/** The words that end with a token, back to where their statement begins; `next` is the token before. */
function wordsUpTo(segment: Segment, token: number): { words: readonly Written[]; next: number } {
  const words: Written[] = [];
  let at = token;
  for (; at >= 0; at--) {
    const kind = kindAt(segment, at) as TokenKind;
    if (kind === TokenKind.Space || kind === TokenKind.Comment) continue;
    if (!isParameter(kind) && kind !== TokenKind.Junk) break;
    const start = startOf(segment, at);
    const raw = segment.text.slice(start - segment.offset, segment.tokenEnd(at));
    const isQuoted = kind === TokenKind.DoubleQuoted || kind === TokenKind.SingleQuoted;
    words.push({
      text: isQuoted ? raw.slice(1, raw.length > 1 && raw.at(-1) === raw[0] ? -1 : undefined) : raw,
      start,
    });
    // Above a directive on a line of its own a semicolon is missing.
    if (!isQuoted && isDirective(raw) && isFirstOnLine(segment.document, start))
      return { words: words.reverse(), next: at - 1 };
  }
  return { words: words.reverse(), next: at };
}

function isFirstOnLine(document: Document, offset: number): boolean {
  const { line, character } = document.positionAt(offset);
  return document.lineText(line).slice(0, character).trim() === "";
}

/**
 * Whether words could be a whole statement, so that the next line begins another one although the `;` is missing. A
 * name that nobody knows is one that is not written to its end.
 */
function isFinished(words: readonly string[]): boolean {
  const [name = ""] = words;
  if (!isDirective(name)) return words.length === 1;
  return words.length < 4 && acceptsShape(name, words.length - 1, false);
}

function followsOn(document: Document, offset: number): Cursor["follows"] {
  const { line, character } = document.positionAt(offset);
  const rest = document.lineText(line).slice(character).trimStart();
  if (rest.startsWith(";")) return "semicolon";
  return rest === "" || /^[#}]/.test(rest) ? "nothing" : "words";
}
