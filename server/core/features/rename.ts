import type { Edit, FileId, Span } from "../finding.ts";
import type { Environment } from "../model/config.ts";
import { isBuiltInVariable } from "../nginx/variables.ts";
import { spanOf } from "../syntax/document.ts";
import type { Mention } from "./mentions.ts";
import { type Occurrence, occurrencesOf, withoutRepeats } from "./references.ts";
import { doubtsAbout } from "./rename-doubts.ts";
import { cleanName, mistakeIn } from "./rename-names.ts";
import { warningsAbout } from "./rename-warnings.ts";

/** The edits of a rename with what a person should know about them, or why there are none. */
export type Rename =
  | { readonly refusal: string }
  | { readonly refusal?: undefined; readonly edits: readonly Edit[]; readonly warnings: readonly string[] };

/** What a rename has to know about the files around it. */
export interface RenameContext {
  /** The configurations that share names with a file. */
  environmentsOf(file: FileId): readonly Environment[];
  /** Names a place for people. */
  locate(span: Span): string;
}

/** Everything that is renamed together, and where it was looked for. */
export interface Family {
  readonly mention: Mention;
  readonly occurrences: readonly Occurrence[];
  readonly spaces: ReadonlySet<unknown>;
  readonly environments: readonly Environment[];
  readonly locate: (span: Span) => string;
}

/**
 * Gives a name of the configuration another one in all files, or says why that cannot be done without breaking something.
 * Without a new name there are no edits: then the answer only says whether a rename is possible.
 */
export function renameAll(mention: Mention, newName: string | undefined, context: RenameContext): Rename {
  // `set $limit_rate` changes a variable that nginx reads.
  if (mention.kind === "variable" && isBuiltInVariable(mention.name)) return { refusal: undefinedName(mention) };
  const family = familyOf(mention, context);
  if (!family.occurrences.some(({ mention: { role } }) => role === "definition"))
    return { refusal: undefinedName(mention) };
  const doubt = doubtsAbout(family);
  if (doubt !== undefined) return { refusal: doubt };
  if (newName === undefined) return { edits: [], warnings: [] };
  const name = cleanName(mention.kind, newName);
  const mentions = withoutRepeats(family.occurrences);
  const mistake = mistakeIn(name, family, mentions);
  if (mistake !== undefined) return { refusal: mistake };
  const changed = mentions.filter(({ place: { segment, start, end } }) => segment.text.slice(start, end) !== name);
  const edits = changed.map(({ place }) => ({ ...spanOf(place), newText: name }));
  return { edits, warnings: edits.length > 0 ? warningsAbout(family, name) : [] };
}

/** What stands in several configurations has to have one name in all of them. */
function familyOf(mention: Mention, context: RenameContext): Family {
  const environments = new Set(context.environmentsOf(mention.place.segment.document.file));
  const spaces = new Set<unknown>();
  for (;;) {
    const all = [...environments].flatMap((environment) => occurrencesOf(mention, environment));
    const places = placesOf(all);
    const waiting = [keyOf(mention)];
    const seen = new Set<string>(waiting);
    for (const key of waiting) {
      for (const { space } of places.get(key) ?? []) {
        if (spaces.has(space)) continue;
        spaces.add(space);
        for (const other of all) {
          const next = keyOf(other.mention);
          if (other.space !== space || seen.has(next)) continue;
          seen.add(next);
          waiting.push(next);
        }
      }
    }
    const occurrences = all.filter(({ space }) => spaces.has(space));
    const before = environments.size;
    const files = new Set(occurrences.map((each) => each.mention.place.segment.document.file));
    for (const file of files) for (const each of context.environmentsOf(file)) environments.add(each);
    if (environments.size === before)
      return { mention, occurrences, spaces, environments: [...environments], locate: (span) => context.locate(span) };
    spaces.clear();
  }
}

function placesOf(all: readonly Occurrence[]): ReadonlyMap<string, readonly Occurrence[]> {
  const places = new Map<string, Occurrence[]>();
  for (const occurrence of all) {
    const key = keyOf(occurrence.mention);
    const known = places.get(key);
    if (known) known.push(occurrence);
    else places.set(key, [occurrence]);
  }
  return places;
}

function keyOf({ place }: Mention): string {
  const { file, start } = spanOf(place);
  return `${file}\n${start}`;
}

function undefinedName({ kind, name }: Mention): string {
  if (kind === "upstream")
    return `“${name}” is the name of a host: no upstream in the files that are known here has it.`;
  if (kind !== "variable") return `Nothing in the files that are known here defines the ${kind} “${name}”.`;
  return isBuiltInVariable(name)
    ? `$${name} is a variable of nginx itself: it has no other name.`
    : `Nothing in the files that are known here defines $${name}.`;
}
