import { contextsOf } from "../model/block-context.ts";
import type { Environment } from "../model/config.ts";
import { isPattern } from "../model/include.ts";
import { hasSeveralNames } from "../model/location-name.ts";
import type { Entry, Scope } from "../model/scope.ts";
import { allowedIn, type Context, contexts, type DirectiveShape, directiveShapes } from "../nginx/directives.ts";
import { isTakenOnce } from "../nginx/once.ts";
import type { Directive, Place } from "../syntax/directive.ts";
import { endSwallowing, fixDuplicate, moveOutOfIf, quoteValue, swallowedBy } from "./directive-refused-fixes.ts";
import { isSound, onEveryLevel } from "./levels.ts";
import type { Draft, Rule } from "./rule.ts";

/** nginx does not take a directive where or as it is written. */
export const directiveRefused: Rule = {
  id: "directive-refused",
  severity: "error",
  what: "A directive stands where nginx does not allow it, has the wrong number of values, or stands twice on one level.",
  why: "nginx does not start, or goes on with the old configuration after a reload; nginx -t names the line.",
  fixable: "suggested",
  isStructural: true,
  check: onEveryLevel(judgeLevel),
};

/** The directives that decide about WebSockets; others have tools of their own. */
const relevant = new Set(
  `add_header auth_request error_page hash if ip_hash keepalive keepalive_timeout least_conn limit_except listen location
  map mirror resolver return rewrite send_timeout server server_name set try_files upstream`.split(/\s+/),
);

function* judgeLevel(level: Scope, environment: Environment): Generator<Draft> {
  if (level.kind === "data") return;
  const possible = contextsOf(level, environment);
  const isFragment = !level.directive;
  if (!possible && !isFragment) return;
  const allowed = shapesIn(possible ?? contexts);
  for (const entry of level.entries) {
    const { directive } = entry;
    const { name } = directive;
    if (!name.startsWith("proxy_") && !relevant.has(name)) continue;
    const draft = judgeEntry(level, entry, allowed, possible ?? contexts);
    if (draft && isSound(entry, level, environment)) yield draft;
  }
  for (const name of level.names()) {
    const entries = isTakenOnce(name) ? level.own(name) : [];
    for (const [index, entry] of entries.entries()) {
      if (index > 0 && isSound(entry, level, environment)) yield reportDuplicate(level, entries[0] as Entry, entry);
    }
  }
}

/** What a directive may look like in some contexts; `refused` where it may not stand in any of them. */
type Allowed = Map<string, readonly DirectiveShape[] | "refused">;

const allowedByContexts = new Map<string, Allowed>();

/** The shapes by name, found out once for each context: a site has thousands of levels of the same kind. */
function shapesIn(possible: readonly Context[]): Allowed {
  const key = possible.join();
  const known = allowedByContexts.get(key) ?? new Map();
  allowedByContexts.set(key, known);
  return known;
}

function shapesOf(name: string, possible: readonly Context[]): readonly DirectiveShape[] | "refused" {
  const here = possible.filter((context) => allowedIn(name, context) !== false);
  if (here.length === 0) return "refused";
  return directiveShapes(name).filter(({ contextMask }) =>
    here.some((context) => (contextMask & (1 << contexts.indexOf(context))) !== 0),
  );
}

function judgeEntry(level: Scope, entry: Entry, allowed: Allowed, possible: readonly Context[]): Draft | undefined {
  const { directive } = entry;
  const { name } = directive;
  const shapes = allowed.get(name) ?? shapesOf(name, possible);
  // Names that nobody knows are not worth remembering: a file can have any number of them.
  if (shapes.length > 0) allowed.set(name, shapes);
  if (shapes === "refused")
    return isReportedElsewhere(level, directive) ? undefined : reportContext(level, entry, possible);
  if (shapes.length === 0 || shapes.some(({ argumentMask }) => argumentMask === 0)) return undefined;
  const isBlock = directive.isBlock;
  const fitting = shapes.filter(({ block }) => block === isBlock);
  if (fitting.length === 0)
    return {
      place: directive.namePlace,
      severity: "error",
      message: isBlock
        ? `nginx stops here: directive "${name}" is not terminated by ";". It opens no block: a semicolon has to end it.`
        : `nginx stops here: directive "${name}" has no opening "{". It opens a block: what belongs to it stands between braces.`,
    };
  if (name === "location" && isPathInPlaceOfModifier(directive))
    return {
      place: directive.namePlace,
      severity: "error",
      message: `nginx stops here: invalid location modifier "${directive.arg(0)}". A location has one path. Write a second location, or one regular expression for both.`,
    };
  const isAccepted = fitting.some(({ argumentMask }) => acceptsCount(argumentMask, directive.args.length));
  if (isAccepted || hasPlaceholder(directive) || (isTimeout(name) && directive.args.length > 0)) return undefined;
  return name === "location" && hasSeveralNames(directive) ? undefined : reportCount(directive);
}

/** `location /a /b`: of two words the first is to be a modifier. */
function isPathInPlaceOfModifier(location: Directive): boolean {
  return location.args.length === 2 && location.args.every(({ value }) => value.startsWith("/"));
}

/** A misplaced map, and a time-out in an `if` or `limit_except`, are findings of the rules about them. */
function isReportedElsewhere({ kind }: Scope, { name }: Directive): boolean {
  return name === "map" || (isTimeout(name) && (kind === "if" || kind === "limit_except"));
}

/** Times have a rule of their own, which knows what “3600 s” should be. */
function isTimeout(name: string): boolean {
  return name.endsWith("_timeout");
}

/** `<http or https>`, `...`: a sample that somebody is to fill in. */
function hasPlaceholder(directive: Directive): boolean {
  return directive.args.some((word) => !word.quoted && /^<|>$|^(?:\.{3}|…)$/.test(word.raw));
}

/** The bits of the argument mask, as `ngx_conf_handler()` reads them. */
function acceptsCount(mask: number, count: number): boolean {
  if (mask & (1 << 10) || (mask & (1 << 8) && count >= 1) || (mask & (1 << 9) && count >= 2)) return true;
  return count < 8 && (mask & (1 << count)) !== 0;
}

function reportContext(level: Scope, entry: Entry, possible: readonly Context[]): Draft {
  const { directive, via } = entry;
  const include = via[level.via.length];
  // Of a file that a pattern brings in, or that has other things which are right here, the line is wrong; else the include.
  const isNamed = include !== undefined && !isPattern(include.arg(0) ?? "") && isMisplaced(level, include, possible);
  const place: Place = isNamed ? include.namePlace : directive.namePlace;
  const where = level.directive ? `inside ${withArticle(level.directive.name)}` : "outside every block";
  return {
    place,
    severity: "error",
    message: `nginx stops here: "${directive.name}" directive is not allowed here, ${where}. ${homes(directive.name)}`,
    related: isNamed ? [{ place: directive.head, message: "The directive that nginx refuses there." }] : [],
    fixes: isNamed ? [] : moveOutOfIf(level, entry),
  };
}

const misplaced = new WeakMap<readonly Entry[], ReadonlySet<Directive>>();

/** Whether nothing of what an include brings to a level may stand there. */
function isMisplaced(level: Scope, include: Directive, possible: readonly Context[]): boolean {
  let found = misplaced.get(level.entries);
  if (!found) {
    const includes = new Set<Directive>();
    const fitting = new Set<Directive>();
    for (const { directive, via } of level.entries) {
      const own = via[level.via.length];
      if (!own) continue;
      includes.add(own);
      if (possible.some((context) => allowedIn(directive.name, context))) fitting.add(own);
    }
    found = new Set([...includes].filter((each) => !fitting.has(each)));
    misplaced.set(level.entries, found);
  }
  return found.has(include);
}

function withArticle(block: string): string {
  if (["http", "stream", "mail", "events"].includes(block)) return block;
  return `${/^[aeiou]/.test(block) ? "an" : "a"} ${block}`;
}

/** “It belongs in http, server or location.” What stream and mail allow is left out where http allows it too. */
function homes(name: string): string {
  const allowed = contexts.filter((context) => allowedIn(name, context));
  const usual = allowed.filter((context) => !/^(?:stream|mail)/.test(context));
  const names = (usual.length > 0 ? usual : allowed).map((context) =>
    context.endsWith(" if") ? `an if of a ${context.slice(0, -3)}` : context,
  );
  const last = names.at(-1) ?? "";
  return `It belongs in ${names.length > 1 ? `${names.slice(0, -1).join(", ")} or ${last}` : last}.`;
}

function reportCount(directive: Directive): Draft {
  const { name } = directive;
  const swallowed = swallowedBy(directive);
  if (swallowed[0]) {
    return {
      place: directive.namePlace,
      severity: "error",
      message: `nginx stops here: invalid number of arguments in "${name}" directive. A semicolon is missing before ${swallowed[0].value}, so nginx takes it for a value.`,
      fixes: endSwallowing(directive, swallowed),
    };
  }
  const isHeader = name === "proxy_set_header" || name === "add_header";
  const advice = !isHeader
    ? "Look for a missing or extra value, or for blanks that need quotes."
    : directive.args.length > 2
      ? "A value with blanks needs quotes around it."
      : 'It takes a name and a value; "" as the value means that the header is not sent.';
  return {
    place: directive.namePlace,
    severity: "error",
    message: `nginx stops here: invalid number of arguments in "${name}" directive. ${advice}`,
    fixes: isHeader ? quoteValue(directive) : [],
  };
}

function reportDuplicate(level: Scope, first: Entry, second: Entry): Draft {
  const { gone, stays, fixes } = fixDuplicate(level, first, second);
  const isIncluded = stays.via.length > level.via.length;
  const include = gone.via[level.via.length];
  return {
    place: (include ?? gone.directive).namePlace,
    severity: "error",
    message: `nginx stops here: "${gone.directive.name}" directive is duplicate. A level takes it once, ${
      isIncluded ? "and an include sets it here as well" : "and it stands here twice"
    }.`,
    related: [{ place: stays.directive.head, message: "The other one." }],
    fixes,
  };
}
