import type { Environment } from "../model/config.ts";
import { isBuiltInVariable } from "../nginx/variables.ts";
import { spanOf } from "../syntax/document.ts";
import type { Mention, MentionKind } from "./mentions.ts";
import { type Occurrence, occurrencesOf } from "./references.ts";
import type { Family } from "./rename.ts";

/** PCRE takes no longer names for groups. */
const MAX_GROUP = 32;

const zones: readonly MentionKind[] = [
  ...(["limit_req zone", "limit_conn zone", "upstream zone", "session cache", "keyval zone"] as const),
  ...(["proxy cache", "fastcgi cache", "uwsgi cache", "scgi cache"] as const),
];

/** A name as somebody types it, without the sign that belongs to its kind. */
export function cleanName(kind: MentionKind, typed: string): string {
  const name = typed.trim();
  if (kind === "variable") return name.replace(/^\$\{(.*)\}$|^\$(.*)$/, (_, inner, plain) => inner ?? plain);
  return kind === "named location" ? name.replace(/^@/, "") : name;
}

/** Why a name cannot be given; for people. */
export function mistakeIn(name: string, family: Family, mentions: readonly Mention[]): string | undefined {
  const { kind, name: old } = family.mention;
  if (name === "") return "A name is needed.";
  if (kind === "variable") {
    const mistake = mistakeInVariable(name, mentions);
    if (mistake !== undefined) return mistake;
  } else if (!/^[A-Za-z0-9_][\w.-]*$/.test(name)) {
    return `“${name}” cannot be the name of this ${kind}: use letters, digits, dots, hyphens and underlines.`;
  }
  if (isTaken(kind, name)) return `“${name}” means something to nginx itself: choose another name.`;
  const compared = kind === "variable" || kind === "upstream" ? name.toLowerCase() : name;
  if (compared === old) return undefined;
  const other = family.environments.flatMap((environment) => sharing(kind, compared, environment, family)).at(0);
  if (!other) return undefined;
  const verb = other.mention.role === "definition" ? "is already defined" : "is already used";
  const written = kind === "variable" ? `$${name}` : kind === "named location" ? `@${name}` : `“${name}”`;
  return `${written} ${verb} in ${family.locate(spanOf(other.mention.place))}: two things would have one name.`;
}

function mistakeInVariable(name: string, mentions: readonly Mention[]): string | undefined {
  if (!/^[A-Za-z0-9_]+$/.test(name))
    return `“${name}” cannot be the name of a variable: nginx knows letters, digits and underlines only.`;
  if (/^\d/.test(name))
    return `A variable cannot begin with a digit: $${name[0]} is what a regular expression captured.`;
  if (isBuiltInVariable(name))
    return `$${name} is a variable of nginx itself, or of a family that it fills: choose another name.`;
  if (name.length > MAX_GROUP && mentions.some(({ isGroup }) => isGroup))
    return `“${name}” is too long for a group of a regular expression: ${MAX_GROUP} characters are allowed.`;
  return undefined;
}

function isTaken(kind: MentionKind, name: string): boolean {
  if (kind === "log format") return name === "combined" || name === "off";
  return kind.endsWith("cache") && ["off", "none", "builtin"].includes(name);
}

/** What has a name already where the renamed things would have it. */
function sharing(kind: MentionKind, name: string, environment: Environment, family: Family): readonly Occurrence[] {
  // Memory zones share one namespace, whichever module they belong to.
  if (zones.includes(kind)) return zones.flatMap((each) => occurrencesOf({ kind: each, name }, environment));
  return occurrencesOf({ kind, name }, environment).filter(({ space }) => family.spaces.has(space));
}
