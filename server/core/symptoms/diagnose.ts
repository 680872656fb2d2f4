import { isAbout, isDefaultReadTimeout } from "./durations.ts";
import { allSymptoms } from "./index.ts";
import { type Reading, readLines } from "./reading.ts";
import type { Symptom } from "./symptom.ts";
import { matchesWords, readWordSign, type WordSign, wordsOf } from "./words.ts";

/** A symptom that a text shows. */
export interface Match {
  readonly symptom: Symptom;
  /** The lines that show it, counted from 0. */
  readonly lines: readonly number[];
  /** The first of them. */
  readonly first: Reading;
}

/** How sure a line is: a text of a program, then a number or the words of a person, then a word that many things share. */
type Strength = 1 | 2 | 3;

interface Candidate {
  readonly symptom: Symptom;
  readonly strength: Strength;
  /** How much of the line was recognised. */
  readonly length: number;
}

interface Collected {
  readonly symptom: Symptom;
  readonly first: Reading;
  readonly lines: number[];
  strength: Strength;
  length: number;
}

/**
 * The symptoms that a text shows, the best first; none when nothing in it is known. `limits` are the time-outs of the
 * configuration at hand, in milliseconds: in a log, only connections that ended after such a time are worth a word.
 */
export function diagnose(text: string, limits: readonly number[] = []): readonly Match[] {
  const named = allSymptoms.find((symptom) => symptom.id === text.trim());
  const isLog = /\S[^\S\n]*\n\s*\S/.test(text);
  const collected = new Map<Symptom, Collected>();
  // One line at a time: a log can be large.
  for (const reading of readLines(text)) {
    if (named !== undefined) return [{ symptom: named, lines: [0], first: reading }];
    if (isLog && isOrdinary(reading, limits)) continue;
    for (const candidate of strongest(candidatesFor(reading))) collect(collected, candidate, reading);
  }
  return [...collected.values()]
    .toSorted((a, b) => b.strength - a.strength || b.lines.length - a.lines.length || b.length - a.length)
    .map(({ symptom, lines, first }) => ({ symptom, lines, first }));
}

/** Whether a line of a whole log is none of a WebSocket, or a tunnel that ended as tunnels do. */
function isOrdinary(
  { kind, isForWebSocket, isEnd, milliseconds = 0, lower }: Reading,
  limits: readonly number[],
): boolean {
  if (kind !== "access log") return false;
  if (lower.includes('"\\x16\\x03')) return false;
  if (!isEnd) return !isForWebSocket;
  return !isDefaultReadTimeout(milliseconds) && !limits.some((limit) => isAbout(milliseconds, limit));
}

function collect(collected: Map<Symptom, Collected>, { symptom, strength, length }: Candidate, reading: Reading): void {
  const known = collected.get(symptom);
  if (known === undefined) {
    collected.set(symptom, { symptom, first: reading, lines: [reading.line], strength, length });
    return;
  }
  if (known.lines.at(-1) !== reading.line) known.lines.push(reading.line);
  if (strength > known.strength) known.strength = strength;
  known.length = Math.max(known.length, length);
}

/** The texts of each symptom, taken apart once. */
const phrases: readonly (readonly [symptom: Symptom, texts: readonly (readonly string[])[]])[] = allSymptoms.map(
  (symptom) => [symptom, (symptom.signs.texts ?? []).map((text) => text.split("…"))],
);

const wordSigns: ReadonlyMap<Symptom, readonly WordSign[]> = new Map(
  allSymptoms.map((symptom) => [symptom, (symptom.signs.words ?? []).map(readWordSign)]),
);

function candidatesFor(reading: Reading): readonly Candidate[] {
  const candidates: Candidate[] = [];
  const words = reading.kind === "words" ? wordsOf(reading.lower) : "";
  for (const [symptom, texts] of phrases) {
    const { levels, statuses, codes, isEnd, isFallback } = symptom.signs;
    let length = 0;
    for (const pieces of texts) length = Math.max(length, matchedLength(reading.lower, pieces));
    const isLoudEnough = levels === undefined || reading.level === undefined || levels.includes(reading.level);
    if (length > 0 && isLoudEnough) candidates.push({ symptom, strength: isFallback ? 1 : 3, length });
    else if (length === 0 && saysSo(words, symptom))
      candidates.push({ symptom, strength: isFallback ? 1 : 2, length: 4 });
    else if (reading.statuses.some((status) => statuses?.includes(status)))
      candidates.push({ symptom, strength: 2, length: 3 });
    else if (reading.codes.some((code) => codes?.includes(code))) candidates.push({ symptom, strength: 2, length: 4 });
    else if (isEnd && reading.isEnd) {
      candidates.push({ symptom, strength: reading.milliseconds === undefined ? 1 : 2, length: 5 });
    }
  }
  return candidates;
}

function saysSo(words: string, symptom: Symptom): boolean {
  return words !== "" && (wordSigns.get(symptom) ?? []).some((sign) => matchesWords(words, sign));
}

/** How many characters of the pieces stand in the line, in their order; 0 if not all of them do. */
function matchedLength(lower: string, pieces: readonly string[]): number {
  let from = 0;
  let length = 0;
  for (const piece of pieces) {
    const at = lower.indexOf(piece, from);
    if (at === -1) return 0;
    from = at + piece.length;
    length += piece.length;
  }
  return length;
}

/** Words of its own explain a line; then a number in it, or a vague word, adds nothing. */
function strongest(candidates: readonly Candidate[]): readonly Candidate[] {
  const best = Math.max(0, ...candidates.map(({ strength }) => strength));
  const kept = candidates.filter(({ strength }) => strength === best);
  // Numbers stand side by side: “60 s, code 1006”.
  if (best === 2) return kept;
  // “"map" directive is not allowed here” is also “directive is not allowed here”: the longer one says more.
  const longest = Math.max(...kept.map(({ length }) => length));
  return kept.filter(({ length }) => length === longest);
}
