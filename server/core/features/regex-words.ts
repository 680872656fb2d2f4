import type { Directive, Word } from "../syntax/directive.ts";

/** Directives of which an argument is a regular expression when it begins with a tilde. */
const tildes = new Set([
  "server_name",
  "valid_referers",
  "proxy_redirect",
  "fastcgi_redirect",
  "proxy_cookie_domain",
  "proxy_cookie_path",
  "proxy_cookie_flags",
]);

/** Whether an argument is a regular expression, so that its dollar signs are ends and its groups can have names. */
export function isRegularExpression(directive: Directive, word: Word, container: string): boolean {
  const { name, words } = directive;
  if (container === "map") return word === words[0] && word.value.startsWith("~");
  if (tildes.has(name)) return word.value.startsWith("~");
  if (name === "rewrite" || name === "fastcgi_split_path_info") return word === words[1];
  if (name === "location") {
    if (words.length > 2) return word === words[2] && /^~\*?$/.test(words[1]?.value ?? "");
    return word.value.startsWith("~");
  }
  if (name !== "if") return false;
  const operator = words.findIndex(({ value }) => /^!?~\*?$/.test(value));
  return operator > 0 && words.indexOf(word) > operator;
}

/** A name of a group in an expression, in offsets from its start. */
export interface GroupName {
  readonly role: "definition" | "use";
  readonly start: number;
  readonly end: number;
}

const name = "[A-Za-z_][A-Za-z0-9_]*";
const definitions = [`\\(\\?P?<(${name})>`, `\\(\\?'(${name})'`];
const uses = [
  ...[`\\\\[kg]<(${name})>`, `\\\\[kg]'(${name})'`, `\\\\[kg]\\{(${name})\\}`],
  ...[`\\(\\?P=(${name})\\)`, `\\(\\?P>(${name})\\)`, `\\(\\?&(${name})\\)`],
  ...[`\\(\\?\\(<(${name})>\\)`, `\\(\\?\\('(${name})'\\)`],
];
const all = new RegExp([...definitions, ...uses].join("|"), "dg");

/** Where an expression names groups and refers to them (pcre2pattern, “Named capture groups”). */
export function groupNames(expression: string): readonly GroupName[] {
  if (!expression.includes("(?") && !expression.includes("\\")) return [];
  const found: GroupName[] = [];
  for (const match of expression.matchAll(all)) {
    const index = match.findIndex((group, at) => at > 0 && group !== undefined);
    const [start = 0, end = 0] = match.indices?.[index] ?? [];
    found.push({ role: index <= definitions.length ? "definition" : "use", start, end });
  }
  return found;
}
