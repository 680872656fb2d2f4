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

/**
 * What the nginx documentation says about every directive and variable. It is handed in, so that the command line, which
 * shows no hovers, does without its tables.
 */
export interface Reference {
  /** For the contexts of a bit mask; `facts` are the forms, the default, the contexts and the versions. */
  directive(name: string, mask: number): (HoverText & { readonly facts: string }) | undefined;
  variable(name: string, mask: number): HoverText | undefined;
}

/** Our own text about a directive, where it is the one that the text is about: modules of `stream` reuse the names of `http`. */
export function ownText(own: HoverText | undefined, documented: HoverText | undefined): HoverText | undefined {
  return own && documented && documented.url !== "" && documented.url !== own.url ? undefined : own;
}
