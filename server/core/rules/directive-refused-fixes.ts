import { lineOf } from "../edits/headers.ts";
import { insertAfter, replace } from "../edits/insert.ts";
import { remove } from "../edits/remove.ts";
import { effectiveList } from "../model/effective.ts";
import type { Entry, Scope } from "../model/scope.ts";
import { acceptsShape, isDirective } from "../nginx/directives.ts";
import type { Directive, Word } from "../syntax/directive.ts";
import type { DraftFix } from "./rule.ts";

/** Moves a header out of an `if` into its location, where that makes no inherited header disappear. */
export function moveOutOfIf(level: Scope, { directive, via }: Entry): readonly DraftFix[] {
  const location = level.kind === "if" && level.parent?.kind === "location" ? level.parent : undefined;
  if (directive.name !== "proxy_set_header" || via.length > 0 || !location || !level.directive) return [];
  if (location.own("proxy_set_header").length === 0 && effectiveList(location, "proxy_set_header").scope) return [];
  return [
    {
      title: "Move it out of the if, into the location",
      applicability: "suggested",
      edits: [remove(directive), insertAfter(level.directive, [lineOf({ directive, via, scope: undefined })])],
    },
  ];
}

/** The arguments that are directives of their own: a semicolon is missing before each, and with it nginx takes them all. */
export function swallowedBy({ name, args }: Directive): readonly Word[] {
  const found: Word[] = [];
  let current = name;
  let first = 0;
  for (const [index, word] of args.entries()) {
    if (index === first || word.quoted || !isDirective(word.value) || !acceptsShape(current, index - first, false))
      continue;
    found.push(word);
    current = word.value;
    first = index + 1;
  }
  return acceptsShape(current, args.length - first, false) ? found : [];
}

/** Writes the semicolons that are missing. */
export function endSwallowing({ args }: Directive, swallowed: readonly Word[]): readonly DraftFix[] {
  const edits = swallowed.flatMap((word) => {
    const before = args[args.indexOf(word) - 1];
    return before ? [replace({ segment: before.segment, start: before.end, end: before.end }, ";")] : [];
  });
  const title =
    swallowed.length === 1 ? `Insert ; before ${swallowed[0]?.value}` : "Insert ; before each of these directives";
  return [{ title, applicability: "suggested", edits }];
}

/** Puts quotes around a value that was taken for several. */
export function quoteValue(directive: Directive): readonly DraftFix[] {
  const [, first, ...rest] = directive.args;
  const last = rest.at(-1);
  if (!first || !last) return [];
  const { segment, start } = first;
  const text = segment.text.slice(start, last.end);
  // A directive's name among the values, a line break or a quote: something else is wrong.
  if (/["'\n\\]/.test(text) || rest.some((word) => isDirective(word.value))) return [];
  return [
    {
      title: `Quote the value: "${text.length > 40 ? `${text.slice(0, 40)}…` : text}"`,
      applicability: "suggested",
      edits: [replace({ segment, start, end: last.end }, `"${text}"`)],
    },
  ];
}

/** Of two lines of which nginx takes one: which goes, which stays, and the fix, where the first is in the level's own file. */
export function fixDuplicate(level: Scope, first: Entry, second: Entry) {
  const depth = level.via.length;
  const isOwn = (entry: Entry) => entry.via.length === depth;
  if (!isOwn(first) && !isOwn(second)) return { gone: second, stays: first, fixes: [] };
  const gone = isOwn(first) && isOwn(second) ? worse(first, second) : isOwn(first) ? first : second;
  const stays = gone === first ? second : first;
  const title =
    textOf(gone) === textOf(stays)
      ? `Remove this ${textOf(gone)}, keep the other one`
      : `Remove ${textOf(gone)}, keep ${textOf(stays)}`;
  const fix: DraftFix = { title, applicability: "suggested", edits: [remove(gone.directive)] };
  return { gone, stays, fixes: [fix] };
}

/** Which of two lines goes: the one that is not HTTP/1.1, which a WebSocket needs; else the earlier one. */
function worse(first: Entry, second: Entry): Entry {
  const isEarlierRight = first.directive.name === "proxy_http_version" && first.directive.arg(0) === "1.1";
  return isEarlierRight && second.directive.arg(0) !== "1.1" ? second : first;
}

function textOf({ directive }: Entry): string {
  const text = directive.words.map((word) => word.raw).join(" ");
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
