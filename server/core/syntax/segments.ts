import type { Mistake } from "./mistake.ts";
import type { Reading } from "./reading.ts";
import { type ParsedSegment, STATEMENT_STRIDE, StatementField } from "./segment.ts";
import { packToken, TokenKind, tokenKind } from "./token.ts";

/** Units after which a segment ends at the next boundary: an edit reads so much again, and a segment costs memory. */
const SEGMENT_UNITS = 2048;

/** Where a segment ends. */
interface Cut {
  readonly end: number;
  readonly token: number;
  readonly statement: number;
  readonly kind: ParsedSegment["kind"];
  readonly dependsOnNext: boolean;
}

/**
 * Decides where a text falls apart into segments: at statement boundaries outside every block, or directly inside
 * `http`, `stream` or `mail`. At such a boundary the lexer has no state, so a segment can be read again alone.
 */
export class Cutter {
  private readonly reading: Reading;
  private readonly cuts: Cut[] = [];
  /** The last statement boundary. */
  private boundary = 0;
  private boundaryToken = 0;
  private boundaryStatement = 0;
  private segmentStart = 0;
  /** Whether the last statement outside every block was a server. */
  private isServer = false;
  /** Whether the rest of the line (a comment, the line feed) still belongs to the segment before the boundary. */
  private lineIsOpen = false;

  constructor(reading: Reading) {
    this.reading = reading;
  }

  /**
   * A statement begins outside every block: a segment that is long enough ends before it. Servers share no segment with
   * anything else, so that editing one leaves the maps and upstreams beside it as they are.
   */
  beforeStatement(start: number, wordEnd: number): void {
    this.lineIsOpen = false;
    const isServer = wordEnd - start === 6 && this.reading.text.startsWith("server", start);
    if (this.boundary - this.segmentStart >= SEGMENT_UNITS || isServer !== this.isServer) this.cut("plain");
    this.isServer = isServer;
  }

  /** A statement has ended; the rest of its line belongs to it. */
  afterStatement(offset: number): void {
    this.mark(offset, this.reading.tokens.length);
    this.lineIsOpen = true;
  }

  /** A space that holds a line feed was read, as the last token: the segment may end after the first line feed. */
  endLine(start: number, end: number): void {
    if (!this.lineIsOpen) return;
    this.lineIsOpen = false;
    const { tokens, text } = this.reading;
    this.boundary = text.indexOf("\n", start) + 1;
    this.boundaryToken = tokens.length;
    if (this.boundary < end) tokens.push(packToken(this.boundary, TokenKind.Space));
  }

  /** The head of a container has just been read: it is a segment of its own. */
  openContainer(statement: number, offset: number): void {
    const { reading } = this;
    // After a missing `;` the head may stand in the middle of what was read as one statement.
    if (this.boundaryStatement < statement) {
      this.boundary = reading.startOf(statement);
      this.boundaryToken = reading.field(statement, StatementField.Name);
      this.boundaryStatement = statement;
    }
    this.cut("plain");
    this.mark(offset, reading.tokens.length);
    this.cut("open");
  }

  /** A brace outside every block: it closes a container, or nothing. Braces in a row share one segment. */
  closeContainer(start: number): void {
    const { tokens } = this.reading;
    if (this.isRightAfterClose()) {
      this.segmentStart = this.cuts.at(-2)?.end ?? 0;
      this.cuts.pop();
    } else {
      this.cut("plain");
    }
    tokens.push(packToken(start, TokenKind.Close));
    this.mark(start + 1, tokens.length);
    this.cut("close");
  }

  /** Ends the segment right before an offset that is a statement's start. */
  cutAt(offset: number): void {
    this.mark(offset, this.reading.tokens.length);
    this.cut("plain");
  }

  /** Ends the last segment. */
  finish(length: number): void {
    this.mark(length, this.reading.tokens.length);
    this.cut("plain");
  }

  private isRightAfterClose(): boolean {
    const last = this.cuts.at(-1);
    if (last?.kind !== "close" || last.statement !== this.reading.statementCount) return false;
    const { tokens } = this.reading;
    for (let token = last.token; token < tokens.length; token++) {
      if (tokenKind(tokens.at(token)) !== TokenKind.Space) return false;
    }
    return true;
  }

  private mark(offset: number, token: number): void {
    this.boundary = offset;
    this.boundaryToken = token;
    this.boundaryStatement = this.reading.statementCount;
    this.lineIsOpen = false;
  }

  private cut(kind: ParsedSegment["kind"]): void {
    if (this.boundary === this.segmentStart) return;
    const { boundary: end, boundaryToken: token, boundaryStatement: statement } = this;
    this.cuts.push({ end, token, statement, kind, dependsOnNext: this.reading.reach > end });
    this.segmentStart = end;
  }

  /** The segments; their offsets, tokens and statements count from their own start. */
  segments(): ParsedSegment[] {
    const { text, tokens, statements } = this.reading;
    const errors = this.errorsByCut();
    // One buffer for all: thousands of small ones would take more memory than what is in them.
    const allTokens = tokens.take();
    const allStatements = statements.take();
    const segments: ParsedSegment[] = [];
    let start = 0;
    let token = 0;
    let statement = 0;
    for (const cut of this.cuts) {
      const segmentStart = start;
      segments.push({
        kind: cut.kind,
        dependsOnNext: cut.dependsOnNext,
        text: text.slice(start, cut.end),
        tokens: rebaseTokens(allTokens, token, cut.token, start),
        statements: rebaseStatements(allStatements, statement, cut.statement, token),
        errors: errors.get(cut)?.map((error) => rebase(error, segmentStart)) ?? NO_ERRORS,
      });
      start = cut.end;
      token = cut.token;
      statement = cut.statement;
    }
    return segments;
  }

  /** The errors of each segment, as they were met. */
  private errorsByCut(): ReadonlyMap<Cut, Mistake[]> {
    const byCut = new Map<Cut, Mistake[]>();
    for (const error of this.reading.errors) {
      let low = 0;
      let high = this.cuts.length - 1;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((this.cuts[middle] as Cut).end <= error.start) low = middle + 1;
        else high = middle;
      }
      const cut = this.cuts[low] as Cut;
      const known = byCut.get(cut);
      if (known) known.push(error);
      else byCut.set(cut, [error]);
    }
    return byCut;
  }
}

const NO_ERRORS: readonly Mistake[] = [];

function rebaseTokens(all: Int32Array, first: number, last: number, base: number): Int32Array {
  const shift = packToken(base, 0);
  for (let index = first; index < last; index++) all[index] = (all[index] as number) - shift;
  return viewOf(all, first, last);
}

function rebaseStatements(all: Int32Array, first: number, last: number, token: number): Int32Array {
  const from = first * STATEMENT_STRIDE;
  const to = last * STATEMENT_STRIDE;
  for (let at = from; at < to; at += STATEMENT_STRIDE) {
    all[at + StatementField.Name] = (all[at + StatementField.Name] as number) - token;
    const end = all[at + StatementField.End] as number;
    if (end >= 0) all[at + StatementField.End] = end - token;
    const close = all[at + StatementField.Close] as number;
    if (close >= 0) all[at + StatementField.Close] = close - token;
    all[at + StatementField.Next] = (all[at + StatementField.Next] as number) - first;
  }
  return viewOf(all, from, to);
}

/** What `subarray` gives, which takes longer. */
function viewOf(all: Int32Array, from: number, to: number): Int32Array {
  return new Int32Array(all.buffer as ArrayBuffer, from * Int32Array.BYTES_PER_ELEMENT, to - from);
}

function rebase(error: Mistake, base: number): Mistake {
  const { insert } = error;
  const shifted = { ...error, start: error.start - base, end: error.end - base, stop: error.stop - base };
  return insert ? { ...shifted, insert: { ...insert, at: insert.at - base } } : shifted;
}
