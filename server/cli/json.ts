import type { Document, Edit, FileId, Finding, Span } from "../core/index.ts";
import type { Report } from "./report.ts";

/** What it takes to name a place. */
export type Located = Pick<Report, "document" | "name" | "inDump">;

/** One JSON object for programs. Lines and characters count from 0, characters in UTF-16 units, as in LSP. */
export function writeJson(report: Report, version: string): string {
  const findings = report.findings.map((finding) => describeFinding(report, finding));
  const { files, projectFiles } = report;
  const roots = report.roots.length === 0 ? {} : { roots: report.roots.map(report.name) };
  return `${JSON.stringify({ version, files: files.length, projectFiles, ...roots, findings }, undefined, 2)}\n`;
}

function describeFinding(report: Report, finding: Finding) {
  return {
    ...describePlace(report, finding.span),
    rule: finding.rule,
    severity: finding.severity,
    message: finding.message,
    ...(finding.cause === undefined ? {} : { cause: finding.cause }),
    ...(finding.related.length === 0
      ? {}
      : { related: finding.related.map(({ span, message }) => ({ ...describePlace(report, span), message })) }),
    fixes: finding.fixes.map(({ title, applicability, edits }) => ({
      title,
      applicability,
      edits: edits.map((edit: Edit) => ({ ...describePlace(report, edit), newText: edit.newText })),
    })),
  };
}

/** A span as programs read it; of a file in a dump, `dump` says where in the dump that is. */
export function describePlace(report: Located, span: Span) {
  const inDump = report.inDump(span);
  const place = describeSpan(report, span);
  return inDump === undefined ? place : { ...place, dump: describeSpan(report, inDump) };
}

function describeSpan(report: Located, span: Span) {
  const document = requireDocument(report, span.file);
  return {
    file: report.name(span.file),
    range: { start: document.positionAt(span.start), end: document.positionAt(span.end) },
  };
}

function requireDocument(report: Located, file: FileId): Document {
  const document = report.document(file);
  if (document === undefined) throw new Error(`a finding points into ${file}, which is not loaded`);
  return document;
}
