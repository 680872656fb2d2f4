import { wholeLines } from "../edits/insert.ts";
import type { Finding } from "../finding.ts";
import { type Annotation, annotationsIn } from "../model/annotations.ts";
import { type Document, positionIn, spanOf } from "../syntax/document.ts";
import { unusedSuppression } from "./unused-suppression.ts";

/** Removes the findings that comments allow, and reports the comments that allow nothing. */
export function applySuppressions(
  document: Document,
  findings: readonly Finding[],
  isOff: (rule: string) => boolean,
): readonly Finding[] {
  const annotations = document.segments
    .flatMap((segment) => annotationsIn(segment))
    .filter(({ verb }) => verb === "allow" || verb === "allow-file");
  if (annotations.length === 0) return findings;
  const used = new Set<string>();
  const covering = coveringByLine(annotations);
  const left = findings.filter((finding) => {
    const line = document.positionAt(finding.span.start).line;
    const covers = [...(covering.get(line) ?? []), ...(covering.get("file") ?? [])];
    const allowing = covers.filter((index) => annotations[index]?.words.some(({ text }) => text === finding.rule));
    for (const index of allowing) used.add(`${index} ${finding.rule}`);
    return allowing.length === 0;
  });
  const unused = annotations.flatMap((annotation, index) =>
    reportUnused(annotation, (rule) => used.has(`${index} ${rule}`) || isOff(rule)),
  );
  return [...left, ...unused].sort((a, b) => a.span.start - b.span.start);
}

/** The annotations (by index) that speak about a line, or about the whole file. */
function coveringByLine(annotations: readonly Annotation[]): ReadonlyMap<number | "file", readonly number[]> {
  const covering = new Map<number | "file", number[]>();
  const add = (where: number | "file", index: number) => {
    const known = covering.get(where);
    if (known) known.push(index);
    else covering.set(where, [index]);
  };
  for (const [index, { verb, alone, place }] of annotations.entries()) {
    if (verb === "allow-file") {
      add("file", index);
      continue;
    }
    const { line } = positionIn(place.segment, place.start);
    add(line, index);
    if (alone) add(line + 1, index);
  }
  return covering;
}

function reportUnused(annotation: Annotation, isUsed: (rule: string) => boolean): readonly Finding[] {
  const unused = annotation.words.filter((word) => !isUsed(word.text));
  const everything = unused.length === annotation.words.length;
  return unused.map((word) => ({
    rule: unusedSuppression.id,
    severity: unusedSuppression.severity,
    span: spanOf(word.place),
    message: `“${word.text}” allows nothing here: no such mistake is found. Remove it, or it hides the mistake when it comes back.`,
    related: [],
    fixes: [
      everything
        ? {
            title: "Remove the comment",
            applicability: "suggested",
            edits: [{ ...spanOf(wholeLines(annotation.place)), newText: "" }],
          }
        : {
            title: `Remove ${word.text} from the comment`,
            applicability: "suggested",
            edits: [{ ...wordWithSeparator(annotation, word.place.start), newText: "" }],
          },
    ],
  }));
}

/** A word of the list with the comma or space that separates it from its neighbour. */
function wordWithSeparator(annotation: Annotation, start: number) {
  const index = annotation.words.findIndex((word) => word.place.start === start);
  const place = annotation.words[index]?.place ?? annotation.place;
  const next = annotation.words[index + 1];
  const previous = annotation.words[index - 1];
  if (next) return spanOf({ segment: place.segment, start: place.start, end: next.place.start });
  return spanOf({ segment: place.segment, start: previous?.place.end ?? place.start, end: place.end });
}
