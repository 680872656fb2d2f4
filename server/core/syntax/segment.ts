import type { Mistake } from "./mistake.ts";

/** The fields of a statement in the tape, and how many there are. */
export const StatementField = {
  /** Token of the directive's name. */
  Name: 0,
  /** Token of the `;` or `{` that ends its parameters; −1 when it is missing. */
  End: 1,
  /** Token of the `}` that closes its block; −1 for simple directives and where it is missing. */
  Close: 2,
  /** Index of the statement after this one and everything in its block. */
  Next: 3,
} as const;

/** How many integers a statement takes in the tape. */
export const STATEMENT_STRIDE = 4;

/** A piece of a file, from one statement boundary to another, as the parser leaves it: offsets count from its start. */
export interface ParsedSegment {
  /** `open`: the head of `http`, `stream` or `mail`, whose children are segments of their own; `close`: the `}`. */
  readonly kind: "plain" | "open" | "close";
  /** Whether what follows decided where this segment ends (a `}` is missing). */
  readonly dependsOnNext: boolean;
  readonly text: string;
  /** Packed tokens in source order; together they are the text, without gaps. */
  readonly tokens: Int32Array;
  /** Statements in source order (a block before its children), `STATEMENT_STRIDE` integers each. */
  readonly statements: Int32Array;
  readonly errors: readonly Mistake[];
}
