import type { Document } from "../syntax/document.ts";
import { positionIn, spanOf } from "../syntax/document.ts";
import { STATEMENT_STRIDE, StatementField } from "../syntax/segment.ts";
import { TokenKind, tokenKind, tokenStart } from "../syntax/token.ts";
import { blockEnd } from "./block-end.ts";

/** Lines that can be hidden behind the first of them. */
export interface Fold {
  readonly startLine: number;
  readonly endLine: number;
  readonly kind: "block" | "comment" | "region";
}

/** Fewer lines of comment are not worth folding. */
const SHORTEST_COMMENT = 3;

/** What can be folded, by lines: blocks up to the line before their brace, comments, and regions between two comments. */
export function foldsOf(document: Document): readonly Fold[] {
  const folds = [...blocksIn(document), ...commentsIn(document)];
  return folds.sort((a, b) => a.startLine - b.startLine || b.endLine - a.endLine);
}

function* blocksIn(document: Document): Generator<Fold> {
  for (const segment of document.segments) {
    if (segment.kind === "open") {
      const [directive] = segment.directives();
      if (!directive) continue;
      const end = blockEnd(directive);
      if (end.segment.kind === "close")
        yield* blockBetween(
          document.positionAt(spanOf(directive.head).start).line,
          document.positionAt(spanOf(end).end).line,
        );
      continue;
    }
    const { statements, tokens } = segment;
    for (let at = 0; at < statements.length; at += STATEMENT_STRIDE) {
      const close = statements[at + StatementField.Close] as number;
      if (close < 0) continue;
      const name = tokens[statements[at + StatementField.Name] as number] as number;
      const start = positionIn(segment, tokenStart(name)).line;
      yield* blockBetween(start, positionIn(segment, tokenStart(tokens[close] as number)).line);
    }
  }
}

function* blockBetween(startLine: number, closeLine: number): Generator<Fold> {
  if (closeLine - 1 > startLine) yield { startLine, endLine: closeLine - 1, kind: "block" };
}

const region = /^#+\s*(?:#\s*)?(region|endregion)\b/i;

function* commentsIn(document: Document): Generator<Fold> {
  const open: number[] = [];
  let first = -1;
  let last = -2;
  for (const { line, text } of commentLines(document)) {
    const marker = region.exec(text)?.[1]?.toLowerCase();
    if (marker === undefined && line === last + 1) {
      last = line;
      continue;
    }
    if (last - first + 1 >= SHORTEST_COMMENT) yield { startLine: first, endLine: last, kind: "comment" };
    first = marker === undefined ? line : -1;
    last = marker === undefined ? line : -2;
    if (marker === "region") open.push(line);
    const start = marker === "endregion" ? open.pop() : undefined;
    if (start !== undefined && line > start) yield { startLine: start, endLine: line, kind: "region" };
  }
  if (last - first + 1 >= SHORTEST_COMMENT) yield { startLine: first, endLine: last, kind: "comment" };
}

/** The comments that have a line for themselves. */
function* commentLines(document: Document): Generator<{ readonly line: number; readonly text: string }> {
  let isBlank = true;
  for (const segment of document.segments) {
    const { tokens, text } = segment;
    for (const [index, packed] of tokens.entries()) {
      const start = tokenStart(packed);
      const end = segment.tokenEnd(index);
      const kind = tokenKind(packed);
      if (kind === TokenKind.Space) {
        if (text.slice(start, end).includes("\n")) isBlank = true;
        continue;
      }
      if (kind === TokenKind.Comment && isBlank)
        yield { line: positionIn(segment, start).line, text: text.slice(start, end) };
      isBlank = false;
    }
  }
}
