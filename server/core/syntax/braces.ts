import { allowedIn, type Context, isDirective } from "../nginx/directives.ts";
import { endOfLine, HASH, isSpace, OPEN_BRACE } from "./characters.ts";
import { columnIn } from "./columns.ts";
import { overrunsBuffer } from "./limits.ts";
import type { Mistake } from "./mistake.ts";
import type { Reading } from "./reading.ts";
import { endOfWord, findStatementEnd } from "./scan.ts";
import { STATEMENT_STRIDE, StatementField } from "./segment.ts";
import { tokenStart } from "./token.ts";

// Recovery from braces that do not pair up. nginx counts them and complains at the end, or about a directive in the
// wrong block; people indent, and that shows where the mistake is.

/** Blocks that begin a new part of a configuration; none of them can stand in the blocks they follow. */
const LANDMARKS = new Set(["server", "upstream", "map", "http", "events", "stream", "mail"]);

/** Landmarks that people also write into a server by mistake, where only the indentation shows what was meant. */
const MISPLACED = new Set(["upstream", "map"]);

/** What nginx says about a landmark inside a block that should have been closed, and where it stops. */
export interface ForgottenBrace {
  readonly message: string;
  readonly stop: number;
}

/** Looks whether a word on a line of its own, not further right than the outermost open block, is a new part. */
export function findForgottenBrace(reading: Reading, start: number, wordEnd: number): ForgottenBrace | undefined {
  const { text, open } = reading;
  if (wordEnd - start > 8) return undefined;
  const word = text.slice(start, wordEnd);
  if (!LANDMARKS.has(word) || !isDirective(reading.nameOf(open[0] as number))) return undefined;
  if (MISPLACED.has(word) && !isIndented(reading, open[0] as number)) return undefined;
  const { end, problem } = findStatementEnd(text, wordEnd);
  reading.lookAt(end);
  if (problem || text.charCodeAt(end) !== OPEN_BRACE) return undefined;
  return { message: explainLandmark(reading, word), stop: end };
}

/** Whether what stands in a block stands further right than the block: whether indentation says anything here. */
function isIndented(reading: Reading, block: number): boolean {
  const first = block + 1;
  if (first * STATEMENT_STRIDE >= reading.statements.length) return true;
  return reading.columnOf(reading.startOf(first)) > reading.columnOf(reading.startOf(block));
}

function explainLandmark(reading: Reading, word: string): string {
  if (reading.dataDepth > 0) return 'unexpected "{"';
  const inner = reading.nameOf(reading.open.at(-1) as number);
  if (word === "server" && inner === "upstream") return 'directive "server" is not terminated by ";"';
  return `"${word}" directive is not allowed here`;
}

/** The contexts that a block of this name gives to what is in it. */
const CONTEXTS_IN: ReadonlyMap<string, readonly Context[]> = new Map<string, readonly Context[]>([
  ["events", ["events"]],
  ["server", ["server", "stream server", "mail server"]],
  ["location", ["location"]],
  ["upstream", ["upstream", "stream upstream"]],
  ["if", ["server if", "location if"]],
  ["limit_except", ["limit_except"]],
]);

/** Where a block of this name can stand: a file may be included anywhere. */
const CONTEXTS_OF: ReadonlyMap<string, readonly Context[]> = new Map<string, readonly Context[]>([
  ["events", ["main"]],
  ["server", ["http", "stream", "mail"]],
  ["location", ["server", "location"]],
  ["upstream", ["http", "stream"]],
  ["if", ["server", "location"]],
  ["limit_except", ["location"]],
]);

/**
 * Looks whether a `}` that stands further right than the block it closes is one too many: the directive after it has
 * to belong into that block and not after it, so that nginx will refuse it there.
 */
export function findExtraBrace(reading: Reading, start: number): Mistake | undefined {
  const { text, open } = reading;
  const block = reading.nameOf(open.at(-1) as number);
  const inside = CONTEXTS_IN.get(block);
  const outside = open.length > 1 ? CONTEXTS_IN.get(reading.nameOf(open.at(-2) as number)) : CONTEXTS_OF.get(block);
  if (!inside || !outside) return undefined;
  const next = skipBlank(text, start + 1);
  if (next === undefined) return undefined;
  const wordEnd = endOfWord(text, next);
  reading.lookAt(wordEnd);
  const name = text.slice(next, Math.min(wordEnd, next + 64));
  if (!isAllowed(name, inside) || isAllowed(name, outside)) return undefined;
  const { end: stop, problem } = findStatementEnd(text, wordEnd);
  reading.lookAt(stop);
  if (problem) return undefined;
  const message = `"${name}" directive is not allowed here`;
  return { message, advice: 'this "}" is one too many: it closes a block too early', start, end: start + 1, stop };
}

function isAllowed(name: string, where: readonly Context[]): boolean {
  return where.some((context) => allowedIn(name, context) === true);
}

/** After spaces and comments; undefined when nginx cannot read one of them. */
function skipBlank(text: string, from: number): number | undefined {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === HASH) {
      const end = endOfLine(text, at);
      if (overrunsBuffer(text, at, end)) return undefined;
      at = end;
    } else if (isSpace(code)) at++;
    else break;
  }
  return at;
}

/** Statements with their tokens and text. */
export interface StatementView {
  readonly text: string;
  readonly tokens: Int32Array;
  readonly statements: Int32Array;
  /** What stands before the text on its line, as `Surroundings` has it. */
  readonly before: number;
}

/** Among the statements `[from, to)`, the block whose `}` stands left of it, the first to end; −1 when none does. */
export function findUnclosedBlock(view: StatementView, from: number, to: number): number {
  return findMismatch(view, from, to, -1);
}

/** Among the statements `[from, to)`, the block whose `}` stands right of it, the first to end; −1 when none does. */
export function findBlockClosedEarly(view: StatementView, from: number, to: number): number {
  return findMismatch(view, from, to, 1);
}

function findMismatch(view: StatementView, from: number, to: number, sign: number): number {
  let found = -1;
  let earliest = Number.POSITIVE_INFINITY;
  for (let statement = from; statement < to; statement++) {
    const close = closeOf(view, statement);
    if (close < 0 || close >= earliest || Math.sign(compareColumns(view, statement, close)) !== sign) continue;
    found = statement;
    earliest = close;
  }
  return found;
}

function closeOf({ statements }: StatementView, statement: number): number {
  return statements[statement * STATEMENT_STRIDE + StatementField.Close] as number;
}

/** By how much the brace that closes a block stands further right; 0 when one of them does not begin its line. */
function compareColumns({ text, tokens, statements, before }: StatementView, statement: number, close: number): number {
  const name = statements[statement * STATEMENT_STRIDE + StatementField.Name] as number;
  const opener = columnIn(text, tokenStart(tokens[name] as number), before);
  const closer = columnIn(text, tokenStart(tokens[close] as number), before);
  return opener < 0 || closer < 0 ? 0 : closer - opener;
}

/** Whether a directive of this name cannot stand outside every block. */
export function isRefusedInMain(name: string): boolean {
  return allowedIn(name, "main") === false;
}
