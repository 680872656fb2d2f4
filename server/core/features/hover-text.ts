/** What a directive or variable means for a WebSocket, and where nginx documents it. */
export interface HoverText {
  /** Markdown, a few sentences. */
  readonly text: string;
  readonly url: string;
  /** What holds when it is not set; empty when that does not help. */
  readonly fallback?: string;
  /** What somebody sees when it is wrong. */
  readonly symptom?: string;
}
