import type { Directive, Place } from "./directive.ts";
import type { Document, Segment } from "./document.ts";
import { holdsPlaceholder } from "./template-marks.ts";
import type { Construct } from "./template-text.ts";

/** Whether a template decides which statements a piece of a file has. */
export function isTemplate(segment: Segment): boolean {
  const end = segment.offset + segment.text.length;
  return structural(segment.document).some((construct) => construct.start < end && construct.end > segment.offset);
}

/** Whether a file becomes nginx configuration only when somebody fills it in. */
export function hasTemplate(document: Document): boolean {
  return document.constructs.length > 0;
}

/** Whether a template decides what stands at a place. */
export function isPlaceholder({ segment, start, end }: Place): boolean {
  return holdsPlaceholder(segment.text.slice(start, end));
}

/**
 * Whether the statements around a place are there and no others: no template adds some, and none leaves out one of the
 * same block. The blocks further out may have statements that are not always there: what is in no case there is missing.
 */
export function isCertain(place: Place): boolean {
  return isCertainAt(place.segment, place.start, "own block");
}

/** The same for what stands in a block around a place: the place and its neighbours may be there or not. */
export function isCertainAround(place: Place): boolean {
  return isCertainAt(place.segment, place.start, "outer block");
}

/** The same for the statements in a block, given its head; for other places as `isCertain`. */
export function isCertainInside({ segment, start }: Place): boolean {
  const { text } = segment;
  const brace = /^[^;{}\n]*\{/.exec(text.slice(start));
  return isCertainAt(segment, brace ? start + brace[0].length : start, "own block");
}

/** Whether a place lies in a block of its file. */
export function isInBlock({ segment, start }: Place): boolean {
  const offset = segment.offset + start;
  const place = { start: offset, end: offset + 1 };
  return segment.document.directives().some((block) => block.isBlock && isInside(place, block));
}

function isCertainAt(segment: Segment, start: number, innermost: "own block" | "outer block"): boolean {
  const { document } = segment;
  if (!hasTemplate(document)) return true;
  // Blocks of which a template opens one or another do not pair up: then nobody knows what is in them.
  if (document.syntaxErrors().length > 0) return false;
  const offset = segment.offset + start;
  const found = structural(document);
  let level = document.directives();
  for (;;) {
    const here = found.filter((construct) => !level.some((block) => block.isBlock && isInside(construct, block)));
    const inner = level.find((block) => block.isBlock && isInside({ start: offset, end: offset + 1 }, block));
    if (here.some(({ kind }) => (!inner && innermost === "own block") || kind !== "control")) return false;
    if (!inner) return true;
    found.splice(0, found.length, ...found.filter((construct) => isInside(construct, inner)));
    level = inner.children();
  }
}

const openAtTop = new WeakMap<Document, { readonly version: number; readonly isOpen: boolean }>();

/** Whether a template adds statements directly in a file, outside of its blocks, or leaves some out. */
export function isOpenAtTop(document: Document): boolean {
  if (!hasTemplate(document)) return false;
  const known = openAtTop.get(document);
  if (known?.version === document.version) return known.isOpen;
  const blocks = document.directives().filter(({ isBlock }) => isBlock);
  const isOpen =
    document.syntaxErrors().length > 0 ||
    structural(document).some((construct) => !blocks.some((block) => isInside(construct, block)));
  openAtTop.set(document, { version: document.version, isOpen });
  return isOpen;
}

/** What decides about statements, in order. */
function structural(document: Document): Construct[] {
  return document.constructs.filter(({ kind }) => kind !== "value" && kind !== "comment");
}

function isInside({ start, end }: { readonly start: number; readonly end: number }, block: Directive): boolean {
  const { segment, start: from } = block.body;
  return segment.offset + from <= start && end <= endOf(block);
}

/** Where the body of a block ends; an `http` that is cut into segments ends where the next one outside of it begins. */
function endOf(block: Directive): number {
  const { segment } = block;
  if (segment.kind !== "open") return segment.offset + block.body.end;
  const { segments } = segment.document;
  let at = segment.index + 1;
  while (segments[at]?.container === segment) at++;
  const next = segments[at];
  return next ? next.offset : segment.document.length;
}
