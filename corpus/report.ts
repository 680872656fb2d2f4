import type { Analysis, Found, Line } from "./analyse.ts";
import { coverage, reasonUncovered, rulesFor } from "./codes.ts";
import { type Comparison, type FaultResult, isGrave, type Weighed } from "./compare.ts";
import { type Decision, unusedDecisions } from "./decisions.ts";
import { groupBy } from "./group.ts";

import type { SafeRepair } from "./repair.ts";

/** The numbers that sum a run up. */
export interface Figures {
  /** Findings of severity error or warning inside labelled blocks, and how many of them a label supports. */
  readonly grave: number;
  readonly supported: number;
  /** The same after people have read the rest: supported, or decided to be true. */
  readonly right: number;
  /** Labelled faults that break or degrade, are decided by their file and not uncovered by design. */
  readonly faults: number;
  readonly covered: number;
  /** Faults whose silence somebody decided to be right; they are among `faults`. */
  readonly silent: number;
  /** Disagreements that nobody has decided. */
  readonly undecided: number;
}

/** Counts what `Figures` describes. */
export function countUp({ faults, weighed, refusals }: Comparison): Figures {
  const labelled = weighed.filter(({ label }) => label !== undefined);
  const supported = labelled.filter(isSettled).length;
  const counted = faults.filter(isRequired);
  const missed = counted.filter(({ by }) => !by);
  const undecided =
    labelled.filter((item) => !isSettled(item) && !item.decision).length +
    missed.filter(({ decision }) => !decision).length +
    refusals.contradicted.filter((finding) => !isDecidedTrue(finding, weighed)).length;
  return {
    grave: labelled.length,
    supported,
    right: supported + labelled.filter(({ decision }) => decision?.verdict === "true").length,
    faults: counted.length,
    covered: counted.length - missed.length,
    silent: missed.filter(({ decision }) => decision).length,
    undecided,
  };
}

/** Whether somebody read a file that nginx accepts by itself and decided that a finding is true where the file lies. */
function isDecidedTrue(finding: Found, weighed: readonly Weighed[]): boolean {
  return weighed.some((item) => item.finding === finding && item.decision?.verdict === "true");
}

/** Whether a label or nginx itself says that a finding is true. */
function isSettled({ support }: Weighed): boolean {
  return support === "supported" || support === "proven";
}

/** Whether recall counts a fault: it does harm, its own file decides it, and some rule is meant to find it. */
function isRequired({ fault }: FaultResult): boolean {
  return fault.severity !== "advice" && fault.scope === "file" && (rulesFor(fault.code)?.length ?? 0) > 0;
}

/** A run as text; `sample` is how many places of a kind are printed. */
export function renderReport(analysis: Analysis, comparison: Comparison, repair: SafeRepair, sample: number): string {
  return [
    renderRun(analysis),
    renderRules(analysis),
    renderFaults(comparison.faults),
    renderLabelled(comparison),
    renderUnlabelled(comparison.weighed, sample),
    renderRefusals(comparison, sample),
    renderRepairs(comparison),
    renderSafeRepair(repair),
    renderUnused(),
    renderFigures(countUp(comparison)),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function renderRun({ files, milliseconds, crashes, unrecognised, mistaken, found }: Analysis): string {
  const place = (file: string) => `  ${file}`;
  return [
    `${files} files read and judged in ${(milliseconds / 1000).toFixed(1)} s; ${found.length} findings; ${crashes.length} crashes`,
    ...crashes.map((crash) => `  CRASH ${crash}`),
    `${unrecognised.length} files of nginx are not recognised as such, ${mistaken.length} of other programs are taken for nginx`,
    ...mistaken.map(place),
  ].join("\n");
}

function renderRules({ found }: Analysis): string {
  const rows = [...groupBy(found, ({ rule }) => rule)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const columns = ["error", "warning", "information", "hint"] as const;
  return [
    `${"Findings per rule".padEnd(40)}${columns.map((name) => name.padStart(13)).join("")}`,
    ...rows.map(([rule, findings]) => {
      const counts = columns.map((name) => findings.filter(({ severity }) => severity === name).length);
      return `  ${rule.padEnd(38)}${counts.map((count) => String(count || "").padStart(13)).join("")}`;
    }),
  ].join("\n");
}

function renderFaults(faults: readonly FaultResult[]): string {
  const lines = ["Labelled faults: code, labelled, found (of them broken or degraded)"];
  for (const [code, results] of [...groupBy(faults, ({ fault }) => fault.code)].toSorted()) {
    const found = results.filter(({ by }) => by);
    const required = results.filter(isRequired);
    const covered = required.filter(({ by }) => by);
    lines.push(`  ${code.padEnd(38)}${results.length}  ${found.length}  (${covered.length} of ${required.length})`);
    const reason = reasonUncovered(code);
    if (reason !== undefined) lines.push(`    no rule by design: ${reason}`);
    if (!Object.hasOwn(coverage, code))
      lines.push("    UNKNOWN CODE: corpus/codes.ts does not say which rules find it");
    for (const result of results.filter(({ by }) => !by)) {
      const { label, fault, decision } = result;
      const kind = fault.scope === "file" ? fault.severity : `${fault.severity}, decided by other files`;
      if (decision) lines.push(`    silent by decision  ${place(label)} ${decision.reason}`);
      else if (isRequired(result)) lines.push(`    MISSED  ${place(label)} ${label.block} (${kind})`);
      else if (reason === undefined) lines.push(`    not reported  ${place(label)} ${label.block} (${kind})`);
    }
  }
  return lines.join("\n");
}

function renderLabelled({ weighed, remarks }: Comparison): string {
  const labelled = weighed.filter((item) => item.label && !isSettled(item));
  const lines = ["Errors and warnings in labelled blocks that no label supports"];
  for (const { finding, label, support, decision } of labelled) {
    const why = label?.ok ? "the block is labelled correct" : "the block has other faults";
    lines.push(
      `  ${stateOf(decision)}  ${describe(finding)}${support === "excessive" ? " (labelled as advice)" : ` (${why})`}`,
    );
    if (decision) lines.push(`    ${decision.reason}`);
  }
  if (labelled.length === 0) lines.push("  none");
  lines.push("Information and hints in blocks labelled correct, beyond the labels' advice");
  for (const [rule, found] of [...groupBy(remarks, ({ finding }) => finding.rule)].toSorted()) {
    lines.push(`  ${rule.padEnd(38)}${found.length}`);
    for (const { finding } of found) lines.push(`    ${place(finding)}`);
  }
  return lines.join("\n");
}

function renderUnlabelled(weighed: readonly Weighed[], sample: number): string {
  const all = weighed.filter(({ label }) => !label);
  const open = all.filter((item) => !isSettled(item) && !item.decision);
  const proven = all.filter(isSettled).length;
  const count = (verdict: string) => all.filter(({ decision }) => decision?.verdict === verdict).length;
  const lines = [
    `Errors and warnings outside labelled blocks: ${all.length}; nginx refuses the file there ${proven}, read and true ${count("true")}, read and false ${count("false")}, unread ${open.length}`,
  ];
  for (const [rule, group] of [...groupBy(open, ({ finding }) => finding.rule)].toSorted()) {
    const shown = spread(group.map(({ finding }) => finding)).slice(0, sample);
    lines.push(`  ${rule}: ${group.length} unread${shown.length < group.length ? `, ${shown.length} of them` : ""}`);
    for (const finding of shown) lines.push(`    ${describe(finding)}`);
  }
  return lines.join("\n");
}

/** One finding of each repository, then the second of each, and so on: a sample that shows variety. */
function spread(findings: readonly Found[]): readonly Found[] {
  const seen = new Map<string, number>();
  return findings
    .map((finding) => {
      const repository = finding.file.split("/")[1] ?? "";
      const turn = seen.get(repository) ?? 0;
      seen.set(repository, turn + 1);
      return { finding, turn };
    })
    .toSorted((a, b) => a.turn - b.turn)
    .map(({ finding }) => finding);
}

function renderRefusals({ refusals }: Comparison, sample: number): string {
  const { agreed, unproven, contradicted, missed } = refusals;
  return [
    `Findings that say nginx refuses the file: nginx agrees with ${agreed.length}, stopped elsewhere for ${unproven.length}, accepts ${contradicted.length}`,
    ...contradicted.slice(0, sample * 5).map((finding) => `  CONTRADICTED  ${describe(finding)}`),
    `Files whose syntax nginx refuses and we do not: ${missed.length}`,
    ...missed.slice(0, sample * 5).map((line) => `  ${place(line)} ${line.error}`),
  ].join("\n");
}

function renderRepairs({ repairs }: Comparison): string {
  const found = repairs.filter(({ by }) => by);
  return [
    `What commits repaired: ${repairs.length} changes that a rule speaks about; ${found.length} reported before the repair`,
    ...repairs
      .filter(({ by }) => !by)
      .map(
        (repair) =>
          `  ${repair.decision ? "silent by decision" : "NOT REPORTED"}  ${place(repair)} ${repair.change} ${repair.decision?.reason ?? ""}`,
      ),
  ].join("\n");
}

function renderSafeRepair({ findings, files, left, worse }: SafeRepair): string {
  return [
    `Safe fixes: ${findings} findings repaired in ${files} files; ${left.length} are offered again, ${worse.length} files are worse`,
    ...left.map((place) => `  OFFERED AGAIN  ${place}`),
    ...worse.map((place) => `  WORSE  ${place}`),
  ].join("\n");
}

function renderUnused(): string {
  const unused = unusedDecisions();
  if (unused.length === 0) return "";
  return [
    `Decisions without a disagreement: ${unused.length}`,
    ...unused.map(({ file, line, about }) => `  ${file}:${line ?? "*"} ${about}`),
  ].join("\n");
}

function renderFigures({ grave, supported, right, faults, covered, silent, undecided }: Figures): string {
  return [
    `Precision (errors and warnings in labelled blocks that a label supports): ${share(supported, grave)}; with those decided to be true: ${share(right, grave)}`,
    `Recall (labelled faults that break or degrade and are reported): ${share(covered, faults)}; without those whose silence is decided: ${share(covered, faults - silent)}`,
    `Disagreements that nobody has decided: ${undecided}`,
  ].join("\n");
}

function share(part: number, whole: number): string {
  return whole === 0 ? "nothing to count" : `${part} of ${whole}, ${((100 * part) / whole).toFixed(1)} %`;
}

function stateOf(decision: Decision | undefined): string {
  return decision ? `decided ${decision.verdict}` : "FALSE ALARM?";
}

function describe(finding: Found): string {
  const word = isGrave(finding) ? finding.severity : `(${finding.severity})`;
  return `${place(finding)}:${finding.column} ${word} ${finding.rule}: ${finding.message.split(/(?<=\.) /)[0]}`;
}

function place({ file, line }: Line): string {
  return `${file}:${line}`;
}
