import type { Edit, FileId, Finding } from "../finding.ts";

/** Applies edits of one file to its text; they must not overlap. Edits at the same offset stay in their order. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const ordered = edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
  let result = "";
  let last = 0;
  for (const edit of ordered) {
    result += text.slice(last, edit.start) + edit.newText;
    last = edit.end;
  }
  return result + text.slice(last);
}

/**
 * The edits of the preferred fixes of these findings, as far as they are safe and do not touch each other, by file. An
 * edit that several fixes share (the same map, say) is taken once.
 */
export function applyFixes(findings: readonly Finding[]): ReadonlyMap<FileId, readonly Edit[]> {
  const taken = new Map<FileId, Edit[]>();
  for (const finding of findings) {
    const fix = finding.fixes[0];
    if (fix?.applicability !== "safe") continue;
    const fresh = fix.edits.filter((edit) => !(taken.get(edit.file) ?? []).some((other) => isSame(edit, other)));
    if (fresh.some((edit) => (taken.get(edit.file) ?? []).some((other) => touches(edit, other)))) continue;
    for (const edit of fresh) {
      const edits = taken.get(edit.file);
      if (edits) edits.push(edit);
      else taken.set(edit.file, [edit]);
    }
  }
  return taken;
}

function isSame(left: Edit, right: Edit): boolean {
  return left.start === right.start && left.end === right.end && left.newText === right.newText;
}

/** Two insertions at one offset touch each other too: the second one may repeat what the first one writes. */
function touches(left: Edit, right: Edit): boolean {
  return left.start <= right.end && right.start <= left.end;
}
