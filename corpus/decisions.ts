import list from "./decisions.json" with { type: "json" };

/** What somebody decided about a disagreement after reading the file. */
export interface Decision {
  /** The file below `files/`, or a folder that ends with a slash and stands for all its files. */
  readonly file: string;
  /** The line of the finding, or the first line of the block whose fault is not reported; none: all lines. */
  readonly line?: number;
  /** The rule that speaks, or the label code that no rule speaks about. */
  readonly about: string;
  /** `true`: the finding is true; `false`: it is not, and stays; `silent`: not reporting the fault is right. */
  readonly verdict: "true" | "false" | "silent";
  readonly reason: string;
}

const decisions = list as readonly Decision[];
const used = new Set<Decision>();

/** The decision about a finding of a rule, or about a fault (label code) that is not reported. */
export function decisionOn(file: string, line: number, about: string, kind: "finding" | "miss"): Decision | undefined {
  const decision = decisions.find(
    (candidate) =>
      candidate.about === about &&
      (candidate.verdict === "silent") === (kind === "miss") &&
      (candidate.file.endsWith("/") ? file.startsWith(candidate.file) : file === candidate.file) &&
      (candidate.line === undefined || candidate.line === line),
  );
  if (decision) used.add(decision);
  return decision;
}

/** Decisions that nothing asked for: the disagreement is gone, or the entry has a mistake. */
export function unusedDecisions(): readonly Decision[] {
  return decisions.filter((decision) => !used.has(decision));
}
