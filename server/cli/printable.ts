// What a configuration contains must not move the cursor, hide text or mirror it when it is printed.
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** The text with control characters replaced by visible signs; tabs and line feeds stay. */
export function toPrintable(text: string): string {
  return text.replace(unprintable, showControl);
}

function showControl(character: string): string {
  const code = character.charCodeAt(0);
  // U+2400 is the block of pictures of the control characters.
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? "\u2421" : "\ufffd";
}

const zeroWidth = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const doubleWidth =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]$/u;

/** Columns that one code point takes on a terminal: 0 for combining marks, 2 for East Asian wide and emoji, else 1. */
export function widthOf(codePoint: string): 0 | 1 | 2 {
  if (codePoint < "\u0300") return 1;
  if (zeroWidth.test(codePoint)) return 0;
  return doubleWidth.test(codePoint) ? 2 : 1;
}

/** Breaks a paragraph into lines of at most `width` columns; words longer than that stay whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines;
}
