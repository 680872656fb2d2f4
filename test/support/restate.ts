import type { Fixture } from "./fixture.ts";
import { findTruthLines, readStatement, type Truth, truthLine } from "./truths.ts";

/**
 * Gives a fixed text the truths that follow from those of the broken one: a handshake that reaches a backend which
 * speaks WebSocket now gives 101, and so does every path that was spoken of; a plain GET is answered as before, as it
 * must be after a safe fix; nginx accepts the text. `#: fixed TRUTH` says what follows from nothing else, and wins over
 * what would follow for the same path.
 */
export function restateTruths(text: string): string {
  const stated = findTruthLines(text).map(({ words }) => words);
  const explicit = readTruths(stated.flatMap((words) => fixedOnly(words) ?? []));
  const said = new Set([...explicit, ...readTruths(stated)].map(topicOf));
  const isExplicit = (truth: Truth): boolean => explicit.some((each) => topicOf(each) === topicOf(truth));
  const lines = text.split("\n").flatMap((line) => {
    const words = truthLine.exec(line)?.[1];
    if (words === undefined) return [line];
    const only = fixedOnly(words);
    if (only !== undefined) return [`#: ${only}`];
    const [truth] = readTruths([words]);
    if (truth === undefined) return words.startsWith("nginx fails") ? [] : [line];
    if (isExplicit(truth)) return [];
    if (truth.kind === "handshake") return [truth.backend === "http" ? line : line.replace(/\s\d{3}(?=\s|$)/, " 101")];
    if (truth.kind === "get" || truth.kind === "stays") return [line];
    const handshake = `handshake ${truth.target}`;
    if (truth.kind === "receives-get" || said.has(handshake)) return [];
    said.add(handshake);
    return [`#: ${handshake} 101`];
  });
  return lines.join("\n");
}

function fixedOnly(words: string): string | undefined {
  return words.startsWith("fixed ") ? words.slice("fixed ".length) : undefined;
}

function readTruths(lines: readonly string[]): readonly Truth[] {
  return readStatement(lines.map((words) => ({ words, line: 1 }))).truths;
}

function topicOf(truth: Truth): string {
  const backend = "backend" in truth && truth.backend !== "strict" ? ` ${truth.backend}` : "";
  const header = "header" in truth ? ` ${truth.header}` : "";
  return `${truth.kind} ${truth.target}${backend}${header}`;
}

/** What is wrong with a fixed fixture that says too little. */
export function findUnprovenFix(fixture: Fixture): string | undefined {
  const proven = fixture.statement.truths.some(({ kind }) => kind === "handshake");
  if (proven) return undefined;
  return 'no handshake proves the fixed text: write "#: fixed handshake PATH 101" into the fixture it is made from';
}
