import { endOfLine } from "./characters.ts";
import { columnIn, NOT_BLANK } from "./columns.ts";
import type { Mistake } from "./mistake.ts";
import { STATEMENT_STRIDE, StatementField } from "./segment.ts";
import { Tape } from "./tape.ts";
import { isParameter, TokenKind, tokenKind, tokenStart } from "./token.ts";

/** A piece with more mistakes than this is not nginx configuration; the first ones say so. */
const MAX_ERRORS = 1000;

/** What surrounds a piece of text that is read alone. */
export interface Surroundings {
  /** Whether the file ends where the text does. */
  readonly isEnd: boolean;
  /** What stands before the text on its line: so many spaces, or `NOT_BLANK`, or `FILE_START`. */
  readonly before: number;
}

// Shared between readings, which are synchronous and never nested.
const tokenTape = new Tape();
const statementTape = new Tape();

/** One run of the parser over a piece of text: what it has read so far, for its parts to share. */
export class Reading {
  readonly text: string;
  readonly isEnd: boolean;
  readonly before: number;
  readonly tokens = tokenTape;
  readonly statements = statementTape;
  readonly errors: Mistake[] = [];
  /** Statement indexes of the open blocks, outermost first. */
  readonly open: number[] = [];
  /** The column of each open block's name; −1 when it does not begin its line. */
  readonly columns: number[] = [];
  /** The first of `columns`. */
  outerColumn = -1;
  /** How many blocks were open when a block of data lines (`map`, `types`, …) began, itself included; 0 outside. */
  dataDepth = 0;
  /** Index of the current statement, −1 between statements. */
  current = -1;
  /** The column of the current statement's name; −1 when it does not begin its line. */
  column = -1;
  /** Whether the current statement runs over several lines: only then can a `;` be missing inside it. */
  spansLines = false;
  /** Where the line began that the last spaces lead to, and where they ended. */
  lineStart: number;
  indentEnd: number;
  /** What has been read depends on the text up to here; infinite when it depends on all that may follow. */
  reach = 0;

  private furthestStop = 0;
  private knownLineFrom = 0;
  private knownLineEnd = -1;

  constructor(text: string, { isEnd, before }: Surroundings) {
    this.text = text;
    this.isEnd = isEnd;
    this.before = before;
    this.tokens.reset(text.length >> 1);
    this.statements.reset(text.length >> 2);
    this.lineStart = -Math.max(0, before);
    this.indentEnd = before === NOT_BLANK ? -1 : 0;
  }

  /** Records a mistake. nginx does not come to one that it would meet before the stop of an earlier one. */
  report(error: Mistake): void {
    this.lookAt(error.stop);
    this.furthestStop = Math.max(this.furthestStop, error.stop);
    if (this.errors.length < MAX_ERRORS) this.errors.push({ ...error, stop: this.furthestStop });
  }

  /** Remembers that the text up to an offset decided something. */
  lookAt(offset: number): void {
    const reached = offset >= this.text.length ? Number.POSITIVE_INFINITY : offset + 1;
    if (reached > this.reach) this.reach = reached;
  }

  /** The offset of the line feed that ends the line an offset is on, or of the text's end. */
  endOfLine(offset: number): number {
    // Kept, because a line may hold a million mistakes.
    if (offset < this.knownLineFrom || offset > this.knownLineEnd) {
      this.knownLineFrom = offset;
      this.knownLineEnd = endOfLine(this.text, offset);
    }
    return this.knownLineEnd;
  }

  /** The number of statements read so far. */
  get statementCount(): number {
    return this.statements.length / STATEMENT_STRIDE;
  }

  /** Adds a statement whose name is the given token; gives its index. */
  pushStatement(nameToken: number): number {
    const index = this.statementCount;
    this.statements.pushStatement(nameToken);
    return index;
  }

  /** A field of a statement. */
  field(statement: number, field: number): number {
    return this.statements.at(statement * STATEMENT_STRIDE + field);
  }

  /** Sets a field of a statement. */
  setField(statement: number, field: number, value: number): void {
    this.statements.items[statement * STATEMENT_STRIDE + field] = value;
  }

  /** Where a statement begins. */
  startOf(statement: number): number {
    return tokenStart(this.tokens.at(this.field(statement, StatementField.Name)));
  }

  /** The first word of a statement, without its quotes; empty for a block without a name. */
  nameOf(statement: number): string {
    const token = this.field(statement, StatementField.Name);
    return token + 1 < this.tokens.length ? this.wordAt(token) : "";
  }

  /** Where a token ends; that of the last one is only known at the end of the text. */
  tokenEnd(token: number): number {
    return token + 1 < this.tokens.length ? tokenStart(this.tokens.at(token + 1)) : this.text.length;
  }

  /** The text of a parameter token that is not the last one, without its quotes; empty for other tokens. */
  wordAt(token: number): string {
    const packed = this.tokens.at(token);
    const kind = tokenKind(packed);
    if (kind === TokenKind.Word) return this.text.slice(tokenStart(packed), this.tokenEnd(token));
    return isParameter(kind) ? this.text.slice(tokenStart(packed) + 1, this.tokenEnd(token) - 1) : "";
  }

  /** The last parameter token before another token. */
  lastParameterBefore(token: number): number {
    let before = token - 1;
    while (before > 0 && !isParameter(tokenKind(this.tokens.at(before)))) before--;
    return before;
  }

  /** The end of the last parameter before an offset, which is the end of the last token. */
  lastParameterEnd(before: number): number {
    const last = this.lastParameterBefore(this.tokens.length);
    return last + 1 < this.tokens.length ? this.tokenEnd(last) : before;
  }

  /** The column of something that begins its line; −1 when it does not. */
  columnOf(offset: number): number {
    return columnIn(this.text, offset, this.before);
  }

  /** Whether a token stands first on its line. */
  beginsLine(token: number): boolean {
    return this.columnOf(tokenStart(this.tokens.at(token))) >= 0;
  }
}
