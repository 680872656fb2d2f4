import type { Environment } from "../model/config.ts";
import type { Scope } from "../model/scope.ts";
import type { Directive } from "../syntax/directive.ts";
import type { Document, Segment } from "../syntax/document.ts";
import { certainValueMentions } from "./carriers.ts";
import { type Mention, mentionsIn, mentionsOf } from "./mentions.ts";
import { spaceOf, statementsIn } from "./namespaces.ts";

/** A name in a place of a configuration. */
export interface Occurrence {
  readonly mention: Mention;
  /** The same for all names that can mean the same thing. */
  readonly space: unknown;
  readonly scope: Scope;
  readonly environment: Environment;
}

/** A name that is looked for. */
export type Wanted = Pick<Mention, "kind" | "name">;

/** Everything in a configuration that has this name, in whatever namespace. */
export function occurrencesOf({ kind, name }: Wanted, environment: Environment): readonly Occurrence[] {
  const found: Occurrence[] = [];
  const pattern = new RegExp(name.replace(/[^\w]/g, "\\$&"), "i");
  const holds = new Map<Segment, boolean>();
  const mayHold = (segment: Segment): boolean => {
    let answer = holds.get(segment);
    if (answer === undefined) {
      answer = pattern.test(segment.text);
      holds.set(segment, answer);
    }
    return answer;
  };
  for (const { directive, scope } of statementsIn(environment)) {
    if (!mayHold(directive.segment)) continue;
    for (const mention of mentionsAt(directive, scope)) {
      if (mention.kind !== kind || mention.name !== name) continue;
      found.push({ mention, space: spaceOf(kind, scope, environment), scope, environment });
    }
  }
  if (kind !== "upstream") return found;
  for (const { mention, scope } of certainValueMentions(environment, name))
    found.push({ mention, space: spaceOf(kind, scope, environment), scope, environment });
  return found;
}

const bySegment = new WeakMap<Segment, ReadonlyMap<number, readonly Mention[]>>();

/** The names in a statement, which mean what they mean in this block. */
export function mentionsAt(directive: Directive, scope: Scope): readonly Mention[] {
  const block = scope.directive;
  // The lines of an included file do not say which block they are for.
  if (block && block.segment !== directive.segment && block.segment.kind !== "open")
    return mentionsOf(directive, block);
  const { segment } = directive;
  let known = bySegment.get(segment);
  if (!known) {
    const grouped = new Map<number, Mention[]>();
    for (const mention of mentionsIn(segment)) {
      const group = grouped.get(mention.directive.statement);
      if (group) group.push(mention);
      else grouped.set(mention.directive.statement, [mention]);
    }
    known = grouped;
    bySegment.set(segment, known);
  }
  return known.get(directive.statement) ?? NONE;
}

const NONE: readonly Mention[] = [];

/** Everything that means the same as a name, given the configurations that its file is part of. */
export function sameAs(mention: Mention, environments: readonly Environment[]): readonly Occurrence[] {
  const all = environments.flatMap((environment) => occurrencesOf(mention, environment));
  const spaces = new Set(all.filter(isAt(mention)).map(({ space }) => space));
  return all.filter(({ space }) => spaces.has(space));
}

function isAt({ place }: Mention): (other: Occurrence) => boolean {
  return ({ mention: { place: each } }) => each.segment === place.segment && each.start === place.start;
}

/** Each place once, in the order of files and text. */
export function withoutRepeats(occurrences: readonly Occurrence[]): readonly Mention[] {
  const found = new Map<string, Mention>();
  for (const { mention } of occurrences) {
    const { segment, start } = mention.place;
    found.set(`${segment.document.file}\n${segment.offset + start}`, mention);
  }
  const fileOf = ({ place }: Mention) => place.segment.document.file;
  const offsetOf = ({ place }: Mention) => place.segment.offset + place.start;
  return [...found.values()].sort((a, b) =>
    fileOf(a) === fileOf(b) ? offsetOf(a) - offsetOf(b) : fileOf(a) < fileOf(b) ? -1 : 1,
  );
}

/** The same name elsewhere in a document, as far as the document alone can say what it means. */
export function highlightsOf(mention: Mention, document: Document): readonly Mention[] {
  const server = mention.kind === "named location" ? serverOf(mention) : undefined;
  const container = mention.directive.segment.container?.directives()[0]?.name;
  const found: Mention[] = [];
  for (const segment of document.segments) {
    if (segment.container?.directives()[0]?.name !== container) continue;
    for (const each of mentionsIn(segment)) {
      if (each.kind !== mention.kind || each.name !== mention.name) continue;
      if (server !== undefined && serverOf(each) !== server) continue;
      found.push(each);
    }
  }
  return found;
}

/** The beginning of the server around a name, in the document; −1 for none. */
function serverOf({ directive }: Mention): number {
  const { segment } = directive;
  const around = segment.directives().find((each) => {
    const { start, end } = each.place;
    return each.name === "server" && start <= directive.head.start && directive.head.end <= end;
  });
  return around ? segment.offset + around.place.start : -1;
}
