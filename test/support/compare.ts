import type { Finding } from "../../server/core/finding.ts";
import type { Disagreement, Fixture } from "./fixture.ts";
import { type Marker, readMarkers } from "./markers.ts";

/** What the analyser reports about a fixture: file as the fixture names it → findings. */
export type Analysis = ReadonlyMap<string, readonly Finding[]>;

/** Where a finding is, in the words of a marker. */
export function markerOf(text: string, finding: Finding): Marker {
  const { start, end } = finding.span;
  const before = text.slice(0, start);
  return {
    line: before.split("\n").length,
    start: start - (before.lastIndexOf("\n") + 1),
    length: end - start,
    severity: finding.severity,
    rule: finding.rule,
  };
}

/**
 * Compares what the analyser reports with the markers of a rule's fixture, one to one: everything this rule says, and
 * every error and warning of any rule. What other rules merely remark has to be marked in their own fixtures only;
 * marked here, it has to be there too.
 */
export function compareToMarkers(fixture: Fixture, analysis: Analysis, rule: string): Disagreement[] {
  const messages: string[] = [];
  for (const [name, text] of fixture.files) {
    const { markers, mistakes } = readMarkers(text);
    const findings = analysis.get(name) ?? [];
    const found = compareInFile(text, markers, findings, rule);
    const where = fixture.files.size > 1 ? `${name}, ` : "";
    messages.push(...[...mistakes, ...found].map((message) => where + message));
  }
  return messages.map((message) => ({ judge: "analyser", message }));
}

function compareInFile(text: string, markers: readonly Marker[], findings: readonly Finding[], rule: string): string[] {
  const messages: string[] = [];
  const open = [...markers];
  const unmarked: { marker: Marker; finding: Finding }[] = [];
  for (const finding of findings) {
    const marker = markerOf(text, finding);
    const exact = open.findIndex((each) => samePlace(each, marker) && each.severity === marker.severity);
    if (exact >= 0) open.splice(exact, 1);
    else if (!isRemark(finding, rule) || open.some((each) => each.rule === marker.rule))
      unmarked.push({ marker, finding });
  }
  for (const { marker, finding } of unmarked) {
    const near = open.findIndex((each) => each.rule === marker.rule && each.line === marker.line);
    const expected = near < 0 ? "nothing" : say(open.splice(near, 1)[0]!);
    const actual = `${say(marker)} ("${finding.message}")`;
    messages.push(`line ${marker.line}: the fixture expects ${expected}, the analyser reports ${actual}`);
  }
  for (const marker of open) {
    messages.push(`line ${marker.line}: the fixture expects ${say(marker)}, the analyser reports nothing`);
  }
  return messages;
}

/** Whether a finding is a mere remark of another rule than the one a fixture is about. */
export function isRemark(finding: Finding, rule: string): boolean {
  return finding.rule !== rule && (finding.severity === "information" || finding.severity === "hint");
}

function samePlace(a: Marker, b: Marker): boolean {
  return a.rule === b.rule && a.line === b.line && a.start === b.start && a.length === b.length;
}

function say({ start, length, severity, rule }: Marker): string {
  return `${severity} ${rule} at columns ${start} to ${start + length}`;
}
