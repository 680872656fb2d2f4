import { readTruth, type Truth } from "./truth-forms.ts";

/** Where a fixture's text stands in a configuration. */
export type FixtureContext = "main" | "http" | "server" | "location";

/** The nginx versions that truths hold for. */
export interface VersionLimit {
  readonly comparison: ">=" | "<";
  readonly version: string;
}

/** What a fixture states about itself. */
export interface Statement {
  readonly context: FixtureContext;
  /** The nginxVersion setting of the analyser; empty when unknown. */
  readonly version: string;
  readonly limits: readonly VersionLimit[];
  /** The verdict of `nginx -t`: a piece of the message it fails with, or nothing when it accepts the file. */
  readonly fails?: string;
  /** Whether the usual map of `$connection_upgrade` stands around the text. */
  readonly withMap: boolean;
  readonly truths: readonly Truth[];
  /** Lines that could not be understood, in plain words. */
  readonly mistakes: readonly string[];
}

/** A truth line as written: its words behind `#:`, and its 1-based line. */
export interface TruthLine {
  readonly words: string;
  readonly line: number;
}

/** Matches a truth line. */
export const truthLine = /^\s*#:\s*(.*?)\s*$/;

/** The truth lines of a text. */
export function findTruthLines(text: string): TruthLine[] {
  const found: TruthLine[] = [];
  for (const [index, content] of text.split("\n").entries()) {
    const words = truthLine.exec(content)?.[1];
    if (words !== undefined) found.push({ words, line: index + 1 });
  }
  return found;
}

/**
 * Understands truth lines; what can be stated about a running nginx is listed in truth-forms.ts. Besides:
 * - a PATH is `/path`, which goes to the first `listen` of the root file with `Host: localhost`, or a whole URL
 *   (`https://app.example.com/ws`) where the scheme's port or the written one picks the `listen`;
 * - the status 444 means that the connection is closed without an answer;
 * - `fixed TRUTH` holds for the fixed copy only;
 * - `with map` puts `map $http_upgrade $connection_upgrade { default upgrade; '' ''; }` around a text whose context is
 *   server or location.
 */
export function readStatement(lines: readonly TruthLine[]): Statement {
  let context: FixtureContext = "http";
  let version = "";
  let fails: string | undefined;
  let withMap = false;
  const limits: VersionLimit[] = [];
  const truths: Truth[] = [];
  const mistakes: string[] = [];
  for (const { words, line } of lines) {
    const [kind, first, second] = words.split(/\s+/);
    const limit = /^nginx\s+(>=|<)\s*(\d+\.\d+\.\d+)$/.exec(words);
    const failure = /^nginx\s+fails\s+(.+)$/.exec(words);
    const truth = readWords(words, line);
    if (truth !== undefined) truths.push(truth);
    else if (kind === "context" && isContext(first)) context = first;
    else if (kind === "version" && /^\d+\.\d+\.\d+$/.test(first ?? "")) version = first!;
    else if (limit) limits.push({ comparison: limit[1] as ">=" | "<", version: limit[2]! });
    else if (failure) fails = failure[1]!;
    else if (kind === "with" && first === "map" && second === undefined) withMap = true;
    else if (kind === "fixed" && readWords(words.slice("fixed ".length), line)) continue;
    else if (words !== "nginx ok") mistakes.push(`line ${line}: "#: ${words}" is no truth of the fixture format`);
  }
  if (fails !== undefined && truths.length > 0) {
    mistakes.push(`line ${truths[0]!.line}: nothing can be asked of an nginx that does not start ("nginx fails")`);
  }
  return { context, version, limits, withMap, truths, mistakes, ...(fails === undefined ? {} : { fails }) };
}

function isContext(word: string | undefined): word is FixtureContext {
  return word === "main" || word === "http" || word === "server" || word === "location";
}

function readWords(words: string, line: number): Truth | undefined {
  const [, name, written] = /^(\S+)\s+(.*)$/.exec(words) ?? [];
  return readTruth(name ?? "", written ?? "", " ", line);
}
