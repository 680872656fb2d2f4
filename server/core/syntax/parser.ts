import { reportByteOrderMark } from "./byte-order-mark.ts";
import { BOM, CLOSE_BRACE, CR, DOUBLE_QUOTE, endOfLine, HASH, LF, QUOTE, SPACE, TAB } from "./characters.ts";
import { FILE_START } from "./columns.ts";
import { BUFFER_BYTES, firstTenBytes, overrunsBuffer, SHORT_TOKEN_UNITS } from "./limits.ts";
import { recoverAfterQuote, recoverOpenQuote } from "./quotes.ts";
import { Reading, type Surroundings } from "./reading.ts";
import { BEGINNINGS, Begins, endOfConsumed, endOfWord, findClosingQuote, mayFollowQuote } from "./scan.ts";
import type { ParsedSegment } from "./segment.ts";
import { Cutter } from "./segments.ts";
import { Statements } from "./statements.ts";
import { packToken, TokenKind } from "./token.ts";

export { isDataBlock } from "./data-blocks.ts";

// Reads nginx configuration as ngx_conf_read_token() and ngx_conf_parse() (src/core/ngx_conf_file.c) do, in one pass
// and without recursion, and goes on after an error where nginx stops. Here are the tokens; statements.ts makes
// statements and blocks of them, and segments.ts cuts the result into pieces. Recovery has its own files: quotes.ts,
// missing-semicolon.ts, braces.ts.

/** What reading a piece of text gives. */
export interface Parsed {
  readonly segments: readonly ParsedSegment[];
  /** Whether the text ends at a boundary, so that what follows cannot change how it was read. */
  readonly complete: boolean;
}

/** Reads text that starts at a statement boundary. */
export function parse(text: string, surroundings: Surroundings): Parsed {
  return new Parser(text, surroundings).run(surroundings);
}

class Parser {
  private readonly text: string;
  private readonly reading: Reading;
  private readonly cutter: Cutter;
  private readonly statements: Statements;

  constructor(text: string, surroundings: Surroundings) {
    this.text = text;
    this.reading = new Reading(text, surroundings);
    this.cutter = new Cutter(this.reading);
    this.statements = new Statements(this.reading, this.cutter);
  }

  run({ before }: Surroundings): Parsed {
    const { text, reading } = this;
    const { length } = text;
    let at = before === FILE_START && text.charCodeAt(0) === BOM ? this.readByteOrderMark() : 0;
    while (at < length) {
      const code = text.charCodeAt(at);
      switch (BEGINNINGS[code]) {
        case Begins.Word:
          at = this.readWord(at);
          break;
        case Begins.Space:
          at = this.readSpace(at);
          break;
        case Begins.Semicolon:
          at = this.statements.endSimple(at);
          break;
        case Begins.Quote:
          at = this.readQuoted(at, code);
          break;
        case Begins.Open:
          at = this.statements.openBlock(at);
          break;
        case Begins.Close:
          at = this.statements.closeBlock(at);
          break;
        default:
          at = this.readComment(at);
      }
    }
    const isFinished = this.statements.finish();
    this.cutter.finish(length);
    return { segments: this.cutter.segments(), complete: isFinished && reading.reach <= length };
  }

  private readSpace(start: number): number {
    const { text, reading } = this;
    const { length } = text;
    let at = start;
    let lineStart = -1;
    while (at < length) {
      const code = text.charCodeAt(at);
      if (code !== SPACE) {
        if (code === LF) lineStart = at + 1;
        else if (code !== TAB && code !== CR) break;
      }
      at++;
    }
    reading.tokens.push(packToken(start, TokenKind.Space));
    if (lineStart >= 0) {
      reading.spansLines = true;
      reading.lineStart = lineStart;
      reading.indentEnd = at;
      this.cutter.endLine(start, at);
    } else if (reading.indentEnd === start) {
      reading.indentEnd = at;
    }
    return at;
  }

  private readComment(start: number): number {
    const { text, reading } = this;
    const end = endOfLine(text, start);
    if (end === text.length) reading.lookAt(end);
    reading.tokens.push(packToken(start, TokenKind.Comment));
    // The line feed after a comment starts nginx's count anew.
    this.checkLength(start, start, end, end);
    return end;
  }

  private readWord(start: number): number {
    const { text, reading } = this;
    const end = endOfWord(text, start);
    this.statements.begin(start, end);
    reading.tokens.push(packToken(start, TokenKind.Word));
    if (end - start >= SHORT_TOKEN_UNITS) this.checkLength(start, start, endOfConsumed(text, end), end);
    return end;
  }

  private readQuoted(start: number, quote: number): number {
    const { text, reading } = this;
    this.statements.begin(start, start);
    reading.tokens.push(packToken(start, quote === QUOTE ? TokenKind.SingleQuoted : TokenKind.DoubleQuoted));
    // nginx gives up when its buffer is full, so there is no need to look further than that many units.
    const limit = Math.min(text.length, start + 1 + BUFFER_BYTES);
    const close = findClosingQuote(text, start + 1, limit, quote);
    if (close < 0 || overrunsBuffer(text, start + 1, close)) return recoverOpenQuote(reading, start, limit);
    const end = close + 1;
    if (end - start >= SHORT_TOKEN_UNITS) this.checkLength(start + 1, start, endOfConsumed(text, end), end);
    if (end === text.length || mayFollowQuote(text.charCodeAt(end))) return end;
    return recoverAfterQuote(reading, start, end);
  }

  private readByteOrderMark(): number {
    const { text, reading } = this;
    reading.tokens.push(packToken(0, TokenKind.Junk));
    reportByteOrderMark(reading);
    const next = text.charCodeAt(1);
    // For nginx the mark begins a word, so that a quote right after it is a plain character.
    return next === DOUBLE_QUOTE || next === QUOTE || next === CLOSE_BRACE ? this.readWord(1) : 1;
  }

  /** Reports a token that nginx's buffer cannot hold: it counts from `counted`, and reads up to `consumed`. */
  private checkLength(counted: number, start: number, consumed: number, end: number): void {
    if (end - start < SHORT_TOKEN_UNITS || !overrunsBuffer(this.text, counted, consumed)) return;
    const what = this.text.charCodeAt(start) === HASH ? "comment" : "parameter";
    this.reading.report({
      message: `too long parameter "${firstTenBytes(this.text, counted)}..." started`,
      advice: `nginx reads at most ${BUFFER_BYTES} bytes at a time, and this ${what} is longer`,
      start,
      end,
      stop: start,
    });
  }
}
