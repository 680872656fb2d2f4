import type { Analysis, Found, Line } from "./analyse.ts";
import { repairCoverage, rulesFor } from "./codes.ts";
import type { Answer, Corpus, Label, LabelledFault, Truth } from "./corpus.ts";
import { type Decision, decisionOn } from "./decisions.ts";
import { groupBy } from "./group.ts";

/** A labelled fault and what the analyser says to it. */
export interface FaultResult {
  readonly label: Label;
  readonly fault: LabelledFault;
  /** The finding that covers it, the nearest one. */
  readonly by: Found | undefined;
  /** Why silence is right, where somebody decided so. */
  readonly decision: Decision | undefined;
}

/** A finding of severity error or warning and what is known about it. */
export interface Weighed {
  readonly finding: Found;
  /** The labelled block in which it stands. */
  readonly label: Label | undefined;
  /**
   * `supported` by a label; `proven`: nginx itself stops there; `excessive`: the label calls it advice; `unsupported`: no
   * label says so.
   */
  readonly support: "supported" | "proven" | "excessive" | "unsupported" | "unlabelled";
  readonly decision: Decision | undefined;
}

/** Findings that say that nginx refuses the file, beside what nginx said. */
export interface Refusals {
  readonly agreed: readonly Found[];
  /** nginx refuses the file, but it stopped elsewhere. */
  readonly unproven: readonly Found[];
  /** nginx accepts the file. */
  readonly contradicted: readonly Found[];
  /** Files whose syntax both versions of nginx refuse, without a template in them, where nothing was found. */
  readonly missed: readonly (Line & { readonly error: string })[];
}

/** A change by which a commit repaired a block, and whether the state before it was reported. */
export interface RepairResult extends Line {
  readonly change: string;
  readonly by: Found | undefined;
  readonly decision: Decision | undefined;
}

/** Analyser and labels side by side. */
export interface Comparison {
  readonly faults: readonly FaultResult[];
  readonly weighed: readonly Weighed[];
  /** Information and hints inside blocks that are labelled as correct and without any advice about them. */
  readonly remarks: readonly { readonly finding: Found; readonly label: Label }[];
  readonly refusals: Refusals;
  readonly repairs: readonly RepairResult[];
}

/** Lays findings and labels side by side. */
export function compare(corpus: Corpus, analysis: Analysis): Comparison {
  const byFile = groupBy(analysis.found, ({ file }) => file);
  const labelsOf = groupBy(corpus.labels, ({ file }) => file);
  const relatedTo = groupBy(
    analysis.found.flatMap((finding) => finding.related.map((line) => ({ line, finding }))),
    ({ line }) => line.file,
  );

  const covering = (file: string, first: number, last: number, rules: readonly string[]): Found | undefined => {
    const own = (byFile.get(file) ?? []).filter(({ rule }) => rules.includes(rule));
    const explained = (relatedTo.get(file) ?? []).filter(({ finding }) => rules.includes(finding.rule));
    return (
      own.find(({ line }) => first <= line && line <= last) ??
      explained.find(({ line: { line } }) => first <= line && line <= last)?.finding ??
      // What the block has from the levels around it is reported there, once for all blocks.
      own.find(({ level, isInMap }) => isInMap || (level && level[0] <= first && last <= level[1]))
    );
  };

  const faults = corpus.labels.flatMap((label) =>
    label.findings.map((fault): FaultResult => {
      const by = covering(label.file, label.line, label.end_line, rulesFor(fault.code) ?? []);
      const decision = by ? undefined : decisionOn(label.file, label.line, fault.code, "miss");
      return { label, fault, by, decision };
    }),
  );

  const labelAt = ({ file, line }: Line) =>
    (labelsOf.get(file) ?? [])
      .filter((label) => label.line <= line && line <= label.end_line)
      .sort((a, b) => a.end_line - a.line - (b.end_line - b.line))[0];

  const refusals = compareRefusals(corpus, analysis);
  const proven = new Set(refusals.agreed);
  const weighed: Weighed[] = [];
  const remarks: { finding: Found; label: Label }[] = [];
  for (const finding of analysis.found) {
    const label = labelAt(finding);
    const matching = label?.findings.filter(({ code }) => rulesFor(code)?.includes(finding.rule)) ?? [];
    if (isGrave(finding)) {
      const support = supportOf(label, matching, proven.has(finding));
      const isSettled = support === "supported" || support === "proven";
      const decision = isSettled ? undefined : decisionOn(finding.file, finding.line, finding.rule, "finding");
      weighed.push({ finding, label, support, decision });
    } else if (label?.ok && matching.length === 0) remarks.push({ finding, label });
  }

  const repairs = corpus.repairs.flatMap(({ file, line, eline, changes }) =>
    changes.flatMap((change): RepairResult[] => {
      const known = repairCoverage.find((candidate) => candidate.change.test(change));
      if (!known) return [];
      const by = covering(file, line, eline, known.rules);
      return [{ file, line, change, by, decision: by ? undefined : decisionOn(file, line, change, "miss") }];
    }),
  );
  return { faults, weighed, remarks, refusals, repairs };
}

function supportOf(
  label: Label | undefined,
  matching: readonly LabelledFault[],
  isProven: boolean,
): Weighed["support"] {
  if (matching.some(({ severity }) => severity !== "advice")) return "supported";
  if (isProven) return "proven";
  if (label === undefined) return "unlabelled";
  return matching.length > 0 ? "excessive" : "unsupported";
}

/** Whether a finding is more than a remark. */
export function isGrave({ severity }: Found): boolean {
  return severity === "error" || severity === "warning";
}

/** Findings that say that nginx does not start, beside what nginx 1.22.1 and the newest one said about the file. */
function compareRefusals(corpus: Corpus, analysis: Analysis): Refusals {
  const agreed: Found[] = [];
  const unproven: Found[] = [];
  const contradicted: Found[] = [];
  for (const finding of analysis.found) {
    if (!isGrave(finding) || !/^nginx (?:will not start|stops (?:at|here)|would then stop)/.test(finding.message))
      continue;
    const truth = corpus.truths.get(finding.file);
    // nginx got each file alone, so it knows nothing about what another file brings along.
    if (!truth || finding.related.some(({ file }) => file !== finding.file)) continue;
    const answers = [truth.nginx_1_22_1, truth.nginx_mainline_1_31_5_dev];
    if (answers.some((answer) => refuses(answer, finding))) agreed.push(finding);
    else if (answers.every(accepts)) contradicted.push(finding);
    else unproven.push(finding);
  }
  const reported = new Set(analysis.found.filter(({ rule }) => rule === "syntax-error").map(({ file }) => file));
  const missed = corpus.files
    .filter(({ file, template }) => template === undefined && !reported.has(file))
    .flatMap(({ file }) => {
      const truth = corpus.truths.get(file);
      if (!truth || !refusesSyntax(truth)) return [];
      const { error = "", line } = truth.nginx_1_22_1;
      return [{ file, line: line ?? 1, error }];
    });
  return { agreed, unproven, contradicted, missed };
}

/** Whether nginx takes the whole file; a line with an unknown directive was removed for it, and what was wrong there. */
function accepts({ ok, unknown_directives }: Answer): boolean {
  return ok && unknown_directives.length === 0;
}

function refuses({ ok, cls, line, unknown_vars }: Answer, finding: Found): boolean {
  const stop = Number(/^nginx (?:stops|would then stop) at line (\d+)/.exec(finding.message)?.[1] ?? finding.line);
  if (!ok && (line === stop || (finding.rule === "syntax-error" && cls === "syntax-error"))) return true;
  return unknown_vars.some((name) => finding.message.includes(`"${name}"`));
}

function refusesSyntax({ nginx_1_22_1, nginx_mainline_1_31_5_dev }: Truth): boolean {
  return [nginx_1_22_1, nginx_mainline_1_31_5_dev].every(({ cls }) => cls === "syntax-error");
}
