import { TextDocument, type TextEdit } from "vscode-languageserver-textdocument";
import { applyFixes, type Edit, type FileId, type Finding, type Project } from "../core/index.ts";
import { type Target, toTextEdits } from "./convert.ts";

/** One fix can uncover the next; this many rounds are more than any configuration needs. */
const maxRounds = 8;

/** Whether the preferred fix of a finding may be applied without asking. */
export function hasSafeFix(finding: Finding): boolean {
  return finding.fixes[0]?.applicability === "safe";
}

/**
 * The edits after which no safe fix is left in this file, by file. Fixes that touch each other cannot be applied
 * together, so the rounds are rehearsed on copies, on which the edits are applied just as the editor will apply them.
 */
export async function fixWholeFile(file: FileId, target: Target): Promise<ReadonlyMap<FileId, readonly TextEdit[]>> {
  const { documents, project } = target;
  const first = fixesOf(project.findings(file));
  const direct = toTextEdits(first, project);
  // Editors disagree on what a line is where a CR stands alone, so there is no telling what they would make of it.
  const isRehearsable = [...direct.keys()].every((name) => !/\r(?!\n)/.test(project.document(name)?.text ?? ""));
  if (direct.size === 0 || !isRehearsable) return direct;

  const rehearsal = target.createProject();
  for (const open of documents.files()) rehearsal.open(open, project.document(open)?.text ?? "");
  const before = new Map<FileId, TextDocument>();
  for (let round = 0; round < maxRounds; round++) {
    await rehearsal.load(documents.files(), await target.candidates());
    const edits = fixesOf(rehearsal.findings(file));
    if (edits.length === 0) return round < 2 ? direct : compareAll(before, rehearsal);
    for (const [name, list] of toTextEdits(edits, rehearsal)) {
      const text = rehearsal.document(name)?.text ?? "";
      const document = TextDocument.create(documents.uri(name), "nginx", 0, text);
      if (!before.has(name)) before.set(name, document);
      rehearsal.open(name, TextDocument.applyEdits(document, [...list]));
    }
  }
  return direct;
}

function fixesOf(findings: readonly Finding[]): readonly Edit[] {
  return [...applyFixes(findings.filter(hasSafeFix)).values()].flat();
}

/** What several rounds changed, as one edit per file. */
function compareAll(
  before: ReadonlyMap<FileId, TextDocument>,
  after: Project,
): ReadonlyMap<FileId, readonly TextEdit[]> {
  return new Map([...before].map(([file, old]) => [file, [replaceLines(old, after.document(file)?.text ?? "")]]));
}

/** The edit that makes one text out of another by replacing whole lines. */
export function replaceLines(old: TextDocument, text: string): TextEdit {
  const oldText = old.getText();
  const shorter = Math.min(oldText.length, text.length);
  let start = 0;
  while (start < shorter && oldText.charCodeAt(start) === text.charCodeAt(start)) start++;
  start = oldText.slice(0, start).lastIndexOf("\n") + 1;
  let tail = 0;
  while (tail < shorter - start && oldText.at(-1 - tail) === text.at(-1 - tail)) tail++;
  // Back to the beginning of the first line that both texts end with.
  const feed = oldText.indexOf("\n", oldText.length - tail);
  tail = feed === -1 ? 0 : oldText.length - feed - 1;
  const range = { start: old.positionAt(start), end: old.positionAt(oldText.length - tail) };
  return { range, newText: text.slice(start, text.length - tail) };
}
