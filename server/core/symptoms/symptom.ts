/** Where a person meets a symptom. */
export type Seen =
  | "browser console"
  | "answer to the handshake"
  | "end of the connection"
  | "access log"
  | "error log"
  | "nginx -t";

/** nginx's log levels, the loudest first. */
export const logLevels = ["emerg", "alert", "crit", "error", "warn", "notice", "info", "debug"] as const;

/** How loud a line of the error log is. Without a level in `error_log` nginx writes `error` and louder. */
export type LogLevel = (typeof logLevels)[number];

/** What identifies a symptom in a line. One of them is enough; `levels` narrows `texts`. */
export interface Signs {
  /** Pieces of the line in lower case, in their order, with “…” between them. */
  readonly texts?: readonly string[];
  /** What people write themselves: words that come in any order, in the form of `readWordSign`. */
  readonly words?: readonly string[];
  /** When the line is of the error log: its possible levels. */
  readonly levels?: readonly LogLevel[];
  /** HTTP statuses of the answer to a handshake. */
  readonly statuses?: readonly number[];
  /** Close codes of the WebSocket protocol. */
  readonly codes?: readonly number[];
  /** Whether an established connection that ended after some time is this symptom. */
  readonly isEnd?: true;
  /** Whether its texts and words say so little that anything else in the line says more. */
  readonly isFallback?: true;
}

/** One explanation of a symptom. */
export interface LikelyCause {
  /** One sentence. */
  readonly what: string;
  /** The rules that find it in a configuration; none where a configuration cannot show it. */
  readonly rules: readonly string[];
  /** What to look at; one sentence. */
  readonly check: string;
}

/** Something that a person sees when a WebSocket does not work, and what it means. */
export interface Symptom {
  /** Kebab-case. */
  readonly id: string;
  /** What the person sees, in Markdown. */
  readonly title: string;
  readonly seen: readonly Seen[];
  readonly signs: Signs;
  /** Plain words, two to four sentences. */
  readonly explanation: string;
  /** The most probable first. */
  readonly causes: readonly LikelyCause[];
}
