import type { Document, Edit } from "../core/index.ts";

/** Lines that stay around a change, on either side. */
const contextLines = 1;

/** A line of a diff: `@@` for a header, else as in a unified diff. */
export interface DiffLine {
  readonly sign: "@@" | " " | "-" | "+";
  readonly text: string;
  /** Where the line begins to differ, so that a long line can be cut around that. */
  readonly focus: number;
}

/** A unified diff of the edits of one file, without the file's name. */
export function diffEdits(document: Document, edits: readonly Edit[]): DiffLine[] {
  const changes = groupByLines(document, edits).map((group) => compareLines(document, group));
  const output: DiffLine[] = [];
  let shift = 0;
  for (let first = 0; first < changes.length; ) {
    let last = first;
    while (last + 1 < changes.length && changes[last + 1]!.line - endOf(changes[last]!) <= 2 * contextLines) last++;
    const hunk = changes.slice(first, last + 1);
    output.push(...writeHunk(document, hunk, shift));
    shift += hunk.reduce((sum, change) => sum + change.added.length - change.removed.length, 0);
    first = last + 1;
  }
  return output;
}

/** The lines from `line` on that give way to others. */
interface Change {
  readonly line: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

function endOf(change: Change): number {
  return change.line + change.removed.length;
}

interface Group {
  readonly firstLine: number;
  lastLine: number;
  readonly edits: Edit[];
}

/** Edits that touch the same line belong together. */
function groupByLines(document: Document, edits: readonly Edit[]): Group[] {
  const groups: Group[] = [];
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const firstLine = document.positionAt(edit.start).line;
    const lastLine = document.positionAt(edit.end).line;
    const previous = groups.at(-1);
    if (previous && firstLine <= previous.lastLine) {
      previous.edits.push(edit);
      previous.lastLine = Math.max(previous.lastLine, lastLine);
    } else {
      groups.push({ firstLine, lastLine, edits: [edit] });
    }
  }
  return groups;
}

function compareLines(document: Document, group: Group): Change {
  const start = document.offsetAt({ line: group.firstLine, character: 0 });
  const lastLength = document.lineText(group.lastLine).length;
  const end = document.offsetAt({ line: group.lastLine, character: lastLength });
  const text = document.text;
  let after = "";
  let position = start;
  for (const edit of group.edits) {
    after += text.slice(position, edit.start) + edit.newText;
    position = edit.end;
  }
  // An edit may swallow the end of the last line, but never begins beyond it.
  after += text.slice(position, Math.max(position, end));

  const removed = text.slice(start, end).split(/\r?\n/);
  const added = after.split(/\r?\n/);
  let head = 0;
  while (head < Math.min(removed.length, added.length) && removed[head] === added[head]) head++;
  let tail = 0;
  while (
    tail < Math.min(removed.length, added.length) - head &&
    removed[removed.length - 1 - tail] === added[added.length - 1 - tail]
  ) {
    tail++;
  }
  return {
    line: group.firstLine + head,
    removed: removed.slice(head, removed.length - tail),
    added: added.slice(head, added.length - tail),
  };
}

function writeHunk(document: Document, changes: readonly Change[], shift: number): DiffLine[] {
  const from = Math.max(0, changes[0]!.line - contextLines);
  // After a final line feed there is an empty last line that nobody sees.
  const visible = document.lineCount - (document.lineText(document.lineCount - 1) === "" ? 1 : 0);
  const until = Math.max(endOf(changes.at(-1)!), Math.min(visible, endOf(changes.at(-1)!) + contextLines));
  const body: DiffLine[] = [];
  const keep = (text: string) => body.push({ sign: " ", text, focus: 0 });
  let line = from;
  let growth = 0;
  for (const change of changes) {
    while (line < change.line) keep(document.lineText(line++));
    const focus = countCommon(change.removed[0] ?? "", change.added[0] ?? "");
    for (const [index, text] of change.removed.entries())
      body.push({ sign: "-", text, focus: index === 0 ? focus : 0 });
    for (const [index, text] of change.added.entries()) body.push({ sign: "+", text, focus: index === 0 ? focus : 0 });
    line = endOf(change);
    growth += change.added.length - change.removed.length;
  }
  while (line < until) keep(document.lineText(line++));
  const count = until - from;
  const text = `-${from + 1},${count} +${from + 1 + shift},${count + growth} @@`;
  return [{ sign: "@@", text, focus: 0 }, ...body];
}

/** How many characters two texts have in common at their start. */
function countCommon(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}
