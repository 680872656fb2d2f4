import { acceptsShape, isDirective } from '../nginx/directives.ts';
import { findLuaBlockEnd } from './lua.ts';
import { BUFFER_BYTES, overrunsBuffer, SHORT_TOKEN_UNITS } from './limits.ts';
import { type ParsedSegment, STATEMENT_STRIDE, StatementField } from './segment.ts';
import type { SyntaxError } from './syntax-error.ts';
import { Tape } from './tape.ts';
import { isParameter, packToken, TokenKind, tokenKind, tokenStart } from './token.ts';

// Reads nginx configuration as ngx_conf_read_token() and ngx_conf_parse() (src/core/ngx_conf_file.c) do, in one pass
// and without recursion, and goes on after an error where nginx stops.
//
// The result is a list of segments: pieces of text that begin and end at a statement boundary outside every block, or
// directly inside `http`, `stream` or `mail`. At such a boundary the lexer has no state, so a segment can be read
// again alone when only its text changed.

const LF = 0x0a;
const CR = 0x0d;
const TAB = 0x09;
const SPACE = 0x20;
const HASH = 0x23;
const DOLLAR = 0x24;
const DOUBLE_QUOTE = 0x22;
const QUOTE = 0x27;
const CLOSE_PAREN = 0x29;
const SEMICOLON = 0x3b;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const BOM = 0xfeff;

/** Units after which a segment ends at the next boundary. */
const SEGMENT_UNITS = 1024;

/** A file with more mistakes than this is not nginx configuration; the first ones say so. */
const MAX_ERRORS = 1000;

/** 1 for the ASCII characters that an unquoted word does not simply run over. */
const WORD_STOP = new Uint8Array(128);
for (const code of [LF, CR, TAB, SPACE, SEMICOLON, OPEN_BRACE, BACKSLASH, DOLLAR]) WORD_STOP[code] = 1;

/** Blocks whose children become segments of their own. */
const CONTAINERS = new Set(['http', 'stream', 'mail']);

/** Blocks whose lines are data for a handler of their own, not directives. */
const DATA_BLOCKS = new Set(['map', 'geo', 'types', 'split_clients', 'charset_map']);

/** Whether a block holds data lines (`map`, `types`, …) instead of directives. */
export function isDataBlock(name: string): boolean {
  return DATA_BLOCKS.has(name);
}

/** What reading a piece of text gives. */
export interface Parsed {
  readonly segments: readonly ParsedSegment[];
  /** Whether the text ends at a boundary, so that what follows cannot change how it was read. */
  readonly complete: boolean;
}

/** Reads text that starts at a statement boundary. `isEnd` says whether the file ends where the text does. */
export function parse(text: string, isEnd: boolean): Parsed {
  return new Parser(text, isEnd).run();
}

// Shared between runs, which are synchronous and never nested.
const tokenTape = new Tape(1 << 14);
const statementTape = new Tape(1 << 13);

interface Cut {
  readonly end: number;
  readonly token: number;
  readonly statement: number;
  readonly kind: ParsedSegment['kind'];
  readonly dependsOnNext: boolean;
}

class Parser {
  private readonly text: string;
  private readonly isEnd: boolean;
  private readonly tokens = tokenTape;
  private readonly statements = statementTape;
  private readonly errors: SyntaxError[] = [];
  /** Statement indexes of the open blocks, outermost first. */
  private readonly open: number[] = [];
  private readonly cuts: Cut[] = [];
  private at = 0;
  /** Index of the current statement, −1 between statements. */
  private current = -1;
  /** Whether the current statement runs over several lines: only then can a `;` be missing inside it. */
  private spansLines = false;
  /** How many open blocks hold data lines. */
  private dataBlocks = 0;
  /** Whether the answer could change with more text. */
  private lookedAtEnd = false;
  /** The last statement boundary at segment level. */
  private boundary = 0;
  private boundaryToken = 0;
  private boundaryStatement = 0;
  /** Whether the rest of the line (a comment, the line feed) still belongs to the segment before the boundary. */
  private boundaryOpen = false;
  private segmentStart = 0;

  constructor(text: string, isEnd: boolean) {
    this.text = text;
    this.isEnd = isEnd;
    this.tokens.reset();
    this.statements.reset();
  }

  run(): Parsed {
    const { text } = this;
    while (this.at < text.length) {
      const code = text.charCodeAt(this.at);
      if (code === SPACE || code === LF || code === TAB || code === CR) this.readSpace();
      else if (code === HASH) this.readComment();
      else if (code === SEMICOLON) this.readSemicolon();
      else if (code === OPEN_BRACE) this.readOpen();
      else if (code === CLOSE_BRACE) this.readClose();
      else if (code === DOUBLE_QUOTE || code === QUOTE) this.readQuoted(code);
      else if (code === BOM && this.current < 0) this.readBom();
      else this.readWord();
    }
    const complete = this.finish();
    return { segments: this.slice(), complete };
  }

  // ── tokens ──

  private readSpace(): void {
    const { text } = this;
    const start = this.at;
    let at = start;
    let lineFeed = -1;
    for (; ; at++) {
      const code = text.charCodeAt(at);
      if (code === LF) {
        if (lineFeed < 0) lineFeed = at;
      } else if (code !== SPACE && code !== TAB && code !== CR) break;
    }
    this.at = at;
    this.tokens.push(packToken(start, TokenKind.Space));
    if (lineFeed < 0) return;
    if (this.current >= 0) this.spansLines = true;
    if (this.boundaryOpen) {
      if (lineFeed + 1 < at) this.tokens.push(packToken(lineFeed + 1, TokenKind.Space));
      this.setBoundary(lineFeed + 1, lineFeed + 1 < at ? this.tokens.length - 1 : this.tokens.length);
      this.boundaryOpen = false;
    }
  }

  private readComment(): void {
    const start = this.at;
    const lineFeed = this.text.indexOf('\n', start);
    const end = lineFeed < 0 ? this.text.length : lineFeed;
    if (lineFeed < 0) this.lookedAtEnd = true;
    this.tokens.push(packToken(start, TokenKind.Comment));
    this.at = end;
    this.checkLength(start, start, lineFeed < 0 ? end : end + 1, end);
  }

  private readWord(): void {
    const { text } = this;
    const start = this.at;
    let at = start;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code > 127 || WORD_STOP[code] === 0) {
        at++;
      } else if (code === BACKSLASH) {
        at += 2;
      } else if (code === DOLLAR) {
        // `${` protects the brace, and so does every further one.
        at++;
        while (text.charCodeAt(at) === OPEN_BRACE) at++;
      } else break;
    }
    if (at > text.length) at = text.length;
    this.at = at;
    this.beginStatement(start, at);
    this.tokens.push(packToken(start, TokenKind.Word));
    const terminator = text.charCodeAt(at);
    const consumed = terminator === SEMICOLON || terminator === OPEN_BRACE ? at : at + 1;
    this.checkLength(start, start, consumed, at);
  }

  private readQuoted(quote: number): void {
    const { text } = this;
    const start = this.at;
    let at = start + 1;
    // nginx gives up after its buffer, so there is no need to look further than that many units.
    const limit = Math.min(text.length, at + BUFFER_BYTES);
    let closed = false;
    while (at < limit) {
      const code = text.charCodeAt(at);
      if (code === BACKSLASH) at += 2;
      else if (code === quote) {
        closed = true;
        break;
      } else at++;
    }
    if (at >= text.length && !closed) this.lookedAtEnd = true;
    this.beginStatement(start, start);
    this.tokens.push(packToken(start, quote === QUOTE ? TokenKind.SingleQuoted : TokenKind.DoubleQuoted));
    if (!closed || overrunsBuffer(text, start + 1, at + 1)) {
      this.recoverOpenQuote(start, Math.min(at, text.length), closed);
      return;
    }
    this.at = at + 1;
    const next = text.charCodeAt(at + 1);
    if (next === SEMICOLON || next === OPEN_BRACE || next === CLOSE_PAREN) return;
    if (next === SPACE || next === TAB || next === LF || next === CR) {
      this.checkLength(start + 1, start, at + 2, at + 1);
      return;
    }
    if (at + 1 >= text.length) {
      this.lookedAtEnd = true;
      return;
    }
    this.reportAfterQuote(start, at + 1);
  }

  /** A quote that nothing closes: nginx reads to the end of its buffer or of the file. We go on after the line. */
  private recoverOpenQuote(start: number, reached: number, closed: boolean): void {
    const { text } = this;
    const character = text.charAt(start);
    const atEnd = !closed && reached >= text.length;
    if (atEnd && !this.isEnd) {
      this.at = text.length;
      return;
    }
    const overruns = overrunsBuffer(text, start + 1, Math.min(text.length, start + 1 + BUFFER_BYTES)) && !(atEnd && !overrunsBuffer(text, start + 1, text.length - 1));
    const end = this.endOfQuotedLine(start);
    this.at = end;
    this.report({
      message: overruns
        ? `too long parameter, probably missing terminating "${character}" character`
        : 'unexpected end of file, expecting ";" or "}"',
      advice: overruns && closed ? '' : `the quote that starts here is never closed`,
      start,
      end,
      stop: overruns ? start : text.length,
    });
  }

  private reportAfterQuote(start: number, next: number): void {
    const { text } = this;
    const lineEnd = text.indexOf('\n', start);
    const oneLine = lineEnd < 0 || lineEnd >= next;
    const found = String.fromCodePoint(text.codePointAt(next) ?? 0xfffd);
    if (oneLine) {
      this.report({ message: `unexpected "${found}"`, advice: 'after a closing quote only a space, ";", "{" or ")" may follow', start, end: next + found.length, stop: next });
      return;
    }
    const end = this.endOfQuotedLine(start);
    this.report({ message: `unexpected "${found}"`, advice: 'the quote that starts here is not closed on its line', start, end, stop: next });
    this.at = end;
  }

  /** The end of the line a quote stands in, before a `;` that ends the line. */
  private endOfQuotedLine(start: number): number {
    const { text } = this;
    const lineFeed = text.indexOf('\n', start);
    let end = lineFeed < 0 ? text.length : lineFeed;
    while (end > start + 1 && isSpace(text.charCodeAt(end - 1))) end--;
    if (end > start + 1 && text.charCodeAt(end - 1) === SEMICOLON) end--;
    return end;
  }

  private readBom(): void {
    const start = this.at;
    this.at++;
    this.tokens.push(packToken(start, TokenKind.Junk));
    const word = /^[^\s;{}"'#]{0,40}/.exec(this.text.slice(start + 1, start + 41))?.[0] ?? '';
    this.report({
      message: `unknown directive "\ufeff${word}"`,
      advice: 'the file starts with an invisible byte order mark; save it without one (UTF-8, no BOM)',
      start,
      end: start + 1,
      stop: start + 1 + word.length,
    });
  }

  /** Reports a token for which nginx's buffer is too small; `resetStart` is where nginx counts from. */
  private checkLength(resetStart: number, start: number, consumedEnd: number, end: number): void {
    if (end - start < SHORT_TOKEN_UNITS) return;
    const { text } = this;
    const consumed = Math.min(consumedEnd, text.length);
    if (!overrunsBuffer(text, resetStart, consumed)) return;
    // With nothing left to read nginx does not look at its buffer again.
    if (consumed >= text.length && !overrunsBuffer(text, resetStart, text.length - 1)) {
      this.lookedAtEnd = true;
      return;
    }
    const isComment = text.charCodeAt(start) === HASH;
    this.report({
      message: `too long parameter "${text.slice(resetStart, resetStart + 10)}..." started`,
      advice: `nginx reads at most ${BUFFER_BYTES} bytes at a time; this ${isComment ? 'comment' : 'parameter'} is longer`,
      start,
      end,
      stop: start,
    });
  }

  private report(error: SyntaxError): void {
    if (this.errors.length < MAX_ERRORS) this.errors.push(error);
  }

  // ── statements ──

  private beginStatement(start: number, wordEnd: number): void {
    this.boundaryOpen = false;
    if (this.current >= 0) return;
    if (this.open.length === 0) this.cutBeforeServer(start, wordEnd);
    else this.closeForgottenBlocks(start, wordEnd);
    this.current = this.pushStatement(this.tokens.length);
    this.spansLines = false;
  }

  private pushStatement(nameToken: number): number {
    const index = this.statements.length / STATEMENT_STRIDE;
    this.statements.push(nameToken);
    this.statements.push(-1);
    this.statements.push(-1);
    this.statements.push(-1);
    return index;
  }

  private readSemicolon(): void {
    const start = this.at++;
    if (this.current < 0) {
      this.tokens.push(packToken(start, TokenKind.Junk));
      this.report({ message: 'unexpected ";"', advice: '', start, end: start + 1, stop: start });
      return;
    }
    this.tokens.push(packToken(start, TokenKind.Semicolon));
    this.endStatement(this.tokens.length - 1, start, 'simple');
  }

  private readOpen(): void {
    const { text } = this;
    const start = this.at++;
    if (this.current < 0) {
      this.report({ message: 'unexpected "{"', advice: '', start, end: start + 1, stop: start });
      this.beginStatement(start, start);
      this.tokens.push(packToken(start, TokenKind.Open));
    } else {
      this.tokens.push(packToken(start, TokenKind.Open));
      if (this.spansLines) this.splitStatement(start, true);
    }
    const block = this.current;
    this.setField(block, StatementField.End, this.tokens.length - 1);
    const name = this.nameOf(block);
    this.current = -1;
    if (this.open.length === 0 && CONTAINERS.has(name)) {
      this.openContainer(block);
      return;
    }
    if (this.dataBlocks > 0) {
      this.report({ message: 'unexpected "{"', advice: `the lines of a ${this.nameOf(this.open.at(-1) as number)} block are values, not blocks`, start, end: start + 1, stop: start });
    }
    if (isDataBlock(name)) this.dataBlocks++;
    this.open.push(block);
    if (!name.endsWith('_by_lua_block')) return;
    const { end, lookedAtEnd } = findLuaBlockEnd(text, this.at);
    if (lookedAtEnd) this.lookedAtEnd = true;
    if (end > this.at) this.tokens.push(packToken(this.at, TokenKind.Lua));
    this.at = end;
  }

  private readClose(): void {
    const start = this.at;
    if (this.current >= 0) this.endUnterminated(start, start);
    this.at++;
    if (this.open.length === 0) {
      this.closeContainer(start);
      return;
    }
    this.tokens.push(packToken(start, TokenKind.Close));
    this.closeBlock(this.tokens.length - 1);
    this.afterStatement();
  }

  private closeBlock(closeToken: number): void {
    const block = this.open.pop() as number;
    if (isDataBlock(this.nameOf(block))) this.dataBlocks--;
    this.setField(block, StatementField.Close, closeToken);
    this.setField(block, StatementField.Next, this.statements.length / STATEMENT_STRIDE);
  }

  private endStatement(endToken: number, stop: number, ending: 'simple' | 'missing'): void {
    if (this.spansLines) this.splitStatement(stop, false);
    if (ending === 'simple') this.setField(this.current, StatementField.End, endToken);
    this.setField(this.current, StatementField.Next, this.statements.length / STATEMENT_STRIDE);
    this.current = -1;
    this.afterStatement();
  }

  /** A directive that `}` or the end of the file cuts off. */
  private endUnterminated(stop: number, end: number): void {
    const last = this.lastParameterEnd(end);
    const message = stop < this.text.length ? 'unexpected "}"' : 'unexpected end of file, expecting ";" or "}"';
    const name = this.nameOf(this.current);
    this.report({ message, advice: `";" is missing after "${shorten(name)}"`, start: this.startOf(this.current), end: last, stop, insert: { at: last, text: ';' } });
    this.endStatement(-1, stop, 'missing');
  }

  /** The end of the last parameter before an offset. */
  private lastParameterEnd(before: number): number {
    let token = this.tokens.length - 1;
    let end = before;
    while (token >= 0 && !isParameter(tokenKind(this.tokens.at(token)))) end = tokenStart(this.tokens.at(token--));
    return end;
  }

  /**
   * Splits a directive that swallowed the next ones because a `;` is missing: a parameter that begins a line, is the
   * name of a directive, and whose directive can end as this one does, while the directive so far cannot.
   */
  private splitStatement(stop: number, block: boolean): void {
    if (this.dataBlocks > 0) return;
    let name = this.nameOf(this.current);
    if (!isDirective(name)) return;
    const parameters: number[] = [];
    for (let token = this.statements.at(this.current * STATEMENT_STRIDE); token < this.tokens.length; token++) {
      if (isParameter(tokenKind(this.tokens.at(token)))) parameters.push(token);
    }
    let first = 0;
    for (let at = 1; at < parameters.length; at++) {
      const next = parameters[at] as number;
      if (!this.beginsLine(next) || acceptsShape(name, parameters.length - first - 1, block)) continue;
      const nextName = this.wordAt(next);
      if (!isDirective(nextName) || !acceptsShape(name, at - first - 1, false)) continue;
      this.reportMissingSemicolon(parameters[first] as number, parameters[at - 1] as number, name, stop, block);
      this.current = this.pushStatement(next);
      this.setField(this.current - 1, StatementField.Next, this.current);
      name = nextName;
      first = at;
    }
  }

  private reportMissingSemicolon(first: number, last: number, name: string, stop: number, block: boolean): void {
    const end = tokenStart(this.tokens.at(last + 1));
    this.report({
      message: block
        ? `directive "${name}" is not terminated by ";"`
        : `invalid number of arguments in "${name}" directive`,
      advice: '";" is missing at the end of this line',
      start: tokenStart(this.tokens.at(first)),
      end,
      stop,
      insert: { at: end, text: ';' },
    });
  }

  private beginsLine(token: number): boolean {
    const before = this.tokens.at(token - 1);
    if (tokenKind(before) !== TokenKind.Space) return false;
    const start = tokenStart(before);
    return this.text.slice(start, tokenStart(this.tokens.at(token))).includes('\n');
  }

  /**
   * `server {` inside a server that does not stand further left, or `http {` inside anything: a `}` was forgotten.
   * The open blocks end here, so that everything after is understood again.
   */
  private closeForgottenBlocks(start: number, wordEnd: number): void {
    const length = wordEnd - start;
    if (length !== 6 && length !== 4) return;
    const word = this.text.slice(start, wordEnd);
    if (word !== 'server' && word !== 'http') return;
    const opener = this.open[0] as number;
    const outer = this.nameOf(opener);
    if (word === 'server' && outer !== 'server') return;
    if (!/^[ \t\r\n]*\{/.test(this.text.slice(wordEnd, wordEnd + 80))) return;
    const openerStart = this.startOf(opener);
    if (!this.standsAlone(start) || this.columnOf(start) > this.columnOf(openerStart)) return;
    const brace = this.text.indexOf('{', wordEnd);
    this.report({
      message: `"${word}" directive is not allowed here`,
      advice: `"}" is missing: the block that starts here is never closed`,
      start: openerStart,
      end: openerStart + outer.length,
      stop: brace,
    });
    while (this.open.length > 0) this.closeBlock(-1);
    this.setBoundary(start, this.tokens.length);
    this.cut('plain', true);
  }

  private standsAlone(start: number): boolean {
    let at = start - 1;
    while (at >= 0 && (this.text.charCodeAt(at) === SPACE || this.text.charCodeAt(at) === TAB)) at--;
    return at < 0 || this.text.charCodeAt(at) === LF;
  }

  private columnOf(offset: number): number {
    return offset - (this.text.lastIndexOf('\n', offset - 1) + 1);
  }

  // ── segments ──

  private afterStatement(): void {
    if (this.open.length > 0) return;
    this.setBoundary(this.at, this.tokens.length);
    this.boundaryOpen = true;
  }

  private setBoundary(offset: number, token: number): void {
    this.boundary = offset;
    this.boundaryToken = token;
    this.boundaryStatement = this.statements.length / STATEMENT_STRIDE;
  }

  /** Ends the segment at the last boundary. */
  private cut(kind: ParsedSegment['kind'], dependsOnNext: boolean): void {
    if (this.boundary === this.segmentStart) return;
    const { boundary: end, boundaryToken: token, boundaryStatement: statement } = this;
    this.cuts.push({ end, token, statement, kind, dependsOnNext });
    this.segmentStart = this.boundary;
  }

  /** A server is a segment of its own; other statements share one until it is long enough. */
  private cutBeforeServer(start: number, wordEnd: number): void {
    const isServer = wordEnd - start === 6 && this.text.startsWith('server', start);
    const previousWasServer = this.boundaryStatement > 0 && this.boundary > this.segmentStart && this.endsWithServer();
    if (isServer || previousWasServer || this.boundary - this.segmentStart >= SEGMENT_UNITS) this.cut('plain', false);
  }

  private endsWithServer(): boolean {
    const firstStatement = this.cuts.at(-1)?.statement ?? 0;
    return firstStatement < this.boundaryStatement && this.nameOf(firstStatement) === 'server';
  }

  private openContainer(block: number): void {
    this.cutBefore(block);
    this.setField(block, StatementField.Next, this.statements.length / STATEMENT_STRIDE);
    this.endContainerSegment('open');
  }

  private cutBefore(block: number): void {
    if (this.boundaryStatement === block) this.cut('plain', false);
  }

  private closeContainer(start: number): void {
    this.cut('plain', false);
    this.tokens.push(packToken(start, TokenKind.Close));
    this.endContainerSegment('close');
  }

  private endContainerSegment(kind: 'open' | 'close'): void {
    this.setBoundary(this.at, this.tokens.length);
    this.cut(kind, false);
    this.boundaryOpen = false;
  }

  /** Ends what is still open; gives whether the text was complete. */
  private finish(): boolean {
    const { text } = this;
    const unfinished = this.current >= 0 || this.open.length > 0;
    if (this.isEnd && this.current >= 0) this.endUnterminated(text.length, text.length);
    if (this.isEnd && this.open.length > 0) {
      const opener = this.open.at(-1) as number;
      const start = this.startOf(opener);
      if (!this.errors.some((error) => error.stop >= text.length)) {
        const end = tokenStart(this.tokens.at(this.statements.at(opener * STATEMENT_STRIDE) + 1));
        this.report({ message: 'unexpected end of file, expecting "}"', advice: '"}" is missing: the block that starts here is never closed', start, end: Math.max(end, start + 1), stop: text.length });
      }
    }
    while (this.open.length > 0) this.closeBlock(-1);
    if (this.current >= 0) this.setField(this.current, StatementField.Next, this.statements.length / STATEMENT_STRIDE);
    this.setBoundary(text.length, this.tokens.length);
    this.cut('plain', false);
    return !unfinished && !this.lookedAtEnd;
  }

  private slice(): ParsedSegment[] {
    const { text, tokens, statements } = this;
    const segments: ParsedSegment[] = [];
    let start = 0;
    let token = 0;
    let statement = 0;
    let error = 0;
    const errors = this.errors.sort((a, b) => a.start - b.start);
    for (const cut of this.cuts) {
      const own: SyntaxError[] = [];
      while (error < errors.length && (errors[error] as SyntaxError).start < cut.end) own.push(rebase(errors[error++] as SyntaxError, start));
      const tokenSlice = tokens.items.slice(token, cut.token);
      for (let index = 0; index < tokenSlice.length; index++) tokenSlice[index] = (tokenSlice[index] as number) - packToken(start, 0);
      const statementSlice = statements.items.slice(statement * STATEMENT_STRIDE, cut.statement * STATEMENT_STRIDE);
      for (let index = 0; index < statementSlice.length; index += STATEMENT_STRIDE) {
        for (const field of [StatementField.Name, StatementField.End, StatementField.Close]) {
          const value = statementSlice[index + field] as number;
          if (value >= 0) statementSlice[index + field] = value - token;
        }
        statementSlice[index + StatementField.Next] = (statementSlice[index + StatementField.Next] as number) - statement;
      }
      segments.push({ kind: cut.kind, dependsOnNext: cut.dependsOnNext, text: text.slice(start, cut.end), tokens: tokenSlice, statements: statementSlice, errors: own });
      start = cut.end;
      token = cut.token;
      statement = cut.statement;
    }
    return segments;
  }

  // ── reading back ──

  private setField(statement: number, field: number, value: number): void {
    this.statements.items[statement * STATEMENT_STRIDE + field] = value;
  }

  private startOf(statement: number): number {
    return tokenStart(this.tokens.at(this.statements.at(statement * STATEMENT_STRIDE)));
  }

  private nameOf(statement: number): string {
    return this.wordAt(this.statements.at(statement * STATEMENT_STRIDE));
  }

  /** The raw text of a parameter token. */
  private wordAt(token: number): string {
    if (!isParameter(tokenKind(this.tokens.at(token)))) return '';
    const end = token + 1 < this.tokens.length ? tokenStart(this.tokens.at(token + 1)) : this.at;
    return this.text.slice(tokenStart(this.tokens.at(token)), end);
  }
}

function rebase(error: SyntaxError, base: number): SyntaxError {
  const shifted = { ...error, start: error.start - base, end: error.end - base, stop: error.stop - base };
  return error.insert ? { ...shifted, insert: { at: error.insert.at - base, text: error.insert.text } } : shifted;
}

function isSpace(code: number): boolean {
  return code === SPACE || code === TAB || code === LF || code === CR;
}

function shorten(word: string): string {
  return word.length > 40 ? `${word.slice(0, 40)}…` : word;
}
