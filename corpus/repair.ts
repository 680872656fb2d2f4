import { join } from "node:path";
import { applySafeFixes, isFixable } from "../server/cli/fix.ts";
import { Subject } from "../server/cli/subject.ts";
import { defaultSettings, type Finding, Project } from "../server/core/index.ts";
import { nodeFiles } from "../server/host/files.ts";
import { folderOf } from "./analyse.ts";
import type { Corpus } from "./corpus.ts";
import { groupBy } from "./group.ts";

/** What the safe fixes made of the files, in memory. */
export interface SafeRepair {
  readonly findings: number;
  readonly files: number;
  /** Safe fixes that the repaired text still offers, and graver findings that it did not have before. */
  readonly left: readonly string[];
  readonly worse: readonly string[];
}

/** Rules that say nothing about a file in which nginx stops at the syntax. */
const dependsOnSyntax: ReadonlySet<string> = new Set(["directive-refused"]);

/** Applies the safe fixes to every file and judges the result. */
export async function repairAll(corpus: Corpus, nginxVersion: string): Promise<SafeRepair> {
  let findings = 0;
  let files = 0;
  const left: string[] = [];
  const worse: string[] = [];
  const base = join(corpus.folder, "files");
  for (const group of groupBy(
    corpus.files.filter(({ kind }) => kind === "nginx"),
    folderOf,
  ).values()) {
    const ids = group.map(({ file }) => join(base, file));
    const project = new Project(nodeFiles(), { ...defaultSettings, nginxVersion });
    await project.load(ids);
    const before = new Map(ids.map((id) => [id, countGrave(project.findings(id))]));
    if (!ids.some((id) => project.findings(id).some(isFixable))) continue;
    const repair = await applySafeFixes(project, new Subject(project, ids));
    findings += repair.findings.length;
    files += repair.texts.size;
    for (const id of ids) {
      const name = id.slice(base.length + 1);
      const after = project.findings(id);
      for (const { rule } of after.filter(isFixable)) left.push(`${name} ${rule}`);
      const was = before.get(id);
      for (const [rule, count] of countGrave(after)) {
        // What nginx refuses further on comes to light only when it no longer stops at the syntax.
        const wasHidden = was?.has("syntax-error") && dependsOnSyntax.has(rule);
        if (!wasHidden && count > (was?.get(rule) ?? 0)) worse.push(`${name} ${rule}`);
      }
    }
  }
  return { findings, files, left, worse };
}

/** How many errors and warnings there are of each rule. */
function countGrave(findings: readonly Finding[]): ReadonlyMap<string, number> {
  const grave = findings.filter(({ severity }) => severity === "error" || severity === "warning");
  return new Map([...groupBy(grave, ({ rule }) => rule)].map(([rule, found]) => [rule, found.length]));
}
