import { layoutAt } from "../edits/insert.ts";
import type { Edit, Finding, Fix } from "../finding.ts";
import { type Annotation, annotationsIn } from "../model/annotations.ts";
import { type Document, positionIn, type Segment, spanOf } from "../syntax/document.ts";
import { TokenKind, tokenKind, tokenStart } from "../syntax/token.ts";
import { unusedSuppression } from "./unused-suppression.ts";

/** The comments that allow a finding: for its line, and for its whole file. One that is there already is made longer. */
export function suppressionFixes(document: Document, finding: Finding): readonly Fix[] {
  const { rule, span } = finding;
  // Whether a comment is needed is found out after all comments have been obeyed.
  if (rule === unusedSuppression.id) return [];
  const { line } = document.positionAt(span.start);
  const annotations = document.segments.flatMap((segment) => annotationsIn(segment));
  const onLine = annotations.find((each) => each.verb === "allow" && speaksAbout(each, line));
  const inFile = annotations.find(({ verb }) => verb === "allow-file");
  const first = document.segments[0];
  const eol = first ? layoutAt({ segment: first, start: 0, end: 0 }).eol : "\n";
  const fixes: readonly (readonly [string, Edit | undefined])[] = [
    [`Allow ${rule} on this line`, (onLine && extend(onLine, rule)) ?? allowOnLine(document, line, rule, eol)],
    [
      `Allow ${rule} in this file`,
      (inFile && extend(inFile, rule)) ?? insert(document, 0, `# nginx-ws: allow-file ${rule}${eol}`),
    ],
  ];
  return fixes.flatMap(([title, edit]) => (edit ? [{ title, applicability: "suggested", edits: [edit] }] : []));
}

function speaksAbout({ place, alone }: Annotation, line: number): boolean {
  const own = positionIn(place.segment, place.start).line;
  return own === line || (alone && own + 1 === line);
}

/** Adds a rule to the list of a comment; a second comment would stand between the first one and what it speaks about. */
function extend({ words }: Annotation, rule: string): Edit | undefined {
  const last = words.at(-1);
  if (!last || words.some(({ text }) => text === rule)) return undefined;
  const { file, end } = spanOf(last.place);
  return { file, start: end, end, newText: `, ${rule}` };
}

/** A line above; behind the line where that above it would be a part of a text or of a program. */
function allowOnLine(document: Document, line: number, rule: string, eol: string): Edit | undefined {
  const comment = `# nginx-ws: allow ${rule}`;
  const start = document.offsetAt({ line, character: 0 });
  const text = document.lineText(line);
  if (!isInsideWord(document, start)) {
    const indent = /^\s*/.exec(text)?.[0] ?? "";
    return insert(document, start, `${indent}${comment}${eol}`);
  }
  const end = start + text.trimEnd().length;
  const isFree = !isInsideWord(document, end) && tokenAt(document, end - 1)?.kind !== TokenKind.Comment;
  return isFree ? insert(document, end, ` ${comment}`) : undefined;
}

function insert({ file }: Document, at: number, newText: string): Edit {
  return { file, start: at, end: at, newText };
}

/** Whether a comment at an offset would be swallowed by what stands there. */
function isInsideWord(document: Document, offset: number): boolean {
  const token = tokenAt(document, offset);
  return token !== undefined && token.start < offset && token.kind !== TokenKind.Space;
}

function tokenAt(document: Document, offset: number): { readonly kind: TokenKind; readonly start: number } | undefined {
  const segment = document.segments.find((each) => each.offset <= offset && offset < each.offset + each.text.length);
  if (!segment) return undefined;
  const packed = packedTokenAt(segment, offset - segment.offset);
  return packed === undefined ? undefined : { kind: tokenKind(packed), start: segment.offset + tokenStart(packed) };
}

/** The last token that begins at or before an offset. */
function packedTokenAt({ tokens }: Segment, offset: number): number | undefined {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tokenStart(tokens[middle] as number) <= offset) low = middle + 1;
    else high = middle;
  }
  return tokens[low - 1];
}
