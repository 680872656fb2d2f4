import type { LocationBlock } from "../model/location.ts";
import type { Entry } from "../model/scope.ts";
import type { Directive } from "../syntax/directive.ts";

/** The statement of a location, or the include in the location that brings it: what has to be changed for this one. */
export function writtenHere(location: LocationBlock, entry: Entry): Directive {
  return entry.via[location.scope.via.length] ?? entry.directive;
}

/** Whether a statement stands in the location itself, so that a fix of it touches no other. */
export function isWrittenHere(location: LocationBlock, entry: Entry): boolean {
  return writtenHere(location, entry) === entry.directive;
}
