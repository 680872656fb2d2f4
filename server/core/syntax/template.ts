import type { Directive, Place } from "./directive.ts";
import type { Document, Segment } from "./document.ts";
import { type Construct, holdsPlaceholder } from "./template-text.ts";

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
 * Whether the statements around a place are all there and no others: no template adds some to its block or to the blocks
 * around that, or leaves some out. What decides whether there is a server at all changes nothing inside it.
 */
export function isCertain({ segment, start }: Place): boolean {
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
    const isOutside = inner !== undefined && outerBlocks.has(inner.name);
    if (here.some(({ kind }) => !isOutside || kind !== "control")) return false;
    if (!inner) return true;
    found.splice(0, found.length, ...found.filter((construct) => isInside(construct, inner)));
    level = inner.children();
  }
}

const outerBlocks: ReadonlySet<string> = new Set(["http", "stream", "server", "upstream", "map"]);

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
