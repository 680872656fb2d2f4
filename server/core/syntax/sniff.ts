// This file also goes into the few kilobytes that the editor loads for every .conf, so it imports next to nothing.
import { isFamiliarName } from "../nginx/familiar-names.ts";
import { pieces } from "./template-marks.ts";

/** Lines looked at: a licence and a long comment fit before them. */
const lineLimit = 400;
/** Characters of a line looked at. */
const widthLimit = 500;
/** No more characters than this need to be at hand. */
export const sniffedLength = lineLimit * widthLimit;

/** Blocks that other formats have as well: they count together with a directive. */
const sharedBlock = /^(?:events|http|server|stream|mail|types|if\s*\([^;{}]*\$[^;{}]*)\s*\{/;
/** Blocks that only nginx has. */
const ownBlock =
  /^(?:location\s+(?:(?:=|~\*?|\^~)\s*)?["']?[/@^\\(.~\w$][^;{}]*|upstream\s+["']?[\w.$-]+["']?\s*|(?:map|geo|split_clients)\s+[^;{}]*\$\w+\s*)\{/;
/** What other formats begin with: section headers, Apache's tags, XML, other comments, shebangs, assignments and a server with a name. */
export const foreign =
  /^(?:\[[\w .:-]+\]$|<\/?[A-Z]\w*[ >]|<[?!]|#!|\/\/|\/\*|[$@%]?[\w.-]+\s*=(?!=)\s*\S|server\s+["\w][^;{}#]*\{)/;
/** A directive with its `;`, in which `${name}` is a part of a word. */
const statement = /^([a-z][a-z0-9_]*)(?:\s(?:\$\{\w*\}|[^;{}])*)?;/;
const parts = /(?:\$\{\w*\}|[^;{}])*[;{}]?/g;

/**
 * Whether a text is nginx configuration, from its first lines: a block or a directive that only nginx has, or a block and
 * a directive that others have too; and no line before that which only another program could read. Texts without any
 * statement count as nginx.
 */
export function looksLikeNginx(source: string): boolean {
  let hasBlock = false;
  let hasDirective = false;
  let isEmpty = true;
  for (const content of firstLines(source)) {
    isEmpty = false;
    // A whole configuration may stand on one line.
    for (const piece of content.match(parts) ?? []) {
      const part = piece.trim();
      // Before the assignments of other formats: `location = /path {` looks like one.
      if (ownBlock.test(part)) return true;
      if (foreign.test(part)) return false;
      if (sharedBlock.test(part)) hasBlock = true;
      const name = statement.exec(part)?.[1];
      if (name !== undefined && isFamiliarName(name)) {
        if (name.includes("_")) return true;
        hasDirective = true;
      }
      if (hasBlock && hasDirective) return true;
    }
  }
  return isEmpty;
}

/**
 * What the first lines of a text say, without what a template fills in. Comments do not count: that of a licence, or a
 * manual in front of the first setting, may be longer than the rest.
 */
export function* firstLines(source: string): Generator<string> {
  const text = withoutTemplate(source.slice(0, sniffedLength));
  let start = 0;
  for (let line = 0; line < lineLimit && start < text.length; ) {
    const feed = text.indexOf("\n", start);
    const end = feed < 0 ? text.length : feed;
    const content = text.slice(start, Math.min(end, start + widthLimit)).trim();
    start = end + 1;
    if (/^(?:[\s_]*$|#(?!!))/.test(content)) continue;
    line++;
    yield content;
  }
}

/** Values that a template writes become a part of a word, an underline, and all its other pieces vanish. */
function withoutTemplate(text: string): string {
  let rest = "";
  let last = 0;
  for (const { start, end, opens } of pieces(text, /\{[{%]|<%/.test(text) ? "with comments" : "without comments")) {
    const isValue =
      opens === "" ||
      /^(?:\{\{(?!-? ?(?:if|else|end|range|with|define)\b)|<%[-=]|\[[%[])/.test(text.slice(start, start + 12));
    rest += text.slice(last, start) + (isValue ? "_" : " ");
    last = end;
  }
  return rest + text.slice(last);
}
