import { type CodeAction, CodeActionKind, type CodeActionParams, type Diagnostic } from "vscode-languageserver";
import { applyFixes, type Edit, type FileId, type Finding, type Fix } from "../core/index.ts";
import { source, type Target, toDiagnostic, toTextEdits, toWorkspaceEdit } from "./convert.ts";
import { spanIn } from "./documents.ts";
import { fixWholeFile, hasSafeFix } from "./fix-all.ts";

/** The kind under which editors run all safe fixes, on save for instance. */
export const fixAllKind = `${CodeActionKind.SourceFixAll}.${source}`;

const fixAllTitle = "Fix all WebSocket problems that can be fixed safely";

/** A selection over a whole file would otherwise give a menu nobody can read. */
const maxFindings = 50;

/** The actions for one request: the quick fixes; the fix of the whole file only when asked for. */
export async function codeActions(params: CodeActionParams, file: FileId, target: Target): Promise<CodeAction[]> {
  const only = params.context?.only;
  const actions: CodeAction[] = [];
  if (only === undefined || only.some((kind) => includesKind(kind, CodeActionKind.QuickFix))) {
    const findings = target.project.findings(file, "prompt");
    actions.push(...quickFixes(findings, select(findings, params, file, target), file, target));
  }
  if (only?.some((kind) => includesKind(kind, fixAllKind))) {
    const edit = toWorkspaceEdit(await fixWholeFile(file, target), target);
    if (edit !== undefined) actions.push({ title: fixAllTitle, kind: fixAllKind, edit });
  }
  return actions;
}

/** Kinds are dotted: asking for `source` asks for everything below it. */
function includesKind(asked: string, kind: string): boolean {
  return asked === kind || asked === "" || kind.startsWith(`${asked}.`);
}

/** The findings that the request's diagnostics show; without any of ours among them, those under the selection. */
function select(
  findings: readonly Finding[],
  params: CodeActionParams,
  file: FileId,
  target: Target,
): readonly Finding[] {
  const document = target.project.document(file);
  if (document === undefined) return [];
  const overlapping = (range: Diagnostic["range"], finding: Finding) => {
    const { start, end } = spanIn(document, range);
    return finding.span.start <= end && start <= finding.span.end;
  };
  const shown = (params.context?.diagnostics ?? []).filter((diagnostic) => diagnostic?.source === source);
  const selected = findings.filter((finding) => {
    if (shown.length === 0) return overlapping(params.range, finding);
    return shown.some((diagnostic) => diagnostic.code === finding.rule && overlapping(diagnostic.range, finding));
  });
  return selected.slice(0, maxFindings);
}

/** The menu, in its order: what repairs, what explains, and last what makes a mistake stay, the narrowest first. */
function quickFixes(all: readonly Finding[], selected: readonly Finding[], file: FileId, target: Target): CodeAction[] {
  const rules = [...new Set(selected.map((finding) => finding.rule))];
  const menu = [
    ...preferredFirst(repairs(selected, target)),
    ...repairsOfRules(all, rules, target),
    ...explanations(rules, selected, target),
    ...(target.settings(file).suppressionActions ? allowances(selected, rules, file, target) : []),
  ];
  return mergeSame(menu.filter((action) => action !== undefined));
}

function repairs(findings: readonly Finding[], target: Target): (CodeAction | undefined)[] {
  return findings.flatMap((finding) => {
    return finding.fixes.map((fix, index) => {
      const action = toAction(fix, [finding], target);
      if (action !== undefined && index === 0 && fix.applicability === "safe") action.isPreferred = true;
      return action;
    });
  });
}

/** Not every client sorts by itself. */
function preferredFirst(actions: readonly (CodeAction | undefined)[]): (CodeAction | undefined)[] {
  const isPreferred = (action: CodeAction | undefined): boolean => action?.isPreferred === true;
  return [...actions.filter(isPreferred), ...actions.filter((action) => !isPreferred(action))];
}

/** For rules that can be repaired in several places of the file. */
function repairsOfRules(all: readonly Finding[], rules: readonly string[], target: Target): (CodeAction | undefined)[] {
  return rules.map((rule) => {
    const fixable = all.filter((finding) => finding.rule === rule && hasSafeFix(finding));
    if (fixable.length < 2) return undefined;
    const title = `Fix all ${rule} problems in this file`;
    return toAction({ title, edits: [...applyFixes(fixable).values()].flat() }, fixable, target);
  });
}

/** What makes a mistake stay: comments for its line and for its file, then the project file. */
function allowances(
  selected: readonly Finding[],
  rules: readonly string[],
  file: FileId,
  target: Target,
): (CodeAction | undefined)[] {
  const comments = selected.flatMap((finding) => {
    return target.project.suppressions(finding).map((fix) => toAction(fix, [finding], target));
  });
  const switches = rules.map((rule) => {
    const action = target.turnRuleOff(rule, file);
    const findings = selected.filter((finding) => finding.rule === rule);
    return action && { ...action, diagnostics: diagnosticsOf(findings, target) };
  });
  return [...comments, ...switches];
}

/** For clients that can show a page: one action for each rule. */
function explanations(rules: readonly string[], findings: readonly Finding[], target: Target): CodeAction[] {
  const { explainCommand } = target;
  if (explainCommand === undefined) return [];
  return rules.flatMap((rule) => {
    if (target.linkTo(rule) === undefined) return [];
    const title = `Explain ${rule}`;
    const diagnostics = diagnosticsOf(
      findings.filter((finding) => finding.rule === rule),
      target,
    );
    const command = { title, command: explainCommand, arguments: [rule] };
    return [{ title, kind: CodeActionKind.QuickFix, diagnostics, command }];
  });
}

function diagnosticsOf(findings: readonly Finding[], target: Target): Diagnostic[] {
  return findings.flatMap((finding) => {
    const document = target.project.document(finding.span.file);
    return document === undefined ? [] : [toDiagnostic(finding, document, target)];
  });
}

function toAction(
  fix: Pick<Fix, "title"> & { readonly edits: readonly Edit[] },
  findings: readonly Finding[],
  target: Target,
): CodeAction | undefined {
  const edit = toWorkspaceEdit(toTextEdits(fix.edits, target.project), target);
  if (edit === undefined) return undefined;
  return { title: fix.title, kind: CodeActionKind.QuickFix, diagnostics: diagnosticsOf(findings, target), edit };
}

/** Two findings may offer the same edit under the same title; the menu shows it once. */
function mergeSame(actions: readonly CodeAction[]): CodeAction[] {
  const byKey = new Map<string, CodeAction>();
  for (const action of actions) {
    const key = `${action.title}\n${JSON.stringify(action.edit)}`;
    const same = byKey.get(key);
    if (same === undefined) byKey.set(key, action);
    else same.diagnostics = [...(same.diagnostics ?? []), ...(action.diagnostics ?? [])];
  }
  return [...byKey.values()];
}
