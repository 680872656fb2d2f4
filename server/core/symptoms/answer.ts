import type { ConfiguredTimeout, Finding } from "../finding.ts";
import { timeText } from "../nginx/time.ts";
import { diagnose, type Match } from "./diagnose.ts";
import { isAbout, isDefaultReadTimeout, judgeDuration } from "./durations.ts";
import type { LikelyCause } from "./symptom.ts";

/** What is known about the configuration at hand. */
export interface Inspection {
  readonly findings: readonly Finding[];
  readonly timeouts: readonly ConfiguredTimeout[];
}

/** A cause, and where the configuration at hand shows it. */
export interface AnsweredCause {
  readonly what: string;
  readonly check: string;
  /** Only rules that exist. */
  readonly rules: readonly string[];
  readonly findings: readonly Finding[];
  /** Time-outs as long as what was observed. */
  readonly timeouts: readonly ConfiguredTimeout[];
}

/** A symptom with everything there is to say about it. */
export interface Answer {
  readonly match: Match;
  /** What the time says, when there is one. */
  readonly notes: readonly string[];
  /** The most probable first: those that the configuration at hand shows. */
  readonly causes: readonly AnsweredCause[];
}

/** Rules about the time after which a quiet tunnel ends: a time that was observed confirms or refutes what they found. */
const timeRules = new Set(["read-timeout-default", "read-timeout-short", "timeout-unit"]);

/**
 * Explains a text that a person typed or pasted, with the configuration at hand when there is one. `rules` are the ids
 * that exist. No answers mean that nothing in the text is known.
 */
export function explainSymptoms(text: string, rules: readonly string[], inspection?: Inspection): readonly Answer[] {
  const known = new Set(rules);
  const limits = inspection?.timeouts.map(({ milliseconds }) => milliseconds) ?? [];
  return diagnose(text, limits).map((match) => {
    const observed = match.symptom.signs.isEnd ? match.first.milliseconds : undefined;
    const causes = match.symptom.causes.map((cause) => answerCause(cause, known, observed, inspection));
    return { match, notes: notesFor(observed, inspection), causes: causes.toSorted((a, b) => weigh(b) - weigh(a)) };
  });
}

function answerCause(
  { what, check, rules }: LikelyCause,
  known: ReadonlySet<string>,
  observed: number | undefined,
  inspection: Inspection | undefined,
): AnsweredCause {
  const isAboutTime = rules.some((rule) => timeRules.has(rule));
  const timeouts =
    observed === undefined || !isAboutTime
      ? []
      : (inspection?.timeouts.filter(({ milliseconds }) => isAbout(observed, milliseconds)) ?? []);
  const findings = (inspection?.findings ?? []).filter(
    (finding) => rules.includes(finding.rule) && agrees(finding, observed, timeouts),
  );
  // In the order of the rules: the most probable one first.
  findings.sort((a, b) => rules.indexOf(a.rule) - rules.indexOf(b.rule));
  return { what, check, rules: rules.filter((rule) => known.has(rule)), findings, timeouts };
}

/** Whether a finding fits to the time that was observed. */
function agrees(finding: Finding, observed: number | undefined, timeouts: readonly ConfiguredTimeout[]): boolean {
  if (observed === undefined || !timeRules.has(finding.rule)) return true;
  if (finding.rule === "read-timeout-default") return isDefaultReadTimeout(observed);
  return timeouts.some(({ span }) => {
    return span.file === finding.span.file && span.start <= finding.span.end && finding.span.start <= span.end;
  });
}

function weigh({ findings, timeouts }: AnsweredCause): number {
  return timeouts.length > 0 ? 2 : Math.min(1, findings.length);
}

function notesFor(observed: number | undefined, inspection: Inspection | undefined): readonly string[] {
  if (observed === undefined) return [];
  const notes = [judgeDuration(observed)];
  if (isDefaultReadTimeout(observed)) return notes;
  if (inspection !== undefined && !inspection.timeouts.some(({ milliseconds }) => isAbout(observed, milliseconds))) {
    notes.push(`No read time-out in your configuration is set to ${timeText(observed)}.`);
  }
  return notes;
}
