/** What a token is. The tape keeps the kind in the low four bits and the start offset above them. */
export const TokenKind = {
  /** Space, tab, CR and LF: the only separators nginx knows. */
  Space: 0,
  /** From `#` at a token's start to before the line feed. */
  Comment: 1,
  /** A parameter without quotes. */
  Word: 2,
  /** A parameter in double quotes, the quotes included. */
  DoubleQuoted: 3,
  /** A parameter in single quotes, the quotes included. */
  SingleQuoted: 4,
  /** `;` */
  Semicolon: 5,
  /** `{` */
  Open: 6,
  /** `}` */
  Close: 7,
  /** The body of an OpenResty `*_by_lua_block`, without its braces. */
  Lua: 8,
  /** Something nginx does not accept where it stands. */
  Junk: 9,
} as const;

/** A value of `TokenKind`. */
export type TokenKind = (typeof TokenKind)[keyof typeof TokenKind];

const KIND_BITS = 4;
const KIND_MASK = 15;

/** Packs a token; offsets up to 2^27 − 1 (128 Mi UTF-16 units). */
export function packToken(start: number, kind: TokenKind): number {
  return (start << KIND_BITS) | kind;
}

/** The kind of a packed token. */
export function tokenKind(packed: number): TokenKind {
  return (packed & KIND_MASK) as TokenKind;
}

/** The start offset of a packed token. */
export function tokenStart(packed: number): number {
  return packed >>> KIND_BITS;
}

/** Whether a token is a parameter of a directive. */
export function isParameter(kind: TokenKind): boolean {
  return kind === TokenKind.Word || kind === TokenKind.DoubleQuoted || kind === TokenKind.SingleQuoted;
}
