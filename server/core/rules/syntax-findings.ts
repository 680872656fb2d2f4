import type { Document, Segment } from "../syntax/document.ts";
import { hasTemplate } from "../syntax/template.ts";
import type { Judged } from "./judge.ts";
import type { Draft, DraftFix } from "./rule.ts";
import { syntaxError } from "./syntax-error.ts";

interface Stop {
  readonly draft: Draft;
  /** Where nginx stands when it stops, in the document. */
  readonly stop: number;
}

/** The syntax errors of a document as findings. nginx stops at the first one; the others wait behind it. */
export function syntaxFindings(document: Document): readonly Judged[] {
  if (hasTemplate(document)) return [];
  const stops = [...segmentStops(document), ...containerStops(document)].sort((a, b) => a.stop - b.stop);
  return stops.map(({ draft, stop }, index) => {
    const line = document.positionAt(stop).line + 1;
    const lead =
      index === 0
        ? `nginx cannot read this file: ${draft.message.split("\n")[0]} (line ${line}).`
        : `Another mistake for nginx: ${draft.message.split("\n")[0]} (line ${line}).`;
    const advice = draft.message.split("\n")[1] ?? "";
    const message = advice === "" ? lead : `${lead} ${capitalise(advice)}.`;
    return { rule: syntaxError, draft: { ...draft, message } };
  });
}

function segmentStops(document: Document): Stop[] {
  return document.segments.flatMap((segment) =>
    segment.errors.map((error) => {
      const { insert } = error;
      const fixes: DraftFix[] = insert
        ? [
            {
              title: `Insert the missing ${insert.text}`,
              applicability: "safe",
              edits: [{ place: { segment, start: insert.at, end: insert.at }, newText: insert.text }],
            },
          ]
        : [];
      return {
        draft: {
          place: { segment, start: error.start, end: error.end },
          severity: "error",
          message: `${error.message}\n${error.advice}`,
          fixes,
        },
        stop: segment.offset + error.stop,
      };
    }),
  );
}

function containerStops(document: Document): Stop[] {
  return document.misplaced.map(({ segment, kind }) => {
    if (kind === "extra") {
      const brace = segment.text.lastIndexOf("}");
      return {
        draft: {
          place: { segment, start: brace, end: brace + 1 },
          severity: "error",
          message: 'unexpected "}"\nno block is open here',
        },
        stop: segment.offset + brace,
      };
    }
    return {
      draft: {
        place: openerName(segment),
        severity: "error",
        message: 'unexpected end of file, expecting "}"\n"}" is missing: the block that starts here is never closed',
      },
      stop: document.length,
    };
  });
}

function openerName(segment: Segment) {
  return segment.directives()[0]?.namePlace ?? { segment, start: 0, end: segment.text.length };
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
