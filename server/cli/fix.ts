import { applyEdits, applyFixes, type Edit, type FileId, type Finding, type Project } from "../core/index.ts";
import { findAliases } from "./aliases.ts";
import type { Subject } from "./subject.ts";

/** What the safe fixes made of the files; nothing is written yet. */
export interface Repair {
  /** The findings that were repaired; their spans speak about texts on the way. */
  readonly findings: readonly Finding[];
  readonly texts: ReadonlyMap<FileId, { readonly before: string; readonly after: string }>;
}

/** A repair can make room for another one; ten rounds are more than any file has needed, and an end is certain. */
const maxPasses = 10;

/** Whether `--fix` and fix-all repair this finding. */
export function isFixable(finding: Finding): boolean {
  return finding.fixes[0]?.applicability === "safe";
}

/** Applies the safe fixes to the files of a command, in memory, until nothing changes. */
export async function applySafeFixes(project: Project, subject: Subject): Promise<Repair> {
  const texts = new Map<FileId, { before: string; after: string }>();
  let repaired: readonly Finding[] = [];
  for (let pass = 0; pass < maxPasses; pass++) {
    // The lines of a dump are those of files elsewhere: writing them here would help nobody.
    const aliases = await findAliases(project.files().filter((file) => project.dump(file) === undefined));
    const findings = (await subject.files())
      .filter((file) => aliases.has(file))
      .flatMap((file) => project.findings(file))
      .concat(subject.findingsElsewhere());
    const edits = applyFixes(findings);
    const changed = new Set<readonly FileId[]>();
    for (const [file, fileEdits] of edits) {
      const document = project.document(file);
      const names = aliases.get(file);
      if (document === undefined || names === undefined || changed.has(names)) continue;
      const before = document.text;
      const after = applyEdits(before, fileEdits);
      if (after === before) continue;
      changed.add(names);
      texts.set(names[0]!, { before: texts.get(names[0]!)?.before ?? before, after });
      for (const name of names) project.open(name, after);
    }
    if (changed.size === 0) break;
    repaired = repaired.concat(findings.filter((finding) => isFixable(finding) && wasApplied(finding, edits)));
    await subject.load();
  }
  return { findings: repaired, texts };
}

function wasApplied(finding: Finding, edits: ReadonlyMap<FileId, readonly Edit[]>): boolean {
  const [first] = finding.fixes[0]?.edits ?? [];
  if (first === undefined) return false;
  return (edits.get(first.file) ?? []).some(
    (edit) => edit.start === first.start && edit.end === first.end && edit.newText === first.newText,
  );
}
