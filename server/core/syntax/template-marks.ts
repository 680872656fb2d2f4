// How the pieces look that a template has in a text: where each begins and ends. What they do is told in template-text.ts.
// This file also goes into the few kilobytes that the editor loads for every .conf.

/** Where a piece stands, and how it begins. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  /** Its bracket or the beginning of its tag; nothing for a name or a line. */
  readonly opens: string;
}

const name = "[A-Z][A-Z0-9_]*";
/** Names between percent signs; shorter ones could be characters of a URL. */
const percentName = "%[A-Za-z]\\w{2,}%";
/** A name in braces without the dollar of a variable. */
const bracedName = `(?<![$%#\\w])\\{${name}\\}`;
/** Brackets that regular expressions and Lua have as well: what follows tells. */
const bracket = "\\[%(?:#|[-+=~]?(?=\\s))|\\[\\[-? (?=[.$]|(?:if|else|end|range|with|template|define|include)\\b)";
/** Tags with names; of those in square brackets nothing else stands before them on the line. */
const tag = "</?#(?:--|[a-z])|[<{]/?tmpl_|^[ \\t]*\\[/?#[a-z]+(?=[ \\]])";
/** Lines that Blade reads. */
const blade = "^[ \\t]*@(?:end)?(?:if|else|elseif|for|foreach|forelse|empty|unless|isset|include|php)\\b[^\\n;{}]*$";
/** Where a piece begins: a bracket, a tag, a name in braces, or a name alone on a line. */
const opening = `\\{[{%#]|<%|${bracket}|${tag}|${bracedName}|${blade}|^[ \\t]*(?:\\$\\{${name}\\}|\\$${name}|__${name}__|@${name}@|${percentName})[ \\t]*\\r?$`;
const hint = new RegExp(opening.replace("[{%#]", "[{%]"), "m");
const placeholder = new RegExp(
  `\\{\\{|\\{%|<%|${bracket}|${tag}|${bracedName}|\\$\\{${name}\\}|__${name}__|@${name}@|${percentName}`,
);
/** What begins and ends a piece: the first that fits. */
const brackets: readonly (readonly [opens: string, closes: string])[] = [
  ["{{", "}}"],
  ["{%", "%}"],
  ["{#", "#}"],
  ["<%", "%>"],
  ["[%", "%]"],
  ["[[", "]]"],
  ["<#--", "-->"],
  ["<", ">"],
  ["{tmpl", "}"],
  ["{/tmpl", "}"],
  ["[", "]"],
];
/** Longer pieces are none. */
const longest = 20_000;
/** How much of the text before and after a piece is looked at. */
export const nearby = 400;

/** Whether a text could have pieces of a template; quick, because most texts have none. */
export function mayHoldConstructs(text: string): boolean {
  return hint.test(text);
}

/** Whether a value is, or may be, decided by a template. */
export function holdsPlaceholder(value: string): boolean {
  return placeholder.test(value);
}

/** What looks like pieces of a template in a text, in order; the next one is looked for behind what was found. */
export function* pieces(text: string, mode: "with comments" | "without comments"): Generator<Piece> {
  const pattern = new RegExp(opening, "gm");
  const next = new Map<string, number>();
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const start = match.index;
    const opened = match[0].trimStart();
    if (opened === "{#" && mode === "without comments") continue;
    const [opens = "", closes] = brackets.find(([begin]) => opened.startsWith(begin)) ?? [];
    const end = closes === undefined ? pattern.lastIndex : endOf(text, start, pattern.lastIndex, closes, next);
    if (end === undefined) continue;
    pattern.lastIndex = end;
    yield { start, end, opens };
  }
}

/** Where a piece ends; nothing when it does not. Each closing bracket is looked for once, however many may need it. */
function endOf(
  text: string,
  start: number,
  from: number,
  closes: string,
  next: Map<string, number>,
): number | undefined {
  let at = next.get(closes) ?? 0;
  if (at >= 0 && at < from) {
    at = text.indexOf(closes, from);
    next.set(closes, at);
  }
  if (at < 0 || at - start > longest) return undefined;
  // Mustache has `{{{ name }}}` as well.
  const end = at + closes.length + (text.startsWith("{{{", start) && text[at + 2] === "}" ? 1 : 0);
  const before = text.slice(Math.max(0, start - nearby), start);
  const line = before.slice(before.lastIndexOf("\n") + 1);
  // What begins in a comment of nginx ends on that line, and so does a tag and what Lua could mean.
  const isOnOneLine = /^\s*#/.test(line) || closes.length === 1 || closes === "]]";
  return isOnOneLine && text.slice(start, end).includes("\n") ? undefined : end;
}
