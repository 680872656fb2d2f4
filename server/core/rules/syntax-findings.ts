import type { PlacedError } from "../syntax/containers.ts";
import type { Document } from "../syntax/document.ts";
import { linkIn } from "../syntax/link-text.ts";
import type { Mistake } from "../syntax/mistake.ts";
import { hasTemplate } from "../syntax/template.ts";
import type { Judged } from "./judge.ts";
import type { DraftFix } from "./rule.ts";
import { syntaxError } from "./syntax-error.ts";
import { withUnquotedBraces } from "./unquoted-braces.ts";

/** A syntax error is one wherever the file is included. */
const NOWHERE: Judged["includes"] = new Set();

/** The syntax errors of a document as findings. nginx stops at the first one; the others wait behind it. */
export function syntaxFindings(document: Document): readonly Judged[] {
  if (hasTemplate(document) || linkIn(document) !== undefined) return [];
  return withUnquotedBraces(document, document.syntaxErrors()).map(({ segment, error }, index) => {
    const line = document.positionAt(segment.offset + error.stop).line + 1;
    const lead = index === 0 ? `nginx stops at line ${line}` : `nginx would then stop at line ${line}`;
    return {
      rule: syntaxError,
      includes: NOWHERE,
      draft: {
        place: { segment, start: error.start, end: error.end },
        severity: "error",
        message: `${lead}: ${error.message}.${describeAdvice(error)}`,
        fixes: fixesOf({ segment, error }),
      },
    };
  });
}

function fixesOf({ segment, error: { insert, quote } }: PlacedError): readonly DraftFix[] {
  const put = (at: number, newText: string) => ({ place: { segment, start: at, end: at }, newText });
  if (insert) {
    const title = `Insert the missing ${insert.text.trim()}`;
    return [
      {
        title,
        applicability: insert.certainty === "sure" ? "safe" : "suggested",
        edits: [put(insert.at, insert.text)],
      },
    ];
  }
  if (!quote) return [];
  const edits = [put(quote.start, quote.text), put(quote.end, quote.text)];
  return [{ title: "Put the expression in quotes", applicability: "safe", edits }];
}

function describeAdvice({ advice }: Mistake): string {
  return advice === "" ? "" : ` ${advice.charAt(0).toUpperCase()}${advice.slice(1)}.`;
}
