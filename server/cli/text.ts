import type { Document, Finding, Severity, Span } from "../core/index.ts";
import { type DiffLine, diffEdits } from "./diff.ts";
import { excerptLine } from "./excerpt.ts";
import { isFixable } from "./fix.ts";
import { severityStyle } from "./paint.ts";
import { toPrintable, wrap } from "./printable.ts";
import type { Report } from "./report.ts";
import { severities } from "./severities.ts";
import { quoteForShell } from "./shell.ts";
import type { Terminal } from "./terminal.ts";

/** Longer diffs are cut: the whole of it is one --fix away. */
const maxDiffLines = 30;

/** Findings for a person in a hurry, then a summary that says what to do next. */
export function writeText(report: Report, terminal: Terminal): string {
  const parts = report.findings.map((finding) => describeFinding(report, terminal, finding));
  parts.push(summarize(report, terminal));
  return parts.join("\n");
}

function describeFinding(report: Report, terminal: Terminal, finding: Finding): string {
  const { paint } = terminal;
  const document = report.document(finding.span.file);
  if (document === undefined) throw new Error(`a finding points into ${finding.span.file}, which is not loaded`);
  const start = document.positionAt(finding.span.start);
  const style = severityStyle[finding.severity];
  const lines = [
    `${paint("bold", locate(report, document, finding.span.start))}: ${paint(style, finding.severity)} ${finding.rule}${locateInDump(report, terminal, finding.span)}`,
  ];

  const gutter = String(start.line + 1);
  const lineText = document.lineText(start.line);
  const end = Math.min(lineText.length, start.character + finding.span.end - finding.span.start);
  const { text, underline } = excerptLine(lineText, start.character, end, terminal.columns - gutter.length - 4);
  lines.push(`${paint("dim", ` ${gutter} | `)}${text}`);
  lines.push(
    `${paint("dim", ` ${" ".repeat(gutter.length)} | `)}${underline.replace(/\^+/, (marks) => paint(style, marks))}`,
  );

  // The first sentence is the consequence, the rest says why.
  const [, what = finding.message, why = ""] = /^(.*?[.?]) (.*)$/s.exec(finding.message) ?? [];
  lines.push(...wrap(toPrintable(what), terminal.columns - 2).map((line) => `  ${line}`));
  if (why !== "") {
    const [first, ...rest] = wrap(toPrintable(why), terminal.columns - 7);
    lines.push(`  ${paint("dim", "Why:")} ${first}`, ...rest.map((line) => `       ${line}`));
  }
  for (const { span, message } of finding.related) {
    const other = report.document(span.file);
    if (other !== undefined)
      lines.push(`  ${paint("dim", locate(report, other, span.start))}: ${toPrintable(message)}`);
  }
  lines.push(...describeFix(report, terminal, finding));
  return `${lines.join("\n")}\n`;
}

function describeFix(report: Report, terminal: Terminal, finding: Finding): string[] {
  const [fix] = finding.fixes;
  if (fix === undefined) return [];
  const { paint } = terminal;
  const safe = report.inDump(finding.span) === undefined ? "Fix (--fix applies it):" : "Fix (--fix writes a patch):";
  const label = fix.applicability === "safe" ? safe : "Suggestion (yours to decide):";
  const lines = [`  ${paint("dim", label)} ${toPrintable(fix.title)}`];
  for (const file of new Set(fix.edits.map((edit) => edit.file))) {
    const document = report.document(file);
    if (document === undefined) continue;
    if (file !== finding.span.file) lines.push(`    ${paint("dim", `in ${toPrintable(report.name(file))}`)}`);
    const diff = diffEdits(
      document,
      fix.edits.filter((edit) => edit.file === file),
    );
    for (const line of diff.slice(0, maxDiffLines)) lines.push(`    ${paintDiffLine(terminal, line)}`);
    if (diff.length > maxDiffLines) lines.push(`    ${paint("dim", `… ${diff.length - maxDiffLines} more lines`)}`);
  }
  return lines;
}

function paintDiffLine({ paint, columns }: Terminal, { sign, text, focus }: DiffLine): string {
  if (sign === "@@") return paint("cyan", `@@ ${text}`);
  const shown = sign + excerptLine(text, focus, focus + 1, columns - 6).text;
  if (sign === " ") return shown.trimEnd();
  return paint(sign === "+" ? "green" : "red", shown);
}

function locate(report: Report, document: Document, offset: number): string {
  const { line, character } = document.positionAt(offset);
  return `${toPrintable(report.name(document.file))}:${line + 1}:${character + 1}`;
}

/** Where in the dump something is, if its file came out of one. */
function locateInDump(report: Report, { paint }: Terminal, span: Span): string {
  const place = report.inDump(span);
  const dump = place && report.document(place.file);
  return dump === undefined ? "" : ` ${paint("dim", `(${locate(report, dump, place!.start)})`)}`;
}

function summarize(report: Report, terminal: Terminal): string {
  const { findings, files, repaired } = report;
  const lines: string[] = [];
  if (repaired !== undefined && repaired.findings > 0) {
    lines.push(
      terminal.paint("green", `Repaired ${count(repaired.findings, "finding")} in ${count(repaired.files, "file")}.`),
    );
  }
  if (repaired !== undefined && repaired.inDumps.findings > 0) {
    const { inDumps } = repaired;
    lines.push(
      terminal.paint(
        "green",
        `Wrote a patch that repairs ${count(inDumps.findings, "finding")} in ${count(inDumps.files, "file")} of the dump.`,
      ),
      "Nothing has been changed: the files are on the machine that the dump comes from. There:",
      "  patch --follow-symlinks -d / -p1 < PATCH && nginx -t",
    );
  }
  const first = findWorst(findings);
  if (files.length === 0) return lines.join("");
  const settings = report.projectFiles.map((name) => `${terminal.paint("dim", `Settings: ${toPrintable(name)}`)}`);
  if (first === undefined) {
    lines.push(terminal.paint("green", `${count(files.length, "file")} checked: nothing found.`));
    lines.push(...describeRoots(report, terminal), ...settings);
    return `${lines.join("\n")}\n`;
  }
  const counts = severities
    .map((severity) => describeCount(findings, severity, terminal))
    .filter((text) => text !== "");
  lines.push(`${count(files.length, "file")} checked: ${counts.join(", ")}.`);
  lines.push(...describeRoots(report, terminal), ...settings);

  const { program } = terminal;
  const steps: [string, string][] = [];
  const fixable = findings.filter(isFixable);
  if (fixable.length > 0) steps.push(...nextRepairs(report, program, fixable));
  steps.push(["Why, and what to write:", `${program} explain ${first.rule}`]);
  const place = report.inDump(first.span) ?? first.span;
  const document = report.document(place.file);
  if (document !== undefined && report.name(document.file) !== "<stdin>") {
    steps.push(["Open in VS Code:", `code --goto ${quoteForShell(locate(report, document, place.start))}`]);
  }
  const width = Math.max(...steps.map(([label]) => label.length));
  lines.push(...steps.map(([label, command]) => `  ${terminal.paint("dim", label.padEnd(width))}  ${command}`));
  return `${lines.join("\n")}\n`;
}

/** In which configuration the files were judged, if the user did not name it. */
function describeRoots({ roots, name }: Report, { paint }: Terminal): readonly string[] {
  const [first, ...others] = roots.map((root) => toPrintable(name(root)));
  if (first === undefined) return [];
  const more = others.length === 0 ? "" : ` and ${count(others.length, "other")}`;
  return [paint("dim", `Judged as a part of ${first}${more}.`)];
}

/** How to repair what can be repaired: files here in place, files of a dump by a patch. */
function nextRepairs(report: Report, program: string, fixable: readonly Finding[]): [string, string][] {
  const paths = report.paths.map(quoteForShell).join(" ");
  const inDumps = fixable.filter(({ span }) => report.inDump(span) !== undefined).length;
  const label = `${fixable.length} of ${report.findings.length}:`;
  if (inDumps === 0) return [[`Repair ${label}`, `${program} check --fix ${paths}`]];
  const pipe = report.paths.includes("-") ? "nginx -T | " : "";
  return [[`Write a patch for ${label}`, `${pipe}${program} check --fix ${paths} > websocket.patch`]];
}

/** The first of the most serious findings: where to begin. */
function findWorst(findings: readonly Finding[]): Finding | undefined {
  return severities.map((severity) => findings.find((finding) => finding.severity === severity)).find(Boolean);
}

function describeCount(findings: readonly Finding[], severity: Severity, terminal: Terminal): string {
  const number = findings.filter((finding) => finding.severity === severity).length;
  if (number === 0) return "";
  const text = severity === "information" ? `${number} information` : count(number, severity);
  return terminal.paint(severityStyle[severity], text);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
