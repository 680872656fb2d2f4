import { replace } from "../edits/insert.ts";
import type { Environment } from "../model/config.ts";
import type { Entry, Scope } from "../model/scope.ts";
import { distance } from "../model/spelling.ts";
import { acceptsShape } from "../nginx/directives.ts";
import { usesVariables } from "../nginx/variable-users.ts";
import { builtInVariables } from "../nginx/variables.ts";
import type { Place } from "../syntax/directive.ts";
import { isSound, onEveryLevel } from "./levels.ts";
import type { Draft, Rule } from "./rule.ts";
import { unknownVariables } from "./unknown-variables.ts";

/** A value uses a variable that nothing defines. */
export const unknownVariable: Rule = {
  id: "unknown-variable",
  severity: "error",
  what: "A value uses a variable that neither nginx nor anything in the configuration defines.",
  why: 'nginx does not start: unknown "remote_adr" variable. After a reload it goes on with the old configuration.',
  fixable: "suggested",
  isStructural: true,
  check: onEveryLevel(judgeLevel),
};

function* judgeLevel(level: Scope, environment: Environment): Generator<Draft> {
  if (!environment.isWhole || level.kind === "data" || isOutsideHttp(level)) return;
  for (const entry of level.entries) {
    const drafts = judgeEntry(entry, environment);
    if (drafts.length > 0 && isSound(entry, level, environment)) yield* drafts;
  }
}

/** The variables of stream and mail are others. */
function isOutsideHttp(level: Scope): boolean {
  for (const outer of level.outwards()) if (outer.kind === "http") return false;
  return true;
}

function judgeEntry({ directive }: Entry, environment: Environment): readonly Draft[] {
  const { name, args } = directive;
  const range = usesVariables(name, args.length);
  if (!range || !acceptsShape(name, args.length, directive.isBlock) || isHandshakeHeader(name, directive.arg(0)))
    return [];
  return args
    .slice(...range)
    .filter(({ raw }) => raw.includes("$"))
    .flatMap((word) => unknownVariables(word, environment))
    .flatMap(({ name: unknown, place }) => report(unknown, place, environment) ?? []);
}

/** The variables in these two have a rule of their own, which writes the map that defines them. */
function isHandshakeHeader(name: string, header: string | undefined): boolean {
  return name === "proxy_set_header" && /^(?:upgrade|connection)$/i.test(header ?? "");
}

function report(name: string, place: Place, environment: Environment): Draft | undefined {
  const right = similarVariables(name, environment);
  // A module may bring variables along; nobody misspells those by one letter into the name of another.
  if (right.length === 0 && environment.usesOtherModules) return undefined;
  const shown = name.length > 30 ? `${name.slice(0, 30)}…` : name;
  return {
    place,
    severity: "error",
    message: `nginx will not start: unknown "${shown}" variable. ${
      right.length > 0
        ? `$${right.join(" or $")} is probably meant.`
        : "It is not built in, and no map, set or other directive here defines it."
    }`,
    fixes: right.map((each) => ({
      title: `Write $${each}`,
      applicability: "suggested",
      edits: [replace(place, textOf(place).startsWith("${") ? `\${${each}}` : `$${each}`)],
    })),
  };
}

function textOf({ segment, start, end }: Place): string {
  return segment.text.slice(start, end);
}

/** The variables whose names are nearly this one: one letter wrong, in long names two. */
function similarVariables(name: string, { variableNames }: Environment): readonly string[] {
  if (name.length < 4) return [];
  const most = name.length <= 6 ? 1 : 2;
  const found: { readonly right: string; readonly wrong: number }[] = [];
  const all = new Set([...builtInVariables(), ...variableNames]);
  for (const right of all) {
    if (Math.abs(right.length - name.length) > most || right[0] !== name[0]) continue;
    const wrong = distance(name, right);
    if (wrong <= most) found.push({ right, wrong });
  }
  const best = Math.min(...found.map(({ wrong }) => wrong));
  return found.filter(({ wrong }) => wrong === best).map(({ right }) => right);
}
