/** What leads somewhere, by the offsets of the words that do. */
export interface AnswerLink {
  readonly start: number;
  readonly end: number;
  readonly address: string;
}

/** A text as people read it, and where it leads. */
export interface LinkedText {
  readonly text: string;
  readonly links: readonly AnswerLink[];
}

/** Takes the addresses out of Markdown: in a document that shows its source they are longer than what they explain. */
export function splitLinks(markdown: string): LinkedText {
  const links: AnswerLink[] = [];
  let text = "";
  let done = 0;
  // What a log or a file contains stands in code, and is no link.
  for (const match of markdown.matchAll(/`[^`]*`|\[((?:\\.|[^\\[\]])+)\]\(([^()\s]+)\)/g)) {
    const [whole, label, address] = match;
    if (label === undefined || address === undefined) continue;
    text += markdown.slice(done, match.index);
    done = match.index + whole.length;
    const words = label.replace(/\\(.)/g, "$1");
    links.push({ start: text.length, end: text.length + words.length, address });
    text += words;
  }
  return { text: text + markdown.slice(done), links };
}
