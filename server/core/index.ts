// The façade: everything that hosts (language server, command line, tests) use of the core.
export { causeTitles, otherTitle } from "./causes.ts";
export { refusalIn } from "./dump.ts";
export type { DumpView } from "./dump-view.ts";
export { applyEdits, applyFixes } from "./edits/apply.ts";
export { type BlockPath, blockPathAt, offsetOfBlock } from "./features/block-path.ts";
export { complete } from "./features/completion.ts";
export type { Completion, CompletionItem, CompletionKind, Site, Topic } from "./features/completion-item.ts";
export { documentationOf, nginxReference } from "./features/documentation.ts";
export { type EffectiveView, viewOf } from "./features/effective.ts";
export { choosePlace } from "./features/effective-choice.ts";
export { effectiveText, type Locate } from "./features/effective-text.ts";
export type { Hover } from "./features/hover.ts";
export { type OutlineItem, type OutlineKind, spanOfItem } from "./features/outline.ts";
export { listServers, overviewText, serversOfFiles } from "./features/overview.ts";
export { type SignatureForm, type SignatureHelp, signatureHelp } from "./features/signature-help.ts";
export type { Standing } from "./features/standing.ts";
export type * from "./files.ts";
export type * from "./finding.ts";
export { distance, misspeltOf } from "./model/spelling.ts";
export { type FoundSymbol, Navigator, type OutlinePart } from "./navigator.ts";
export { parseVersion } from "./nginx/version.ts";
export { type LoadError, Project } from "./project.ts";
export { type RuleInfo, rules } from "./rules/index.ts";
export type { Care } from "./rules/judge.ts";
export {
  type DescribedRule,
  defaultSettings,
  everywhere,
  ruleLevels,
  ruleProperties,
  type Settings,
  type SettingsSource,
  sharedDescriptions,
} from "./settings.ts";
export { type Answer, explainSymptoms, type Inspection } from "./symptoms/answer.ts";
export { diagnose, type Match } from "./symptoms/diagnose.ts";
export { allSymptoms, frequentSymptoms, rulesOf, symptomsOfRule } from "./symptoms/index.ts";
export { answersToMarkdown, type Links } from "./symptoms/markdown.ts";
export type { LikelyCause, Symptom } from "./symptoms/symptom.ts";
export type { Change, Document, Position } from "./syntax/document.ts";
export { isForeign } from "./syntax/foreign.ts";
export { looksLikeNginx, sniffedLength } from "./syntax/sniff.ts";
export { type FolderEntry, type Folders, walkPattern } from "./text/glob-walk.ts";
export { baseName, folderOf, isAbsolute, joinPath } from "./text/path.ts";
