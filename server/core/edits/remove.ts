import type { Scope } from "../model/scope.ts";
import type { DraftEdit } from "../rules/rule.ts";
import type { Directive } from "../syntax/directive.ts";
import { wholeLines } from "./insert.ts";

/** Takes a directive out: with its lines when it has them for itself, else with the blanks before it; comments stay. */
export function remove(directive: Directive): DraftEdit {
  const { place } = directive;
  const lines = wholeLines(place);
  if (lines !== place) return { place: lines, newText: "" };
  const { segment, end } = place;
  let { start } = place;
  while (start > 0 && /[ \t]/.test(segment.text[start - 1] as string)) start--;
  // At the beginning of a line the blanks are its indentation, and a comment keeps it.
  const isFirst = start === 0 || segment.text[start - 1] === "\n";
  return { place: isFirst ? place : { segment, start, end }, newText: "" };
}

/** Whether a level keeps its own list of a directive when some of its lines go, so that no outer list comes into force. */
export function keepsList(level: Scope | undefined, name: string, removed: readonly Directive[]): boolean {
  if (!level) return true;
  if (level.own(name).some(({ directive }) => !removed.includes(directive))) return true;
  for (const outer of level.outwards()) if (outer !== level && outer.own(name).length > 0) return false;
  return true;
}
