// The façade: everything that hosts (language server, command line, tests) use of the core.
export { causeTitles, otherTitle } from "./causes.ts";
export { refusalIn } from "./dump.ts";
export type { DumpView } from "./dump-view.ts";
export { applyEdits, applyFixes } from "./edits/apply.ts";
export type { Hover } from "./features/hover.ts";
export type * from "./files.ts";
export type * from "./finding.ts";
export { type LoadError, Project } from "./project.ts";
export { type RuleInfo, rules } from "./rules/index.ts";
export { defaultSettings, type Settings } from "./settings.ts";
export { type Answer, explainSymptoms, type Inspection } from "./symptoms/answer.ts";
export { diagnose, type Match } from "./symptoms/diagnose.ts";
export { allSymptoms, frequentSymptoms, rulesOf, symptomsOfRule } from "./symptoms/index.ts";
export { answersToMarkdown, type Links } from "./symptoms/markdown.ts";
export type { LikelyCause, Symptom } from "./symptoms/symptom.ts";
export type { Change, Document, Position } from "./syntax/document.ts";
export { looksLikeNginx } from "./syntax/sniff.ts";
export { parseSegment } from "./text/glob.ts";
