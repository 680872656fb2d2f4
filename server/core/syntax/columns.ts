import { isSpace, LF } from "./characters.ts";

// Columns: how far to the right something stands that begins its line, which is how people show which block it is in.
// A text that is read may begin in the middle of a line.

/** Something other than spaces stands before the text on its line. */
export const NOT_BLANK = -1;

/** The text is the beginning of the file. */
export const FILE_START = -2;

/**
 * The column of something that begins its line, in UTF-16 units from 0; −1 when it does not. `before` is what stands
 * before the text on its line: so many spaces, or `NOT_BLANK`, or `FILE_START`.
 */
export function columnIn(text: string, offset: number, before: number): number {
  let at = offset - 1;
  while (at >= 0 && isSpace(text.charCodeAt(at)) && text.charCodeAt(at) !== LF) at--;
  if (at >= 0) return text.charCodeAt(at) === LF ? offset - at - 1 : -1;
  return before === NOT_BLANK ? -1 : offset + Math.max(0, before);
}

/** What stands on its line before the segment with this index, as `Surroundings.before` has it. */
export function blankBefore(segments: readonly { readonly text: string }[], index: number): number {
  let blank = "";
  for (let at = index - 1; at >= 0; at--) {
    const { text } = segments[at] as { readonly text: string };
    const after = blankAfter(text, FILE_START);
    if (after === NOT_BLANK || text.includes("\n")) return after === NOT_BLANK ? after : after + blank.length;
    blank += text;
  }
  return blank === "" ? FILE_START : blank.length;
}

/** The same for what follows a text. */
export function blankAfter(text: string, before: number): number {
  for (let at = text.length - 1; at >= 0; at--) {
    const code = text.charCodeAt(at);
    if (code === LF) return text.length - 1 - at;
    if (!isSpace(code)) return NOT_BLANK;
  }
  if (before === NOT_BLANK || text === "") return before;
  return Math.max(0, before) + text.length;
}
