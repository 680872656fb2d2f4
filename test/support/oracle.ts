import type { Edit, Finding } from "../../server/core/finding.ts";
import { nameOf } from "./prepare.ts";
import { readDirectives, replaceAll } from "./tokens.ts";

/** Checks every fix that a finding offers, also those for a click: its edits lie in their file, apart, and change something. */
export function findEditMistakes(finding: Finding, texts: ReadonlyMap<string, string>): string[] {
  return finding.fixes.flatMap((fix) => {
    const name = `${finding.rule}, "${fix.title}"`;
    if (fix.edits.length === 0) return [`${name}: the fix has no edits`];
    const files = [...new Set(fix.edits.map((edit) => edit.file))];
    return files.flatMap((file) => {
      const edits = fix.edits.filter((edit) => edit.file === file);
      const text = texts.get(nameOf(file));
      if (text === undefined)
        return fix.applicability === "safe" ? [`${name}: edits ${file}, which does not exist`] : [];
      if (edits.some(({ start, end }) => start < 0 || start > end || end > text.length)) {
        return [`${name}: an edit lies outside of its file`];
      }
      try {
        return replaceAll(text, edits) === text ? [`${name}: the edits change nothing`] : [];
      } catch {
        return [`${name}: the edits overlap`];
      }
    });
  });
}

/** What a fixed text must keep: everything outside of the edits, and every comment. */
export function findTextMistakes(name: string, text: string, edits: readonly Edit[], result: string): string[] {
  const mistakes: string[] = [];
  if (replaceAll(text, edits) !== result) mistakes.push(`${name}: the text outside of the edits changed`);
  const kept = readDirectives(result).comments.map((comment) => comment.text);
  let at = 0;
  for (const { text: comment } of readDirectives(text).comments) {
    const found = kept.indexOf(comment, at);
    if (found < 0) mistakes.push(`${name}: the comment "${comment}" is lost`);
    else at = found + 1;
  }
  return mistakes;
}
