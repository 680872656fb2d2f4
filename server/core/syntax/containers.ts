import { findBlockClosedEarly, findUnclosedBlock, isRefusedInMain, type StatementView } from "./braces.ts";
import { blankBefore } from "./columns.ts";
import type { Place } from "./directive.ts";
import type { Segment } from "./document.ts";
import type { Mistake } from "./mistake.ts";
import { STATEMENT_STRIDE, StatementField } from "./segment.ts";
import { TokenKind, tokenKind, tokenStart } from "./token.ts";

// Pairs the braces of `http`, `stream` and `mail`, which lie in different segments.

/** More mistakes of this kind are not told. */
const MAX_MISPLACED = 1000;

/** A container brace without its partner. */
export interface Misplaced {
  /** The segment of the brace. */
  readonly segment: Segment;
  readonly kind: "extra" | "unclosed";
  /** nginx's message. */
  readonly message: string;
  /** Where nginx stops: an offset in this segment; the end of the document without one. */
  readonly stop: { readonly segment: Segment; readonly offset: number } | undefined;
}

/** A syntax error and the segment that its offsets count from. */
export interface PlacedError {
  readonly segment: Segment;
  readonly error: Mistake;
}

/** Gives each segment its container; gives the braces without a partner. */
export function pairContainers(segments: readonly Segment[]): Misplaced[] {
  const misplaced: Misplaced[] = [];
  const report = (each: Misplaced) => misplaced.length < MAX_MISPLACED && misplaced.push(each);
  let container: Segment | undefined;
  /** The last container that was closed, while it may turn out that it was closed too early. */
  let closed: { readonly container: Segment; readonly index: number } | undefined;
  let isAfterExtra = false;
  for (const [index, segment] of segments.entries()) {
    if (segment.kind === "plain") {
      segment.container = container;
      if (segment.statements.length > 0) isAfterExtra = false;
      continue;
    }
    segment.container = undefined;
    if (segment.kind === "open") {
      if (container) report(unclosedBefore(container, segment));
      container = segment;
      closed = undefined;
      isAfterExtra = false;
      continue;
    }
    const early: Misplaced | undefined = closed && closedEarly(segments, closed.index, index);
    if (container) {
      closed = { container, index };
      container = undefined;
      isAfterExtra = hasSecondBrace(segment);
      if (isAfterExtra) report(extraBrace(segment, 1));
    } else if (closed && early) {
      report(early);
      for (let inner = closed.index; inner < index; inner++) (segments[inner] as Segment).container = closed.container;
      closed = { container: closed.container, index };
    } else {
      if (!isAfterExtra) report(extraBrace(segment, 0));
      isAfterExtra = true;
      closed = undefined;
    }
  }
  if (container) {
    const message = 'unexpected end of file, expecting "}"';
    report({ segment: container, kind: "unclosed", message, stop: undefined });
  }
  return misplaced;
}

/** `stream {` inside `http`: nginx refuses it there, because a `}` is missing before it. */
function unclosedBefore(container: Segment, next: Segment): Misplaced {
  const directive = next.directives()[0];
  const message = `"${directive?.name ?? ""}" directive is not allowed here`;
  const stop = { segment: next, offset: Math.max(0, (directive?.head.end ?? 0) - 1) };
  return { segment: container, kind: "unclosed", message, stop };
}

function extraBrace(segment: Segment, skipped: number): Misplaced {
  const stop = { segment, offset: findBrace(segment, skipped) };
  return { segment, kind: "extra", message: 'unexpected "}"', stop };
}

/** Between two closing braces: a directive that has to be in a container shows that the first brace was the mistake. */
function closedEarly(segments: readonly Segment[], first: number, second: number): Misplaced | undefined {
  for (let index = first + 1; index < second; index++) {
    const segment = segments[index] as Segment;
    for (const directive of segment.directives()) {
      if (!isRefusedInMain(directive.name)) continue;
      const message = `"${directive.name}" directive is not allowed here`;
      const stop = { segment, offset: Math.max(0, directive.head.end - 1) };
      return { segment: segments[first] as Segment, kind: "extra", message, stop };
    }
  }
  return undefined;
}

function hasSecondBrace(segment: Segment): boolean {
  return findBrace(segment, 1) >= 0;
}

/** The offset of a closing brace in a segment of braces; −1 when there are not so many. */
function findBrace({ tokens }: Segment, skipped: number): number {
  let left = skipped;
  for (const packed of tokens) {
    if (tokenKind(packed) === TokenKind.Close && left-- === 0) return tokenStart(packed);
  }
  return -1;
}

/** The errors in the segments and those of the braces between them, in the order in which nginx would stop at them. */
export function placeErrors(segments: readonly Segment[], misplaced: readonly Misplaced[]): PlacedError[] {
  const braces = new Map<Segment | undefined, Misplaced[]>();
  for (const brace of misplaced) {
    const stopped = brace.stop?.segment;
    const known = braces.get(stopped);
    if (known) known.push(brace);
    else braces.set(stopped, [brace]);
  }
  const errors: PlacedError[] = [];
  const stopOf = ({ segment, error }: PlacedError) => segment.offset + error.stop;
  let furthest = 0;
  const add = (placed: PlacedError) => {
    furthest = Math.max(furthest, stopOf(placed));
    errors.push(placed);
  };
  for (const segment of segments) {
    // What a segment of a brace holds beside it stands before it.
    for (const error of segment.errors) add({ segment, error });
    for (const brace of braces.get(segment) ?? []) add(locate(brace, segments, furthest));
  }
  const last = segments.at(-1);
  const end = last ? last.offset + last.text.length : 0;
  for (const brace of braces.get(undefined) ?? []) add(locate(brace, segments, end));
  return errors.sort((a, b) => stopOf(a) - stopOf(b));
}

/** Says where the mistake of a misplaced brace most likely is: indentation shows it. nginx has come to `furthest`. */
function locate(
  { segment, kind, message, stop }: Misplaced,
  segments: readonly Segment[],
  furthest: number,
): PlacedError {
  const found = stop ? Math.max(furthest, stop.segment.offset + stop.offset) : furthest;
  const own = kind === "extra" ? bracePlace(segment, stop) : openerPlace(segment);
  const place = (kind === "extra" ? placeOfExtra(segment, segments) : placeOfUnclosed(segment, segments)) ?? own;
  let advice = '"}" is missing: the block that starts here is never closed';
  if (kind === "extra") {
    const isPlain = place === own && stop?.segment === segment;
    advice = isPlain ? "no block is open here" : 'this "}" is probably the one too many: it closes a block too early';
  }
  return {
    segment: place.segment,
    error: { message, advice, start: place.start, end: place.end, stop: found - place.segment.offset },
  };
}

function bracePlace(segment: Segment, stop: Misplaced["stop"]): Place {
  const start = stop?.segment === segment ? stop.offset : findBrace(segment, 0);
  return { segment, start, end: start + 1 };
}

function openerPlace(segment: Segment): Place {
  return segment.directives()[0]?.namePlace ?? { segment, start: 0, end: 1 };
}

/** The first `}` since the last brace of a container that stands further right than the block it closes. */
function placeOfExtra(brace: Segment, segments: readonly Segment[]): Place | undefined {
  let first = brace.index;
  while (segments[first - 1]?.kind === "plain") first--;
  for (let index = first; index < brace.index; index++) {
    const segment = segments[index] as Segment;
    const block = findBlockClosedEarly(viewOf(segment, segments), 0, segment.statements.length / STATEMENT_STRIDE);
    if (block < 0) continue;
    const close = segment.statements[block * STATEMENT_STRIDE + StatementField.Close] as number;
    const start = tokenStart(segment.tokens[close] as number);
    return { segment, start, end: start + 1 };
  }
  return undefined;
}

/** A block in the container that a `}` further left closes. */
function placeOfUnclosed(container: Segment, segments: readonly Segment[]): Place | undefined {
  for (let index = container.index + 1; segments[index]?.container === container; index++) {
    const segment = segments[index] as Segment;
    const block = findUnclosedBlock(viewOf(segment, segments), 0, segment.statements.length / STATEMENT_STRIDE);
    if (block < 0) continue;
    const name = segment.statements[block * STATEMENT_STRIDE + StatementField.Name] as number;
    return { segment, start: tokenStart(segment.tokens[name] as number), end: segment.tokenEnd(name) };
  }
  return undefined;
}

function viewOf({ text, tokens, statements, index }: Segment, segments: readonly Segment[]): StatementView {
  return { text, tokens, statements, before: blankBefore(segments, index) };
}
