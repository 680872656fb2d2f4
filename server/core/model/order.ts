import type { Directive } from "../syntax/directive.ts";
import type { Entry } from "./scope.ts";

/** Compares two statements of a configuration by nginx's order, without a look at what stands between them. */
export function compareEntries(left: Entry, right: Entry): number {
  const shorter = Math.min(left.via.length, right.via.length);
  for (let depth = 0; depth < shorter; depth++) {
    const order = compareDirectives(left.via[depth] as Directive, right.via[depth] as Directive);
    if (order !== 0) return order;
  }
  return compareDirectives(left.via[shorter] ?? left.directive, right.via[shorter] ?? right.directive);
}

function compareDirectives(left: Directive, right: Directive): number {
  const [a, b] = [left.segment, right.segment];
  if (a === b) return left.statement - right.statement;
  if (a.document === b.document) return a.index - b.index;
  // One include brings both files, which nginx reads in the order of their names.
  return a.document.file < b.document.file ? -1 : 1;
}
