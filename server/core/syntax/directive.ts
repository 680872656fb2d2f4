import type { Segment } from "./document.ts";
import { STATEMENT_STRIDE, StatementField } from "./segment.ts";
import { isParameter, TokenKind, tokenKind, tokenStart } from "./token.ts";

/** A piece of a file that stays right while the rest of the file changes: offsets count from a segment's start. */
export interface Place {
  readonly segment: Segment;
  readonly start: number;
  readonly end: number;
}

const ESCAPES: Readonly<Record<string, string>> = { '"': '"', "'": "'", "\\": "\\", t: "\t", r: "\r", n: "\n" };

/** A parameter as nginx hands it to a directive. */
export class Word implements Place {
  readonly segment: Segment;
  readonly start: number;
  readonly end: number;
  readonly kind: TokenKind;

  constructor(segment: Segment, token: number) {
    this.segment = segment;
    const packed = segment.tokens[token] as number;
    this.start = tokenStart(packed);
    this.end = segment.tokenEnd(token);
    this.kind = tokenKind(packed);
  }

  /** As it stands in the file, quotes included. */
  get raw(): string {
    return this.segment.text.slice(this.start, this.end);
  }

  /** Whether it stands in quotes. */
  get quoted(): boolean {
    return this.kind !== TokenKind.Word;
  }

  /** What nginx reads: quotes removed, `\"`, `\'`, `\\`, `\t`, `\r` and `\n` replaced; other backslashes stay. */
  get value(): string {
    const raw = this.raw;
    let text = raw;
    if (this.quoted) {
      const closed = raw.length > 1 && raw.at(-1) === raw[0];
      text = raw.slice(1, closed ? -1 : undefined);
    }
    if (!text.includes("\\")) return text;
    return text.replace(/\\(["'\\trn])/g, (_, character: string) => ESCAPES[character] as string);
  }
}

/** A directive: a view on the tape, made when somebody looks. */
export class Directive {
  readonly segment: Segment;
  /** Index in the segment's statements. */
  readonly statement: number;
  #words: readonly Word[] | undefined;
  #name: string | undefined;

  constructor(segment: Segment, statement: number) {
    this.segment = segment;
    this.statement = statement;
  }

  private field(field: number): number {
    return this.segment.statements[this.statement * STATEMENT_STRIDE + field] as number;
  }

  /** The name and the arguments. */
  get words(): readonly Word[] {
    if (this.#words) return this.#words;
    const { segment } = this;
    const words: Word[] = [];
    const end = this.field(StatementField.End);
    const limit = end >= 0 ? end : segment.tokens.length;
    for (let token = this.field(StatementField.Name); token < limit; token++) {
      const kind = tokenKind(segment.tokens[token] as number);
      if (isParameter(kind)) {
        if (end < 0 && words.length > 0 && this.startsNext(token)) break;
        words.push(new Word(segment, token));
      } else if (end < 0 && kind !== TokenKind.Space && kind !== TokenKind.Comment) break;
    }
    this.#words = words;
    return words;
  }

  /** Whether a token belongs to the statement after this one, whose `;` or `{` is missing. */
  private startsNext(token: number): boolean {
    const next = (this.statement + 1) * STATEMENT_STRIDE;
    return next < this.segment.statements.length && token >= (this.segment.statements[next] as number);
  }

  /** The directive's name; empty for a block that has none. */
  get name(): string {
    this.#name ??= this.words[0]?.value ?? "";
    return this.#name;
  }

  /** The parameters after the name. */
  get args(): readonly Word[] {
    return this.words.slice(1);
  }

  /** The value of the parameter with this index (0 is the first after the name). */
  arg(index: number): string | undefined {
    return this.words[index + 1]?.value;
  }

  /** Whether it opens a block, even if its `{` is missing. */
  get isBlock(): boolean {
    const end = this.field(StatementField.End);
    if (end < 0) return this.field(StatementField.Next) > this.statement + 1 || this.field(StatementField.Close) >= 0;
    return tokenKind(this.segment.tokens[end] as number) === TokenKind.Open;
  }

  /** The name word, or the brace of a block without a name. */
  get namePlace(): Place {
    return this.words[0] ?? this.place;
  }

  /** From the name to the `;`, or to the `{` of a block. */
  get head(): Place {
    const { segment } = this;
    const end = this.field(StatementField.End);
    const start = tokenStart(segment.tokens[this.field(StatementField.Name)] as number);
    return { segment, start, end: end >= 0 ? segment.tokenEnd(end) : (this.words.at(-1)?.end ?? start) };
  }

  /** From the name to the `;` or the `}`. */
  get place(): Place {
    const close = this.field(StatementField.Close);
    const head = this.head;
    if (close >= 0) return { segment: this.segment, start: head.start, end: this.segment.tokenEnd(close) };
    if (!this.isBlock || this.segment.kind === "open") return head;
    return { segment: this.segment, start: head.start, end: this.segment.text.length };
  }

  /** The body between the braces of a block. */
  get body(): Place {
    const close = this.field(StatementField.Close);
    const end = close >= 0 ? tokenStart(this.segment.tokens[close] as number) : this.segment.text.length;
    return { segment: this.segment, start: this.head.end, end };
  }

  /** The directives in its block; those of `http`, `stream` and `mail` lie in the following segments. */
  children(): readonly Directive[] {
    if (this.segment.kind === "open") return this.segment.document.childrenOf(this.segment);
    return this.isBlock ? statementsBetween(this.segment, this.statement + 1, this.field(StatementField.Next)) : [];
  }
}

/** The statements of one level from one index to before another. */
export function statementsBetween(segment: Segment, from: number, to: number): Directive[] {
  const found: Directive[] = [];
  for (let at = from; at < to; ) {
    found.push(new Directive(segment, at));
    at = segment.statements[at * STATEMENT_STRIDE + StatementField.Next] as number;
  }
  return found;
}
