/** How serious a finding is, in LSP's words. */
export type Severity = "error" | "warning" | "information" | "hint";

/**
 * `safe`: nginx still accepts the file, requests that are not WebSocket get the same answer, comments stay.
 * `suggested`: one click by a human (a placeholder, several files, a choice).
 */
export type Applicability = "safe" | "suggested";

/** The nine causes of WebSocket trouble that the documentation is organised by. */
export type Cause = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

/** Identifies a file: an absolute path with forward slashes, or `scheme://authority/path` with the path decoded. */
export type FileId = string;

/** A piece of a file, in UTF-16 code units from its start; `end` is exclusive. */
export interface Span {
  readonly file: FileId;
  readonly start: number;
  readonly end: number;
}

/** Replaces a piece of a file. Edits of one fix never overlap. */
export interface Edit extends Span {
  readonly newText: string;
}

/** A repair that can be applied as it is. */
export interface Fix {
  /** Imperative, names what is written: “Forward the Upgrade and Connection headers”. */
  readonly title: string;
  readonly applicability: Applicability;
  readonly edits: readonly Edit[];
}

/** A place that explains a finding. */
export interface Related {
  readonly span: Span;
  readonly message: string;
}

/** One mistake: plain data that every output prints. The first fix is the preferred one. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly span: Span;
  /** What happens to the user, then why; the first sentence within 90 characters; no Markdown. */
  readonly message: string;
  readonly cause?: Cause;
  readonly related: readonly Related[];
  readonly fixes: readonly Fix[];
}

/** A read time-out that a configuration sets, and where. */
export interface ConfiguredTimeout {
  /** The directive as it takes effect: `proxy_read_timeout 75s`. */
  readonly text: string;
  readonly milliseconds: number;
  readonly span: Span;
}
