// Texts that become nginx configuration only when somebody fills them in: Jinja and Ansible ({{ }}, {% %}, {# #}), Go
// templates and Helm ({{ }}), Mustache, ERB and EJS (<% %>), and names that are replaced: ${NAME} by envsubst, __NAME__,
// @NAME@. To read the nginx in between, what is not nginx is covered, unit by unit, so that every offset stays.

/** What a piece of a template does when it is filled in. */
export type ConstructKind =
  /** Becomes a part of a word. */
  | "value"
  /** Decides whether, or how often, the text around it is there. */
  | "control"
  /** Becomes a directive's name, or that of a header. */
  | "name"
  /** Becomes anything, statements for instance. */
  | "insertion"
  /** Vanishes. */
  | "comment";

/** A piece of a template, in UTF-16 units from the start of the text. */
export interface Construct {
  readonly kind: ConstructKind;
  readonly start: number;
  readonly end: number;
}

/** A text with its constructs covered. */
export interface CoveredText {
  /** As long as the text: spaces where statements may be, underlines where a part of a word is. */
  readonly text: string;
  readonly constructs: readonly Construct[];
}

const name = "[A-Z][A-Z0-9_]*";
/** Where a construct begins: a bracket, or a name alone on a line where a statement would begin. */
const opening = new RegExp(
  `\\{[{%#]|<%|^[ \\t]*(?:\\$\\{${name}\\}|\\$${name}|__${name}__|@${name}@)[ \\t]*\\r?$`,
  "gm",
);
const closings: Readonly<Record<string, string>> = { "{{": "}}", "{%": "%}", "{#": "#}", "<%": "%>" };
const hint = /\{[{%]|<%|^[ \t]*(?:\$\{?[A-Z]|__[A-Z]|@[A-Z])/m;
const placeholder = new RegExp(`\\{\\{|\\{%|<%|\\$\\{${name}\\}|__${name}__|@${name}@`);

const control =
  /^(?:if|else|elsif|elif|end\w*|for|range|with|block|define|set|macro|break|continue|raw|unless|case|when)\b|^[#/^}]|\bdo\b|[{|]$|^\$\w+\s*:?=/;
/** Longer pieces are no constructs. */
const longest = 20_000;
/** How much of the text before and after a construct is looked at. */
const nearby = 400;

/** Whether a text could hold constructs; quick, because most texts hold none. */
export function mayHoldConstructs(text: string): boolean {
  return hint.test(text);
}

/** Whether a value is, or may be, decided by a template. */
export function holdsPlaceholder(value: string): boolean {
  return placeholder.test(value);
}

/** Covers the constructs of a text; nothing when it has none. */
export function coverConstructs(text: string): CoveredText | undefined {
  if (!mayHoldConstructs(text)) return undefined;
  const covered = cover(text, "without comments");
  // A brace may be followed by a comment of nginx, and a commented brace ends it: `{# … #}` says nothing by itself.
  const isBracketed = covered?.constructs.some(({ start }) => /^(?:\{\{|\{%|<%)/.test(text.slice(start, start + 2)));
  return isBracketed && text.includes("{#") ? cover(text, "with comments") : covered;
}

function cover(text: string, mode: "with comments" | "without comments"): CoveredText | undefined {
  const constructs: Construct[] = [];
  const pieces: string[] = [];
  const closing = new Closings(text);
  let before = "";
  let last = 0;
  opening.lastIndex = 0;
  for (let match = opening.exec(text); match; match = opening.exec(text)) {
    const [opened] = match;
    const start = match.index;
    if (opened === "{#" && mode === "without comments") continue;
    const end = closings[opened] === undefined ? start + opened.length : closing.after(start, opened);
    if (end === undefined) continue;
    const lead = text.slice(last, start);
    const context = (before + lead.slice(-nearby)).slice(-nearby);
    const kind = kindOf(text, context, start, end);
    if (kind === undefined) continue;
    const isInWord =
      kind === "value" ||
      kind === "name" ||
      (kind === "control" && isInsideStatement(context) && touchesWord(text, start, end));
    const cover = (isInWord ? "_" : " ").repeat(end - start);
    constructs.push({ kind, start, end });
    pieces.push(lead, cover);
    before = (context + cover).slice(-nearby);
    last = end;
    opening.lastIndex = end;
  }
  if (constructs.length === 0) return undefined;
  pieces.push(text.slice(last));
  return { text: pieces.join(""), constructs };
}

/** Finds closing brackets; each is looked for once, so that a million open ones cost no more than one. */
class Closings {
  private readonly text: string;
  private readonly next = new Map<string, number>();

  constructor(text: string) {
    this.text = text;
  }

  /** Where the construct ends that begins here; nothing when it does not. */
  after(start: number, opened: string): number | undefined {
    const { text } = this;
    const closing = closings[opened] as string;
    let at = this.next.get(closing) ?? 0;
    if (at >= 0 && at < start + 2) {
      at = text.indexOf(closing, start + 2);
      this.next.set(closing, at);
    }
    if (at < 0 || at - start > longest) return undefined;
    // Mustache has `{{{ name }}}` as well.
    const end = at + closing.length + (text.startsWith("{{{", start) && text[at + 2] === "}" ? 1 : 0);
    const before = text.slice(Math.max(0, start - nearby), start);
    const line = before.slice(before.lastIndexOf("\n") + 1);
    // What begins in a comment of nginx ends on that line.
    return /^\s*#/.test(line) && text.slice(start, end).includes("\n") ? undefined : end;
  }
}

function kindOf(text: string, before: string, start: number, end: number): ConstructKind | undefined {
  const source = text.slice(start, end);
  if (!/^(?:\{[{%#]|<%)/.test(source)) {
    // A name alone: where a statement goes on, it is a value of that statement.
    return isInsideStatement(before) || /^\s*[;{]/.test(text.slice(end, end + 200)) ? undefined : "insertion";
  }
  const inner = source
    .slice(2, -2)
    .replace(/^[-~+=]/, "")
    .replace(/[-~+]$/, "")
    .trim();
  if (source.startsWith("{#")) return "comment";
  if (source.startsWith("{%")) return /^(?:include|import|call|extends)\b/.test(inner) ? "insertion" : "control";
  if (source.startsWith("<%")) {
    if (source[2] === "#") return "comment";
    const isOutput = source[2] === "=" || (source[2] === "-" && !control.test(inner));
    if (!isOutput) return "control";
  } else {
    if (inner.startsWith("/*") || inner.startsWith("!")) return "comment";
    if (control.test(inner)) return "control";
  }
  if (isAlone(text, before, end)) return "insertion";
  // A name that a template decides: of the directive, or of the header that it sets.
  if (!isInsideStatement(before) || /\b(?:proxy_set_header|include)\s+$/.test(before.slice(-80))) return "name";
  return "value";
}

/** Whether a construct has its line for itself and other constructs. */
function isAlone(text: string, before: string, end: number): boolean {
  if (before.slice(before.lastIndexOf("\n") + 1).trim() !== "") return false;
  const [line = ""] = text.slice(end, end + nearby).split("\n", 1);
  return /^\s*(?:#|$)/.test(line.replace(/\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|<%.*?%>/g, ""));
}

/** Whether a statement has begun and not ended before this point. */
function isInsideStatement(before: string): boolean {
  for (let at = before.length; at > 0; ) {
    const lineStart = before.lastIndexOf("\n", at - 1) + 1;
    const line = before
      .slice(lineStart, at)
      .replace(/(?:^|\s)#.*/, "")
      .trimEnd();
    if (line.trim() !== "") return !/[;{}]$/.test(line);
    at = lineStart - 1;
  }
  return false;
}

function touchesWord(text: string, start: number, end: number): boolean {
  return /[^\s;{}]/.test(text[start - 1] ?? " ") || /[^\s;{}]/.test(text[end] ?? " ");
}
