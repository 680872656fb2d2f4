import { toPrintable, widthOf } from "./printable.ts";

const tabStop = 4;

/** A source line made for the terminal, and the marks that belong under it. */
export interface Excerpt {
  readonly text: string;
  readonly underline: string;
}

/**
 * Shows the span [start, end) of a line, in UTF-16 units, within `width` columns. Tabs become spaces so that the marks
 * stand under what they mean; of a longer line only the surroundings of the span are shown.
 */
export function excerptLine(line: string, start: number, end: number, width: number): Excerpt {
  // A file in one line may be megabytes long: look at no more of it than can be shown.
  const from = wholeCharacter(line, Math.max(0, start - width));
  const until = wholeCharacter(line, Math.min(line.length, Math.max(end, start + 1), start + width) + width);
  const cells = layOut(line.slice(from, until), start - from, end - from);

  const lead = cells.slice(0, cells.findIndex((cell) => cell.marked) + 1);
  const leadWidth = sumWidths(lead);
  const isCut = leadWidth > (width * 2) / 3 || from > 0;
  let skipped = 0;
  let column = 0;
  if (isCut) {
    while (column < leadWidth - Math.floor(width / 3)) column += cells[skipped++]?.width ?? 1;
  }
  let text = skipped > 0 || from > 0 ? "…" : "";
  let underline = text === "" ? "" : " ";
  column = text.length;
  for (const cell of cells.slice(skipped)) {
    if (column + cell.width > width - 1) {
      text += "…";
      break;
    }
    text += cell.shown;
    underline += (cell.marked ? "^" : " ").repeat(cell.width);
    column += cell.width;
  }
  return { text: text.trimEnd(), underline: underline.trimEnd() };
}

interface Cell {
  readonly shown: string;
  readonly width: number;
  readonly marked: boolean;
}

function layOut(text: string, start: number, end: number): Cell[] {
  const cells: Cell[] = [];
  let offset = 0;
  let column = 0;
  for (const character of text) {
    // A span without length still gets one mark.
    const marked = offset >= start && offset < Math.max(end, start + 1);
    const width = character === "\t" ? tabStop - (column % tabStop) : widthOf(character);
    const shown = character === "\t" ? " ".repeat(width) : toPrintable(character);
    cells.push({ shown, width, marked });
    offset += character.length;
    column += width;
  }
  if (start >= offset) cells.push({ shown: " ", width: 1, marked: true });
  return cells;
}

function sumWidths(cells: readonly Cell[]): number {
  return cells.reduce((sum, cell) => sum + cell.width, 0);
}

/** Moves an offset off the middle of a surrogate pair. */
function wholeCharacter(text: string, offset: number): number {
  const code = text.charCodeAt(offset);
  return code >= 0xdc00 && code <= 0xdfff ? offset - 1 : offset;
}
