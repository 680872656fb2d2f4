import type { Document } from "../syntax/document.ts";
import type { Mistake } from "../syntax/mistake.ts";
import { hasTemplate } from "../syntax/template.ts";
import type { Judged } from "./judge.ts";
import type { DraftFix } from "./rule.ts";
import { syntaxError } from "./syntax-error.ts";

/** A syntax error is one wherever the file is included. */
const NOWHERE: Judged["includes"] = new Set();

/** The syntax errors of a document as findings. nginx stops at the first one; the others wait behind it. */
export function syntaxFindings(document: Document): readonly Judged[] {
  if (hasTemplate(document)) return [];
  return document.syntaxErrors().map(({ segment, error }, index) => {
    const line = document.positionAt(segment.offset + error.stop).line + 1;
    const lead = index === 0 ? `nginx stops at line ${line}` : `nginx would then stop at line ${line}`;
    const fixes: DraftFix[] = error.insert
      ? [
          {
            title: `Insert the missing ${error.insert.text.trim()}`,
            applicability: "safe",
            edits: [{ place: { segment, start: error.insert.at, end: error.insert.at }, newText: error.insert.text }],
          },
        ]
      : [];
    return {
      rule: syntaxError,
      includes: NOWHERE,
      draft: {
        place: { segment, start: error.start, end: error.end },
        severity: "error",
        message: `${lead}: ${error.message}.${describeAdvice(error)}`,
        fixes,
      },
    };
  });
}

function describeAdvice({ advice }: Mistake): string {
  return advice === "" ? "" : ` ${advice.charAt(0).toUpperCase()}${advice.slice(1)}.`;
}
