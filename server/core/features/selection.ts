import type { Directive, Place } from "../syntax/directive.ts";
import { type Document, spanOf } from "../syntax/document.ts";
import { TokenKind, tokenKind, tokenStart } from "../syntax/token.ts";
import { blockEnd } from "./block-end.ts";
import { contentOf, segmentAt } from "./mentions.ts";

/** A stretch of a document. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** What a selection at an offset grows to, smallest first: name, word, arguments, statement, inside of the block, block. */
export function selectionsAt(document: Document, offset: number): readonly Stretch[] {
  const candidates = [...aroundToken(document, offset)];
  const path = pathTo(document, offset);
  for (const directive of path.toReversed()) {
    for (const stretch of aroundDirective(document, directive)) candidates.push(stretch);
  }
  candidates.push({ start: 0, end: document.length });
  const grown: Stretch[] = [];
  for (const each of candidates) {
    const last = grown.at(-1) ?? { start: offset, end: offset };
    const isLarger = each.end - each.start > last.end - last.start || grown.length === 0;
    if (each.start <= last.start && last.end <= each.end && isLarger) grown.push(each);
  }
  return grown;
}

/** The directives around an offset, outermost first. */
export function pathTo(document: Document, offset: number): readonly Directive[] {
  const path: Directive[] = [];
  let level: readonly Directive[] = document.directives();
  for (;;) {
    const next = level.find((directive) => {
      const { start } = spanOf(directive.head);
      return start <= offset && offset <= spanOf(blockEnd(directive)).end;
    });
    if (!next) return path;
    path.push(next);
    level = next.children();
  }
}

function* aroundToken(document: Document, offset: number): Generator<Stretch> {
  const segment = segmentAt(document, offset);
  if (!segment) return;
  const at = offset - segment.offset;
  const { tokens } = segment;
  const index = tokens.findIndex(
    (packed, token) =>
      tokenStart(packed) <= at && at <= segment.tokenEnd(token) && tokenKind(packed) === TokenKind.Comment,
  );
  const comment = tokens[index];
  if (comment === undefined) return;
  // To nginx the CR before the line break is part of the comment, to editors it is not.
  const end = segment.tokenEnd(index);
  yield stretchOf({ segment, start: tokenStart(comment), end: segment.text[end - 1] === "\r" ? end - 1 : end });
}

const name = /\$\{?(\w+)\}?|\w+/g;

function* aroundDirective(document: Document, directive: Directive): Generator<Stretch> {
  for (const word of directive.words) {
    const content = contentOf(word);
    const text = word.segment.text.slice(content.start, content.end);
    for (const match of text.matchAll(name)) {
      const start = content.start + match.index;
      const inner = start + match[0].indexOf(match[1] ?? match[0]);
      yield stretchOf({ segment: word.segment, start: inner, end: inner + (match[1] ?? match[0]).length });
      yield stretchOf({ segment: word.segment, start, end: start + match[0].length });
    }
    yield stretchOf(content);
    yield stretchOf(word);
  }
  const { segment, head, words } = directive;
  const last = words.at(-1) ?? head;
  const second = words[1];
  if (second) yield stretchOf({ segment, start: second.start, end: last.end });
  const { start } = stretchOf(head);
  yield { start, end: segment.offset + last.end };
  yield stretchOf(head);
  if (!directive.isBlock) return;
  const { end } = stretchOf(blockEnd(directive));
  const from = stretchOf(head).end;
  const to = Math.max(from, document.slice(end - 1, end) === "}" ? end - 1 : end);
  const body = document.slice(from, to);
  const trimmed = from + body.length - body.trimStart().length;
  yield { start: trimmed, end: Math.max(trimmed, from + body.trimEnd().length) };
  yield { start: from, end: to };
  yield { start, end };
}

function stretchOf(place: Place): Stretch {
  const { start, end } = spanOf(place);
  return { start, end };
}
