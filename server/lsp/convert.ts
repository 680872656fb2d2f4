import {
  type CodeAction,
  type Diagnostic,
  DiagnosticSeverity,
  type Range,
  type TextDocumentEdit,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver";
import type { Document, Edit, FileId, Finding, Project, Settings, Severity, Span } from "../core/index.ts";
import type { Documents } from "./documents.ts";

/** Who reports: editors show it beside the message. */
export const source = "nginx-websocket";

/** Diagnostics of one file beyond this many become one summary. */
export const maxDiagnostics = 1000;

/** What a conversion needs to know about the client and the open documents. */
export interface Target {
  readonly project: Project;
  readonly documents: Documents;
  readonly client: ClientFeatures;
  /** Another project with the same files and settings, to try things out on. */
  createProject(): Project;
  /** What is set for a file. */
  settings(file: FileId): Settings;
  /** The action that switches a rule off for the project that a file belongs to. */
  turnRuleOff(rule: string, file: FileId): CodeAction | undefined;
  /** Whole configurations of the workspace, which may include the open documents. */
  candidates(): Promise<readonly FileId[]>;
  /** The page that explains a rule, if there is one. */
  linkTo(rule: string): string | undefined;
  /** The client's own command that shows the page of the rule it is given, if it has one. */
  readonly explainCommand: string | undefined;
}

/** The optional parts of the protocol that this client understands. */
export interface ClientFeatures {
  readonly relatedInformation: boolean;
  readonly codeDescription: boolean;
  readonly documentChanges: boolean;
  readonly createFiles: boolean;
  readonly markdownHover: boolean;
}

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** The LSP range of a span of this document. */
export function toRange(document: Pick<Document, "positionAt">, span: Pick<Span, "start" | "end">): Range {
  return { start: document.positionAt(span.start), end: document.positionAt(span.end) };
}

/** One file's findings as the diagnostics to publish, at most 1,000 and a summary. */
export function toDiagnostics(findings: readonly Finding[], document: Document, target: Target): Diagnostic[] {
  const diagnostics = findings.slice(0, maxDiagnostics).map((finding) => toDiagnostic(finding, document, target));
  const hidden = findings.length - diagnostics.length;
  if (hidden > 0) {
    diagnostics.push({
      range: toRange(document, findings[maxDiagnostics]!.span),
      severity: DiagnosticSeverity.Information,
      source,
      message: `${hidden} more ${hidden === 1 ? "problem" : "problems"} from here on, not shown one by one.`,
    });
  }
  return diagnostics;
}

/** One finding as a diagnostic of the document it is in. */
export function toDiagnostic(finding: Finding, document: Document, target: Target): Diagnostic {
  const diagnostic: Diagnostic = {
    range: toRange(document, finding.span),
    severity: severities[finding.severity],
    code: finding.rule,
    source,
    message: finding.message,
  };
  const href = target.client.codeDescription ? target.linkTo(finding.rule) : undefined;
  if (href !== undefined) diagnostic.codeDescription = { href };
  if (target.client.relatedInformation && finding.related.length > 0) {
    diagnostic.relatedInformation = finding.related.flatMap(({ span, message }) => {
      const place = target.project.document(span.file);
      if (place === undefined) return [];
      return [{ location: { uri: target.documents.uri(span.file), range: toRange(place, span) }, message }];
    });
  }
  return diagnostic;
}

/** Edits, possibly of several files, in the protocol's words; those of files that vanished are left out. */
export function toTextEdits(
  edits: readonly Edit[],
  project: Pick<Project, "document">,
): ReadonlyMap<FileId, readonly TextEdit[]> {
  const byFile = new Map<FileId, TextEdit[]>();
  for (const edit of edits) {
    const document = project.document(edit.file);
    if (document === undefined) continue;
    const textEdit = { range: toRange(document, edit), newText: edit.newText };
    const list = byFile.get(edit.file);
    if (list === undefined) byFile.set(edit.file, [textEdit]);
    else list.push(textEdit);
  }
  return byFile;
}

/** One workspace edit, which clients refuse when a document has moved on; nothing when there is nothing to edit. */
export function toWorkspaceEdit(
  edits: ReadonlyMap<FileId, readonly TextEdit[]>,
  { documents, client }: Target,
): WorkspaceEdit | undefined {
  if (edits.size === 0) return undefined;
  if (!client.documentChanges) {
    return { changes: Object.fromEntries([...edits].map(([file, list]) => [documents.uri(file), [...list]])) };
  }
  return {
    documentChanges: [...edits].map(([file, list]): TextDocumentEdit => {
      return { textDocument: { uri: documents.uri(file), version: documents.version(file) }, edits: [...list] };
    }),
  };
}
