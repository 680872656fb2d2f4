import type { DraftEdit } from "../rules/rule.ts";
import type { Directive, Place } from "../syntax/directive.ts";
import type { Segment } from "../syntax/document.ts";

/** How a directive lies in its line. */
export interface Layout {
  /** The line ending of the file around it. */
  readonly eol: string;
  /** The white space before it when it begins its line; undefined when something else stands before it. */
  readonly indent: string | undefined;
}

/** Looks at the line that a place begins in. */
export function layoutAt(place: Place): Layout {
  const { document } = place.segment;
  const offset = place.segment.offset + place.start;
  const { line, character } = document.positionAt(offset);
  const before = document.lineText(line).slice(0, character);
  return { eol: lineEnding(place), indent: before.trim() === "" ? before : undefined };
}

/** `\r\n` when the line feed after (or before) a place has one. */
function lineEnding(place: Place): string {
  const { text } = place.segment;
  let feed = text.indexOf("\n", place.end);
  if (feed < 0) feed = text.lastIndexOf("\n");
  if (feed > 0) return text[feed - 1] === "\r" ? "\r\n" : "\n";
  // The lines of this piece end in other pieces of the file.
  const { document, offset } = place.segment;
  return document.slice(offset + place.end, offset + place.end + 2) === "\r\n" ? "\r\n" : "\n";
}

/** Inserts directives after one, each on a line of its own, or on the same line when that holds more than one. */
export function insertAfter(directive: Directive, lines: readonly string[]): DraftEdit {
  const { segment } = directive;
  const end = directive.place.end;
  const { eol, indent } = layoutAt(directive.place);
  const lineFeed = segment.text.indexOf("\n", end);
  const rest = segment.text.slice(end, lineFeed < 0 ? undefined : lineFeed);
  const restIsFree = /^\s*(?:#.*)?$/s.test(rest) && (lineFeed >= 0 || isLast(directive));
  if (indent === undefined || !restIsFree) {
    return { place: { segment, start: end, end }, newText: lines.map((line) => ` ${line}`).join("") };
  }
  const at = end + rest.replace(/\r$/, "").length;
  return { place: { segment, start: at, end: at }, newText: lines.map((line) => `${eol}${indent}${line}`).join("") };
}

function isLast(directive: Directive): boolean {
  const { segment } = directive;
  return segment.index === segment.document.segments.length - 1;
}

/** Inserts lines before a directive and the comments that belong to it, with an empty line after them. */
export function insertBefore(directive: Directive, lines: readonly string[]): DraftEdit {
  const { segment } = directive;
  const start = directive.head.start;
  const { eol, indent } = layoutAt(directive.head);
  if (indent === undefined)
    return { place: { segment, start, end: start }, newText: `${lines.map((line) => line.trim()).join(" ")} ` };
  let at = segment.text.lastIndexOf("\n", start - 1) + 1;
  while (at > 0) {
    const previous = segment.text.lastIndexOf("\n", at - 2) + 1;
    if (!/^[ \t]*#/.test(segment.text.slice(previous, at)) || (previous === 0 && segment.character > 0)) break;
    at = previous;
  }
  const text = lines.map((line) => `${line === "" ? "" : indent}${line}${eol}`).join("");
  const isBlock = lines[0]?.endsWith("{") === true;
  const gap = isBlock && followsStatement({ segment, start: at, end: at }) ? eol : "";
  return { place: { segment, start: at, end: at }, newText: gap + text + eol };
}

/** Whether the line before a place ends a statement or a block, which an empty line should separate from a new block. */
function followsStatement({ segment, start }: Place): boolean {
  const { document } = segment;
  const { line } = document.positionAt(segment.offset + start);
  return line > 0 && /[;}]\s*(?:#.*)?$/.test(document.lineText(line - 1)) && !/^\s*#/.test(document.lineText(line - 1));
}

/** Inserts lines at the beginning of a block's body. */
export function insertInto(block: Directive, lines: readonly string[]): DraftEdit {
  const { segment, head } = block;
  const { eol, indent } = layoutAt(head);
  const lineFeed = segment.text.indexOf("\n", head.end);
  const rest = segment.text.slice(head.end, lineFeed < 0 ? undefined : lineFeed);
  const isFree = endsItsLine(block) || (lineFeed >= 0 && /^\s*(?:#.*)?$/s.test(rest));
  if (indent === undefined || !isFree) {
    return {
      place: { segment, start: head.end, end: head.end },
      newText: ` ${lines.map((line) => line.trim()).join(" ")}${/^\S/.test(rest) ? " " : ""}`,
    };
  }
  const at = head.end + rest.replace(/\r$/, "").length;
  const inner = indent + indentUnit(block);
  return {
    place: { segment, start: at, end: at },
    newText: lines.map((line) => `${eol}${line === "" ? "" : inner}${line}`).join(""),
  };
}

/** Whether nothing follows the brace of `http`, `stream` or `mail` on its line: what is in them lies in other segments. */
function endsItsLine({ segment, head }: Directive): boolean {
  if (segment.kind !== "open" || segment.text.length > head.end) return false;
  const { document } = segment;
  const { line, character } = document.positionAt(segment.offset + head.end);
  return document.segments.length > segment.index + 1 && document.lineText(line).slice(character).trim() === "";
}

const units = new WeakMap<Segment, Map<number, string>>();

/** What one level of a block's body is indented by; found once, since every finding in a large server asks. */
export function indentUnit(block: Directive): string {
  const { segment, statement } = block;
  const known = units.get(segment) ?? new Map<number, string>();
  units.set(segment, known);
  const unit = known.get(statement) ?? findIndentUnit(block);
  known.set(statement, unit);
  return unit;
}

function findIndentUnit(block: Directive): string {
  const outer = layoutAt(block.head).indent ?? "";
  for (const child of block.children()) {
    const inner = layoutAt(child.head).indent;
    if (inner !== undefined && inner.length > outer.length && inner.startsWith(outer)) return inner.slice(outer.length);
  }
  return outer.startsWith("\t") ? "\t" : "    ";
}

/** Puts another text in a place. */
export function replace(place: Place, newText: string): DraftEdit {
  return { place, newText };
}

/** A place with the lines it occupies alone, the line feed included, for removing it. */
export function wholeLines(place: Place): Place {
  const { text } = place.segment;
  const lineStart = text.lastIndexOf("\n", place.start - 1) + 1;
  const lineFeed = text.indexOf("\n", place.end);
  const aloneBefore = text.slice(lineStart, place.start).trim() === "";
  const aloneAfter = lineFeed >= 0 && text.slice(place.end, lineFeed).trim() === "";
  return aloneBefore && aloneAfter ? { segment: place.segment, start: lineStart, end: lineFeed + 1 } : place;
}
