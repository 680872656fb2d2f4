import { type BackendKind, backendKinds } from "./backend.ts";

/** Where a fixture's text stands in a configuration. */
export type FixtureContext = "main" | "http" | "server" | "location";

/** Something that can be observed on a running nginx; `line` is 1-based. */
export type Truth =
  | {
      readonly kind: "handshake" | "get";
      readonly target: string;
      readonly status: number;
      readonly backend: BackendKind;
      readonly line: number;
    }
  | {
      readonly kind: "receives" | "receives-get";
      readonly target: string;
      readonly header: string;
      readonly value: string;
      readonly line: number;
    }
  | { readonly kind: "closes" | "stays"; readonly target: string; readonly seconds: number; readonly line: number };

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
 * Understands truth lines. Besides those of the format:
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
    const truth = readTruth(words, line);
    if (truth !== undefined) truths.push(truth);
    else if (kind === "context" && isContext(first)) context = first;
    else if (kind === "version" && /^\d+\.\d+\.\d+$/.test(first ?? "")) version = first!;
    else if (limit) limits.push({ comparison: limit[1] as ">=" | "<", version: limit[2]! });
    else if (failure) fails = failure[1]!;
    else if (kind === "with" && first === "map" && second === undefined) withMap = true;
    else if (kind === "fixed" && readTruth(words.slice("fixed ".length), line)) continue;
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

function readTruth(words: string, line: number): Truth | undefined {
  const exchange = /^(handshake|get)\s+(\S+)\s+(\d{3})(?:\s+(\S+))?$/.exec(words);
  if (exchange) {
    const backend = (exchange[4] ?? "strict") as BackendKind;
    if (!backendKinds.includes(backend)) return undefined;
    const kind = exchange[1] as "handshake" | "get";
    return { kind, target: exchange[2]!, status: Number(exchange[3]), backend, line };
  }
  const received = /^(receives|receives-get)\s+(\S+)\s+([\w-]+):\s*(.*)$/.exec(words);
  if (received) {
    const kind = received[1] as "receives" | "receives-get";
    return { kind, target: received[2]!, header: received[3]!, value: received[4]!, line };
  }
  const idle = /^(closes|stays)\s+(\S+)\s+(\d+(?:\.\d+)?)$/.exec(words);
  if (idle) return { kind: idle[1] as "closes" | "stays", target: idle[2]!, seconds: Number(idle[3]), line };
  return undefined;
}

/** Says a truth as its fixture says it. */
export function sayTruth(truth: Truth): string {
  const start = `${truth.kind} ${truth.target}`;
  switch (truth.kind) {
    case "handshake":
    case "get":
      return `${start} ${truth.status}${truth.backend === "strict" ? "" : ` ${truth.backend}`}`;
    case "receives":
    case "receives-get":
      return `${start} ${truth.header}: ${truth.value}`.trimEnd();
    case "closes":
    case "stays":
      return `${start} ${truth.seconds}`;
  }
}

/** The backend a truth needs. */
export function backendOf(truth: Truth): BackendKind {
  return truth.kind === "handshake" || truth.kind === "get" ? truth.backend : "strict";
}
