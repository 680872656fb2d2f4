import type { FileId, Span } from "../finding.ts";
import { countUpTo, lineStarts, measureLines } from "../text/lines.ts";
import { blankAfter, blankBefore, FILE_START } from "./columns.ts";
import { type Misplaced, type PlacedError, pairContainers, placeErrors } from "./containers.ts";
import { type Directive, type Place, statementsBetween } from "./directive.ts";
import type { Mistake } from "./mistake.ts";
import { parse } from "./parser.ts";
import { type ParsedSegment, STATEMENT_STRIDE } from "./segment.ts";
import { mayHoldConstructs } from "./template-marks.ts";
import { type Construct, coverConstructs } from "./template-text.ts";
import { tokenStart } from "./token.ts";

export type { Misplaced, PlacedError };

/** A position as LSP counts: line and UTF-16 unit, both from 0. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Replaces the text between two offsets. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A parsed piece of a document. Its content never changes; its place in the document does. */
export class Segment implements ParsedSegment {
  readonly document: Document;
  readonly kind: ParsedSegment["kind"];
  readonly dependsOnNext: boolean;
  readonly text: string;
  readonly tokens: Int32Array;
  readonly statements: Int32Array;
  readonly errors: readonly Mistake[];
  /** Where the segment begins in the document now. */
  offset = 0;
  line = 0;
  character = 0;
  index = 0;
  /** The `http`, `stream` or `mail` this segment lies in. */
  container: Segment | undefined;
  /** How many line feeds it holds, and where the line begins that its end is on. */
  readonly lineFeeds: number;
  readonly lastLine: number;
  #lineStarts: Int32Array | undefined;

  constructor(document: Document, parsed: ParsedSegment) {
    this.document = document;
    this.kind = parsed.kind;
    this.dependsOnNext = parsed.dependsOnNext;
    this.text = parsed.text;
    this.tokens = parsed.tokens;
    this.statements = parsed.statements;
    this.errors = parsed.errors;
    const { lineFeeds, lastLine } = measureLines(parsed.text);
    this.lineFeeds = lineFeeds;
    this.lastLine = lastLine;
  }

  /** Offsets, from the segment's start, of its lines after the first. */
  get lineStarts(): Int32Array {
    this.#lineStarts ??= lineStarts(this.text);
    return this.#lineStarts;
  }

  /** Where a token ends: where the next one starts. */
  tokenEnd(token: number): number {
    return token + 1 < this.tokens.length ? tokenStart(this.tokens[token + 1] as number) : this.text.length;
  }

  /** The directives of its outermost level. */
  directives(): readonly Directive[] {
    return statementsBetween(this, 0, this.statements.length / STATEMENT_STRIDE);
  }
}

/** A file of configuration, kept as segments so that an edit reads again only what it touched. */
export class Document {
  readonly file: FileId;
  #segments: Segment[] = [];
  #misplaced: readonly Misplaced[] = [];
  #constructs: readonly Construct[] = [];
  /** Whether something in it could begin a construct, as soon as something behind that ends it. */
  #mayBeTemplate = false;
  #version = 0;
  length = 0;
  lineCount = 1;

  constructor(file: FileId, text: string) {
    this.file = file;
    this.read(text);
    this.layOut();
  }

  /** The pieces of a template in it; empty for plain configuration. */
  get constructs(): readonly Construct[] {
    return this.#constructs;
  }

  private read(text: string): void {
    const covered = coverConstructs(text);
    this.#mayBeTemplate = covered !== undefined || mayHoldConstructs(text);
    this.#constructs = covered?.constructs ?? [];
    let at = 0;
    this.#segments = parse(covered?.text ?? text, { isEnd: true, before: FILE_START }).segments.map((parsed) => {
      const start = at;
      at += parsed.text.length;
      return new Segment(this, covered ? { ...parsed, text: text.slice(start, at) } : parsed);
    });
  }

  /** The pieces in order. */
  get segments(): readonly Segment[] {
    return this.#segments;
  }

  /** Counts the changes: another number means another content. */
  get version(): number {
    return this.#version;
  }

  /** The whole text. */
  get text(): string {
    return this.#segments.map((segment) => segment.text).join("");
  }

  /** Braces of containers that do not pair up; the other syntax errors are in the segments. */
  get misplaced(): readonly Misplaced[] {
    return this.#misplaced;
  }

  /** All syntax errors, in the order in which nginx would stop at them. */
  syntaxErrors(): readonly PlacedError[] {
    return placeErrors(this.#segments, this.#misplaced);
  }

  /** The directives outside every block. */
  directives(): readonly Directive[] {
    return this.#segments.flatMap((segment) =>
      segment.container || segment.kind === "close" ? [] : segment.directives(),
    );
  }

  /** The directives inside an `http`, `stream` or `mail` whose head is this segment. */
  childrenOf(container: Segment): readonly Directive[] {
    const children: Directive[] = [];
    for (let at = container.index + 1; this.#segments[at]?.container === container; at++) {
      for (const directive of (this.#segments[at] as Segment).directives()) children.push(directive);
    }
    return children;
  }

  /** Replaces a piece of the text. Offsets beyond the end count as the end. */
  change(change: Change): void {
    const segments = this.#segments;
    const start = Math.max(0, Math.min(change.start, this.length));
    const end = Math.max(start, Math.min(change.end, this.length));
    this.#version++;
    let first = Math.min(this.segmentIndexAt(start), Math.max(0, segments.length - 1));
    first = firstOfGroup(segments, first);
    let last = lastOfGroup(segments, Math.max(first, Math.min(this.segmentIndexAt(end), segments.length - 1)));
    const base = segments[first]?.offset ?? 0;
    const before = blankBefore(segments, first);
    const touched = textOf(segments, first, last + 1);
    let text = touched.slice(0, start - base) + change.text + touched.slice(end - base);
    // What covers a construct may depend on anything before it, so templates are read again as a whole.
    const near = this.slice(base - 2, base) + text + this.slice(base + touched.length, base + touched.length + 2);
    if (this.#mayBeTemplate || mayHoldConstructs(near)) {
      const whole = this.text;
      this.read(whole.slice(0, start) + change.text + whole.slice(end));
      this.layOut();
      return;
    }
    for (let more = 1; ; more *= 2) {
      const parsed = parse(text, { isEnd: last + 1 >= segments.length, before });
      const isLast = last + 1 >= segments.length;
      const isWhole = parsed.complete && !isLineContinued(parsed.segments.at(-1), segments[last + 1]);
      if (isLast || (isWhole && blankAfter(text, before) === blankBefore(segments, last + 1))) {
        const pieces = parsed.segments.map((piece) => new Segment(this, piece));
        this.#segments = segments.slice(0, first).concat(pieces, segments.slice(last + 1));
        break;
      }
      // A statement or block that the text leaves open takes in what follows: one segment, then two, four, …
      const next = lastOfGroup(segments, Math.min(segments.length - 1, last + more));
      text += textOf(segments, last + 1, next + 1);
      last = next;
    }
    this.layOut();
  }

  /** Where an offset is. */
  positionAt(offset: number): Position {
    const bounded = Math.max(0, Math.min(offset, this.length));
    const segment = this.#segments[this.segmentIndexAt(bounded)] ?? this.#segments.at(-1);
    return segment ? positionIn(segment, bounded - segment.offset) : { line: 0, character: 0 };
  }

  /** The offset of a position; a character beyond the line's end counts as the end (before its line feed). */
  offsetAt(position: Position): number {
    if (position.line < 0) return 0;
    if (position.line >= this.lineCount) return this.length;
    const start = this.lineStart(position.line);
    const end = position.line + 1 < this.lineCount ? this.lineStart(position.line + 1) - 1 : this.length;
    return Math.min(start + Math.max(0, position.character), end);
  }

  /** A line without its line ending. */
  lineText(line: number): string {
    if (line < 0 || line >= this.lineCount) return "";
    const start = this.lineStart(line);
    const end = line + 1 < this.lineCount ? this.lineStart(line + 1) - 1 : this.length;
    const text = this.slice(start, end);
    return text.endsWith("\r") ? text.slice(0, -1) : text;
  }

  /** The text between two offsets. */
  slice(start: number, end: number): string {
    let text = "";
    for (let index = this.segmentIndexAt(start); index < this.#segments.length; index++) {
      const segment = this.#segments[index] as Segment;
      if (segment.offset >= end) break;
      text += segment.text.slice(Math.max(0, start - segment.offset), end - segment.offset);
    }
    return text;
  }

  /** The segment that holds an offset; the number of segments for the end of the document. */
  private segmentIndexAt(offset: number): number {
    let low = 0;
    let high = this.#segments.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const segment = this.#segments[middle] as Segment;
      if (segment.offset + segment.text.length <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private lineStart(line: number): number {
    // The last segment that starts on an earlier line holds the line feed before this one.
    let low = 0;
    let high = this.#segments.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#segments[middle] as Segment).line < line) low = middle + 1;
      else high = middle;
    }
    const segment = this.#segments[low - 1];
    if (!segment) return 0;
    return segment.offset + (segment.lineStarts[line - segment.line - 1] ?? segment.text.length);
  }

  /** Gives each segment its place and its container. */
  private layOut(): void {
    let offset = 0;
    let line = 0;
    let character = 0;
    for (const [index, segment] of this.#segments.entries()) {
      segment.index = index;
      segment.offset = offset;
      segment.line = line;
      segment.character = character;
      const { length } = segment.text;
      offset += length;
      line += segment.lineFeeds;
      character = segment.lineFeeds > 0 ? length - segment.lastLine : character + length;
    }
    this.length = offset;
    this.lineCount = line + 1;
    this.#misplaced = pairContainers(this.#segments).filter((each) => each.stop || !this.hasErrorAtEnd());
  }

  /** Whether an error tells already that the file ends too early. */
  private hasErrorAtEnd(): boolean {
    return this.#segments.some(({ errors, offset }) => errors.some((error) => offset + error.stop >= this.length));
  }
}

/** The first of the segments that were read under the influence of this one, or that braces here are in a row with. */
function firstOfGroup(segments: readonly Segment[], index: number): number {
  let first = index;
  for (let at = index - 1; at >= 0; at--) {
    const segment = segments[at] as Segment;
    if ((segment.dependsOnNext && at === first - 1) || segment.kind === "close") first = at;
    else if (!isBlank(segment)) break;
  }
  return first;
}

/** The last of the segments that were read under the influence of this one, or that braces here are in a row with. */
function lastOfGroup(segments: readonly Segment[], index: number): number {
  let last = index;
  for (let at = index + 1; at < segments.length; at++) {
    const segment = segments[at] as Segment;
    if ((segments[last]?.dependsOnNext && at === last + 1) || segment.kind === "close") last = at;
    else if (!isBlank(segment)) break;
  }
  return last;
}

/** Whether the rest of a statement's line lies in the segment that follows: it stood behind a brace that is one no more. */
function isLineContinued(last: ParsedSegment | undefined, next: Segment | undefined): boolean {
  return last?.kind === "plain" && next !== undefined && !last.text.endsWith("\n") && /^[ \t\r]*[\n#]/.test(next.text);
}

/** Whether a segment holds nothing that could end a row of braces. */
function isBlank({ kind, text }: Segment): boolean {
  return kind === "plain" && text.trim() === "";
}

function textOf(segments: readonly Segment[], from: number, to: number): string {
  let text = "";
  for (let index = from; index < to; index++) text += segments[index]?.text ?? "";
  return text;
}

/** The position of an offset that counts from a segment's start. */
export function positionIn(segment: Segment, offset: number): Position {
  const { lineStarts: starts } = segment;
  const line = countUpTo(starts, offset);
  if (line === 0) return { line: segment.line, character: segment.character + offset };
  return { line: segment.line + line, character: offset - (starts[line - 1] as number) };
}

/** Where a place is now. */
export function spanOf(place: Place): Span {
  const { segment } = place;
  return { file: segment.document.file, start: segment.offset + place.start, end: segment.offset + place.end };
}
