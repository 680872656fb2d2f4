import type { Config } from "./model/config.ts";
import type { Judged } from "./rules/judge.ts";
import type { Directive, Place } from "./syntax/directive.ts";
import { isCertain, isCertainAround, isInBlock } from "./syntax/template.ts";

/**
 * Whether the statements around a finding's places are there and no others, as far as the files decide that include the
 * ones it is in: what stands beside an include may be written, or left out, by a template.
 */
export function isCertainThroughIncludes({ draft, includes }: Judged, config: Config): boolean {
  const related = (draft.related ?? []).map(({ place }) => place);
  return (
    isBroughtCertainly(draft.place, includes.size > 0 ? includes : includesOf(draft.place, config), config) &&
    related.every((place) => isBroughtCertainly(place, includesOf(place, config), config))
  );
}

function includesOf({ segment }: Place, config: Config): ReadonlySet<Directive> {
  return config.includesOf(segment.document);
}

function isBroughtCertainly(place: Place, includes: ReadonlySet<Directive>, config: Config): boolean {
  const work = [...includes].map((include) => ({ include, isInner: isInBlock(place) }));
  const seen = new Set(includes);
  for (let item = work.pop(); item; item = work.pop()) {
    const { head } = item.include;
    // A template that leaves out a whole server together with others says nothing about what is in it.
    if (!(item.isInner ? isCertainAround(head) : isCertain(head))) return false;
    for (const include of includesOf(head, config)) {
      if (seen.has(include)) continue;
      seen.add(include);
      work.push({ include, isInner: item.isInner || isInBlock(head) });
    }
  }
  return true;
}
