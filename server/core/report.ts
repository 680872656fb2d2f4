import type { Finding } from "./finding.ts";
import { allRules } from "./rules/index.ts";
import { isOff, type Judged, severityInForce } from "./rules/judge.ts";
import { applySuppressions } from "./rules/suppressions.ts";
import type { Settings } from "./settings.ts";
import type { Directive } from "./syntax/directive.ts";
import { type Document, spanOf } from "./syntax/document.ts";
import { isCertain, isCertainInside, isPlaceholder } from "./syntax/template.ts";

// What the rules said becomes what is reported: places become offsets, what a template decides is left out, what several
// configurations say about one place is said once, and comments and settings have the last word.

const rulesById = new Map(allRules.map((rule) => [rule.id, rule]));

/** The findings of a document, sorted by position. `includes` are all includes that bring it. */
export function report(
  document: Document,
  judged: readonly Judged[],
  includes: ReadonlySet<Directive>,
  settings: Settings,
): readonly Finding[] {
  const found = new Map<string, { finding: Finding; includes: ReadonlySet<Directive> }>();
  for (const item of judged) {
    const finding = resolve(item);
    if (!finding) continue;
    const key = `${finding.rule} ${finding.span.start} ${finding.span.end}`;
    found.set(key, { finding, includes: new Set([...(found.get(key)?.includes ?? []), ...item.includes]) });
  }
  const sorted = [...found.values()]
    .map(({ finding, includes: those }) => withPlaces(finding, those, includes))
    .sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  return applySuppressions(document, sorted, (rule) => isOffIn(settings, rule))
    .filter((finding) => !isOffIn(settings, finding.rule))
    .map((finding) => ({ ...finding, severity: severityInForce(finding.rule, finding.severity, settings.rules) }));
}

function resolve({ rule, draft }: Judged): Finding | undefined {
  const isSure = isCertain(draft.place) && (draft.related ?? []).every(({ place }) => isCertainInside(place));
  if (isPlaceholder(draft.place) || (rule.isStructural && !isSure)) return undefined;
  // Where a template decides what a line will be, nobody can say where another line goes.
  const sound = (draft.fixes ?? []).filter(({ edits }) =>
    edits.every(({ place }) => isCertain(place) && !isPlaceholder(place)),
  );
  const fixes = sound.map(({ title, applicability, edits }) => ({
    title,
    applicability,
    edits: edits.map(({ place, newText }) => ({ ...spanOf(place), newText })),
  }));
  const finding: Finding = {
    rule: rule.id,
    severity: draft.severity,
    span: spanOf(draft.place),
    message: draft.message,
    related: (draft.related ?? []).map(({ place, message }) => ({ span: spanOf(place), message })),
    fixes,
  };
  return rule.cause === undefined ? finding : { ...finding, cause: rule.cause };
}

function isOffIn({ rules }: Settings, id: string): boolean {
  const rule = rulesById.get(id);
  return rule !== undefined && isOff(rule, rules);
}

/** No more includes than this are named. */
const MAX_INCLUDES = 3;

/**
 * A mistake in a file that several includes bring, and that is one after some of them only: says after which. Nobody
 * knows whether a fix does the others good.
 */
function withPlaces(finding: Finding, includes: ReadonlySet<Directive>, all: ReadonlySet<Directive>): Finding {
  if (includes.size === 0 || includes.size >= all.size) return finding;
  const places = [...includes].slice(0, MAX_INCLUDES).map(({ head }) => spanOf(head));
  const more = includes.size > places.length ? ` (and in ${includes.size - places.length} more places)` : "";
  const message = `It is wrong where it is included here${more}, not at all of its ${all.size} includes.`;
  return {
    ...finding,
    related: [...finding.related, ...places.map((span) => ({ span, message }))],
    fixes: finding.fixes.map((fix) => ({ ...fix, applicability: "suggested" as const })),
  };
}
