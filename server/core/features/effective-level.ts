import type { Doubt, EffectiveValue } from "../model/effective.ts";
import type { Scope } from "../model/scope.ts";
import type { EffectivePlace, ViewedValue } from "./effective.ts";

/** Whether a handler answers at a place, be it that of an `if` in it. */
export function isPassedBy(name: string, { scope, location }: Pick<EffectivePlace, "scope" | "location">): boolean {
  const levels = [scope, ...(location ? [location.scope, ...location.scope.children()] : [])];
  return levels.some((level) => level.kind !== "server" && level.own(name).length > 0);
}

/** What a level is called by somebody who stands in another one. */
export function levelName(level: Scope, here: Scope): ViewedValue["from"] {
  if (level === here) return "here";
  return level.kind === "location" || level.kind === "server" || level.kind === "http" ? level.kind : "main";
}

/** What may change a value that nothing here sets, in a few words. */
export function doubtIn({ certainty, doubt }: Pick<EffectiveValue, "certainty" | "doubt">): string | undefined {
  if (doubt) return `unless ${DOUBTS[doubt]} sets it`;
  return certainty === "open" ? "unless a level outside of this file sets it" : undefined;
}

/** What makes an answer doubtful, as the subject of a sentence. */
export const DOUBTS: Readonly<Record<Doubt, string>> = {
  include: "an include that was not found",
  code: "code that runs here",
  misspelling: "a directive here whose name is misspelt",
};
