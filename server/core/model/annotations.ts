import type { Directive, Place } from "../syntax/directive.ts";
import type { Segment } from "../syntax/document.ts";
import { STATEMENT_STRIDE, StatementField } from "../syntax/segment.ts";
import { TokenKind, tokenKind, tokenStart } from "../syntax/token.ts";

// Comments that speak to us:  # nginx-ws: websocket | http | ignore
//                             # nginx-ws: allow RULE[, RULE]      # nginx-ws: allow-file RULE[, RULE]
//                             # nginx-ws: version 1.28.0

/** A comment addressed to this tool. */
export interface Annotation {
  readonly place: Place;
  readonly verb: "websocket" | "http" | "ignore" | "allow" | "allow-file" | "version";
  /** The words after the verb, with their places. */
  readonly words: readonly { readonly text: string; readonly place: Place }[];
  /** Whether the line holds nothing else, so that it speaks about the line below. */
  readonly alone: boolean;
}

const cache = new WeakMap<Segment, readonly Annotation[]>();
const pattern = /^#\s*nginx-ws:\s*(websocket|http|ignore|allow-file|allow|version)\b(.*)$/i;

/** The annotations in a segment, in order. */
export function annotationsIn(segment: Segment): readonly Annotation[] {
  const known = cache.get(segment);
  if (known) return known;
  const found = /nginx-ws:/i.test(segment.text) ? readAnnotations(segment) : [];
  cache.set(segment, found);
  return found;
}

function readAnnotations(segment: Segment): Annotation[] {
  const found: Annotation[] = [];
  for (const [index, packed] of segment.tokens.entries()) {
    if (tokenKind(packed) !== TokenKind.Comment) continue;
    const start = tokenStart(packed);
    const text = segment.text.slice(start, segment.tokenEnd(index)).trimEnd();
    const match = pattern.exec(text);
    if (!match) continue;
    const [, verb = "", rest = ""] = match;
    const restStart = start + text.length - rest.length;
    // What follows the list without a comma is a reason, for people.
    const list = /^\s*[^\s,]+(?:\s*,\s*[^\s,]+)*/.exec(rest)?.[0] ?? "";
    const words = [...list.matchAll(/[^\s,]+/g)].map((word) => ({
      text: word[0],
      place: { segment, start: restStart + word.index, end: restStart + word.index + word[0].length },
    }));
    const place = { segment, start, end: start + text.length };
    found.push({ place, verb: verb.toLowerCase() as Annotation["verb"], words, alone: beginsLine(segment, start) });
  }
  return found;
}

function beginsLine(segment: Segment, start: number): boolean {
  const lineStart = segment.text.lastIndexOf("\n", start - 1) + 1;
  if (lineStart === 0 && segment.character > 0) return false;
  return segment.text.slice(lineStart, start).trim() === "";
}

/** The comments that speak about a block: on the lines right above it, and in it outside its inner blocks. */
export function commentsAbout(directive: Directive): readonly Place[] {
  const { segment, statement } = directive;
  const { tokens, statements } = segment;
  const found: Place[] = [];
  const nameToken = statements[statement * STATEMENT_STRIDE + StatementField.Name] as number;
  const end = statements[statement * STATEMENT_STRIDE + StatementField.End] as number;
  const close = statements[statement * STATEMENT_STRIDE + StatementField.Close] as number;
  const placeOf = (token: number): Place => ({
    segment,
    start: tokenStart(tokens[token] as number),
    end: segment.tokenEnd(token),
  });
  for (let token = nameToken - 1; token > 0; token -= 2) {
    const space = segment.text.slice(tokenStart(tokens[token] as number), segment.tokenEnd(token));
    if (tokenKind(tokens[token] as number) !== TokenKind.Space || space.split("\n").length !== 2) break;
    const comment = placeOf(token - 1);
    if (tokenKind(tokens[token - 1] as number) !== TokenKind.Comment || !beginsLine(segment, comment.start)) break;
    found.push(comment);
  }
  if (end < 0) return found;
  let depth = 0;
  for (let token = end; token < (close < 0 ? tokens.length : close); token++) {
    const kind = tokenKind(tokens[token] as number);
    if (kind === TokenKind.Open) depth++;
    else if (kind === TokenKind.Close) depth--;
    else if (kind === TokenKind.Comment && depth === 1) found.push(placeOf(token));
  }
  return found;
}
