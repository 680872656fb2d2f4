import { findExtraBrace, findForgottenBrace, findUnclosedBlock } from "./braces.ts";
import { isDataBlock } from "./data-blocks.ts";
import { findLuaBlockEnd } from "./lua.ts";
import { findSwallowedByBlock, reportUnterminated, splitStatement } from "./missing-semicolon.ts";
import type { Reading } from "./reading.ts";
import { StatementField } from "./segment.ts";
import type { Cutter } from "./segments.ts";
import { packToken, TokenKind, tokenKind } from "./token.ts";

/** Blocks whose children become segments of their own. */
const CONTAINERS = new Set(["http", "stream", "mail"]);

/** Makes statements and blocks of the tokens, as ngx_conf_parse() does. Its verbs give where to read on. */
export class Statements {
  private readonly reading: Reading;
  private readonly cutter: Cutter;
  /** Lua long brackets that nothing closes in the rest of the text. */
  private readonly unclosedLua = new Set<string>();

  constructor(reading: Reading, cutter: Cutter) {
    this.reading = reading;
    this.cutter = cutter;
  }

  /** A parameter comes next: it begins a statement unless one has begun. */
  begin(start: number, wordEnd: number): void {
    const { reading } = this;
    if (reading.current >= 0) return;
    const column = start === reading.indentEnd ? start - reading.lineStart : -1;
    if (reading.open.length === 0) this.cutter.beforeStatement(start, wordEnd);
    else if (column >= 0 && column <= reading.outerColumn) this.closeForgotten(start, wordEnd);
    reading.column = column;
    reading.current = reading.pushStatement(reading.tokens.length);
    reading.spansLines = false;
  }

  /** A `;` */
  endSimple(start: number): number {
    const { reading } = this;
    if (reading.current < 0) {
      reading.tokens.push(packToken(start, TokenKind.Junk));
      reading.report({ message: 'unexpected ";"', advice: "", start, end: start + 1, stop: start });
      return start + 1;
    }
    reading.tokens.push(packToken(start, TokenKind.Semicolon));
    if (reading.spansLines) {
      this.openForgotten(start, undefined);
      splitStatement(reading, start, TokenKind.Semicolon);
    }
    reading.setField(reading.current, StatementField.End, reading.tokens.length - 1);
    this.end(start + 1);
    return start + 1;
  }

  /** A `{` */
  openBlock(start: number): number {
    const { reading } = this;
    const isNameless = reading.current < 0;
    if (isNameless && reading.open.length > 0 && this.follows(TokenKind.Open)) {
      // Typed twice, most likely: one `}` will close it.
      reading.tokens.push(packToken(start, TokenKind.Junk));
      this.reportBlock(start, isNameless);
      return start + 1;
    }
    if (isNameless) this.begin(start, start);
    reading.tokens.push(packToken(start, TokenKind.Open));
    if (reading.spansLines && !isNameless) splitStatement(reading, start, TokenKind.Open);
    const block = reading.current;
    reading.current = -1;
    reading.setField(block, StatementField.End, reading.tokens.length - 1);
    const name = isNameless ? "" : reading.nameOf(block);
    if (reading.open.length === 0 && CONTAINERS.has(name)) {
      reading.setField(block, StatementField.Next, reading.statementCount);
      this.cutter.openContainer(block, start + 1);
      return start + 1;
    }
    if (isNameless || reading.dataDepth > 0) this.reportBlock(start, isNameless);
    this.pushBlock(block);
    if (reading.dataDepth === 0 && isDataBlock(name)) reading.dataDepth = reading.open.length;
    return name.endsWith("_by_lua_block") ? this.readLua(start + 1) : start + 1;
  }

  /** A `}` */
  closeBlock(start: number): number {
    const { reading } = this;
    if (reading.current >= 0) {
      if (reading.spansLines) this.openForgotten(start, 'unexpected "}"');
      reportUnterminated(reading, start);
      this.end(start);
    }
    if (reading.open.length === 0) {
      this.cutter.closeContainer(start);
      return start + 1;
    }
    const column = reading.columns.at(-1) as number;
    const isDeeper = column >= 0 && start === reading.indentEnd && start - reading.lineStart > column;
    const error = isDeeper ? findExtraBrace(reading, start) : undefined;
    if (error) {
      reading.report(error);
      reading.tokens.push(packToken(start, TokenKind.Junk));
      return start + 1;
    }
    reading.tokens.push(packToken(start, TokenKind.Close));
    this.popBlock(reading.tokens.length - 1);
    if (reading.open.length === 0) this.cutter.afterStatement(start + 1);
    return start + 1;
  }

  /** Ends what is still open at the end of the text; gives whether nothing was. */
  finish(): boolean {
    const { reading } = this;
    const { text, isEnd, open } = reading;
    const isFinished = reading.current < 0 && open.length === 0;
    if (reading.current >= 0) {
      if (isEnd) reportUnterminated(reading, text.length);
      reading.setField(reading.current, StatementField.Next, reading.statementCount);
      reading.current = -1;
    }
    if (isEnd && open.length > 0 && !reading.errors.some((error) => error.stop >= text.length)) {
      this.reportUnclosed('unexpected end of file, expecting "}"', text.length);
    }
    while (open.length > 0) this.popBlock(-1);
    return isFinished;
  }

  /** Opens the block whose `{` is missing, so that it swallowed the first directive in it. */
  private openForgotten(stop: number, complaint: string | undefined): void {
    const { reading } = this;
    const inner = reading.dataDepth === 0 ? findSwallowedByBlock(reading) : undefined;
    if (inner === undefined) return;
    const block = reading.current;
    const start = reading.startOf(block);
    const end = reading.tokenEnd(reading.lastParameterBefore(inner));
    const message = complaint ?? `directive "${reading.nameOf(block)}" has no opening "{"`;
    const advice = '"{" is missing at the end of this line';
    reading.report({ message, advice, start, end, stop, insert: { at: end, text: " {", certainty: "sure" } });
    this.pushBlock(block);
    reading.current = reading.pushStatement(inner);
  }

  /** Whether the last token beside spaces is of a kind. */
  private follows(kind: TokenKind): boolean {
    const { tokens } = this.reading;
    let token = tokens.length - 1;
    while (token >= 0 && tokenKind(tokens.at(token)) === TokenKind.Space) token--;
    return token >= 0 && tokenKind(tokens.at(token)) === kind;
  }

  private end(at: number): void {
    const { reading } = this;
    reading.setField(reading.current, StatementField.Next, reading.statementCount);
    reading.current = -1;
    if (reading.open.length === 0) this.cutter.afterStatement(at);
  }

  private pushBlock(block: number): void {
    const { reading } = this;
    const { column } = reading;
    if (reading.open.length === 0) reading.outerColumn = column;
    reading.open.push(block);
    reading.columns.push(column);
  }

  private popBlock(closeToken: number): void {
    const { reading } = this;
    if (reading.open.length === reading.dataDepth) reading.dataDepth = 0;
    const block = reading.open.pop() as number;
    reading.columns.pop();
    reading.setField(block, StatementField.Close, closeToken);
    reading.setField(block, StatementField.Next, reading.statementCount);
  }

  private reportBlock(start: number, isNameless: boolean): void {
    const outer = isNameless ? "" : this.reading.nameOf(this.reading.open.at(-1) as number);
    const advice = isNameless ? "" : `the lines of a ${outer} block are values, not blocks`;
    this.reading.report({ message: 'unexpected "{"', advice, start, end: start + 1, stop: start });
  }

  private readLua(start: number): number {
    const { reading } = this;
    const { end, lookedAtEnd } = findLuaBlockEnd(reading.text, start, this.unclosedLua);
    if (lookedAtEnd) reading.lookAt(reading.text.length);
    if (end > start) reading.tokens.push(packToken(start, TokenKind.Lua));
    return end;
  }

  /** Ends the open blocks where a block begins that cannot stand in them: a `}` was forgotten. */
  private closeForgotten(start: number, wordEnd: number): void {
    const { reading } = this;
    const forgotten = findForgottenBrace(reading, start, wordEnd);
    if (!forgotten) return;
    this.reportUnclosed(forgotten.message, forgotten.stop);
    while (reading.open.length > 0) this.popBlock(-1);
    this.cutter.cutAt(start);
  }

  private reportUnclosed(message: string, stop: number): void {
    const { reading } = this;
    const { tokens, statements, open } = reading;
    const outer = open[0] as number;
    const view = { text: reading.text, tokens: tokens.items, statements: statements.items, before: reading.before };
    const suspect = findUnclosedBlock(view, outer, reading.statementCount);
    const block = suspect < 0 ? (open.at(-1) as number) : suspect;
    const start = reading.startOf(block);
    const advice = '"}" is missing: the block that starts here is never closed';
    const end = reading.tokenEnd(reading.field(block, StatementField.Name));
    reading.report({ message, advice, start, end, stop });
  }
}
