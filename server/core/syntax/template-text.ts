// Texts that become nginx configuration only when somebody fills them in: Jinja and Ansible ({{ }}, {% %}, {# #}), Go
// templates and Helm ({{ }}, also with [[ ]]), Mustache, ERB and EJS (<% %>), Template Toolkit ([% %]), FreeMarker (<#if>,
// [#if]), the tags of ISPConfig (<tmpl_if>), Blade (@if), and names that are replaced: ${NAME} by envsubst, __NAME__,
// @NAME@, %name%. To read the nginx in between, what is not nginx is covered, unit by unit, so that every offset stays.

import { mayHoldConstructs, nearby, type Piece, pieces } from "./template-marks.ts";

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

const control =
  /^(?:if|else|elsif|elif|end\w*|for|range|with|block|define|set|macro|break|continue|raw|unless|case|when)\b|^[#/^}]|\bdo\b|[{|]$|^\$\w+\s*:?=/;
/** The same for the words that only Template Toolkit has. */
const toolkitControl = /^(?:foreach|while|switch|filter|wrapper|use|default|next|last|try|catch)\b/;
/** A construct on one line. */
const anyConstruct =
  /\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|<%.*?%>|\[%.*?%\]|\[\[.*?\]\]|<\/?(?:#|tmpl_).*?>|\{(?:\/?tmpl_.*?|[A-Z][A-Z0-9_]*)\}/g;

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
  const parts: string[] = [];
  let before = "";
  let last = 0;
  for (const piece of pieces(text, mode)) {
    const { start, end } = piece;
    const lead = text.slice(last, start);
    const context = (before + lead.slice(-nearby)).slice(-nearby);
    const kind = kindOf(text, context, piece);
    if (kind === undefined) continue;
    const isInWord =
      kind === "value" ||
      kind === "name" ||
      (kind === "control" && touchesWord(text, start, end) && isInsideStatement(context));
    const cover = (isInWord ? "_" : " ").repeat(end - start);
    constructs.push({ kind, start, end });
    parts.push(lead, cover);
    before = (context + cover).slice(-nearby);
    last = end;
  }
  if (constructs.length === 0) return undefined;
  parts.push(text.slice(last));
  return { text: parts.join(""), constructs };
}

function kindOf(text: string, before: string, { start, end, opens }: Piece): ConstructKind | undefined {
  const source = text.slice(start, end).trim();
  if (opens === "" && !source.startsWith("{")) {
    // A name alone: where a statement goes on, it is a value of that statement.
    if (isInsideStatement(before) || /^\s*(?:;|\{(?![A-Z{%]))/.test(text.slice(end, end + 200))) return undefined;
    return /^@(?!include|php|[A-Z])/.test(source) ? "control" : "insertion";
  }
  const plain = source
    .slice(2, -2)
    .replace(/^[-~+=]/, "")
    .replace(/[-~+]$/, "")
    .trim();
  const inner = opens === "[%" ? plain.toLowerCase() : plain;
  if (opens === "{#" || opens === "<#--") return "comment";
  if (opens === "{%") return /^(?:include|import|call|extends)\b/.test(inner) ? "insertion" : "control";
  if (opens === "<%" || opens === "[%") {
    if (source[2] === "#") return "comment";
    if (opens === "[%" && /^(?:include|process|insert)\b/.test(inner)) return "insertion";
    const isOutput = opens === "[%" ? !toolkitControl.test(inner) && !control.test(inner) : isErbOutput(source, inner);
    if (!isOutput) return "control";
  } else if (opens === "{{" || opens === "[[") {
    if (inner.startsWith("/*") || inner.startsWith("!")) return "comment";
    if (control.test(inner)) return "control";
  } else if (opens !== "" && !/^[<{]tmpl_var\b/.test(source)) {
    return /^.\/?#?(?:tmpl_)?include\b/.test(source) ? "insertion" : "control";
  }
  if (isAlone(text, before, end)) return "insertion";
  // A name that a template decides: of the directive, or of the header that it sets.
  if (!isInsideStatement(before) || /\b(?:proxy_set_header|include)\s+$/.test(before.slice(-80))) return "name";
  return "value";
}

/** Whether a piece of ERB writes what it computes. */
function isErbOutput(source: string, inner: string): boolean {
  return source[2] === "=" || (source[2] === "-" && !control.test(inner));
}

/** Whether a construct has its line for itself and other constructs. */
function isAlone(text: string, before: string, end: number): boolean {
  if (before.slice(before.lastIndexOf("\n") + 1).trim() !== "") return false;
  const [line = ""] = text.slice(end, end + nearby).split("\n", 1);
  return /^\s*(?:#|$)/.test(line.replace(anyConstruct, ""));
}

/** Whether a statement has begun and not ended before this point. */
function isInsideStatement(before: string): boolean {
  for (let at = before.length; at > 0; ) {
    const lineStart = before.lastIndexOf("\n", at - 1) + 1;
    const whole = before.slice(lineStart, at).trimEnd();
    const line = whole.includes("#") ? whole.replace(/(?:^|\s)#.*/, "").trimEnd() : whole;
    if (line !== "") return !/[;{}]$/.test(line);
    at = lineStart - 1;
  }
  return false;
}

function touchesWord(text: string, start: number, end: number): boolean {
  return /[^\s;{}]/.test(text[start - 1] ?? " ") || /[^\s;{}]/.test(text[end] ?? " ");
}
