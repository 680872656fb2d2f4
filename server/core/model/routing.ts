import type { LocationBlock } from "./location.ts";
import { testPattern } from "./maps.ts";

/** Where nginx sends a path. */
export interface Route {
  /** The location that takes it; undefined when none does (nginx then serves a file). */
  readonly location: LocationBlock | undefined;
  /** Whether nginx answers 301 to the same path with a slash instead (`auto_redirect`, ngx_http_core_find_config_phase). */
  readonly isSlashRedirect: boolean;
  /** Whether a regular expression that could not be judged here might take the path instead. */
  readonly isCertain: boolean;
}

/** More regular expressions than this are not tried on one path: who takes it is then not known. */
const MAX_TRIES = 200;

/** Handlers whose location redirects `/ws` to `/ws/` when only `/ws/` is configured. */
const redirecting = new Set(["proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass", "memcached_pass"]);

/**
 * Chooses the location of a path as `ngx_http_core_find_location()` does: an exact one; else the longest prefix and
 * what is nested in it; then, unless that prefix has `^~`, the first regular expression that matches, and the regular
 * expressions nested in that one.
 */
export function routePath(locations: readonly LocationBlock[], path: string): Route {
  let level = levelOf(locations);
  let found: LocationBlock | undefined;
  /** The levels whose regular expressions are still to be tried, innermost last. */
  const waiting: (readonly LocationBlock[])[] = [];
  let isCertain = true;
  for (;;) {
    const { exact, prefix, redirect } = matchStatic(level, path);
    if (exact) return { location: exact, isSlashRedirect: false, isCertain };
    if (redirect) return { location: redirect, isSlashRedirect: true, isCertain };
    if (prefix) {
      found = prefix;
      waiting.push(prefix.modifier === "^~" ? [] : level.regexes);
      level = levelOf(prefix.inner);
      continue;
    }
    waiting.push(level.regexes);
    const match = firstMatch(waiting, path);
    if (!match.isCertain) isCertain = false;
    if (!match.location) return { location: found, isSlashRedirect: false, isCertain };
    found = match.location;
    waiting.length = 0;
    // Of what is nested in a regular expression nginx looks at regular expressions only: no tree is built there.
    level = { ...nothing, regexes: levelOf(found.inner).regexes };
  }
}

/** The locations of one level by what nginx looks them up by. */
interface Level {
  readonly exact: ReadonlyMap<string, LocationBlock>;
  readonly prefixes: ReadonlyMap<string, LocationBlock>;
  readonly regexes: readonly LocationBlock[];
}

const nothing: Level = { exact: new Map(), prefixes: new Map(), regexes: [] };

const levels = new WeakMap<readonly LocationBlock[], Level>();

function levelOf(locations: readonly LocationBlock[]): Level {
  const known = levels.get(locations);
  if (known) return known;
  const exact = new Map<string, LocationBlock>();
  const prefixes = new Map<string, LocationBlock>();
  for (const location of locations) {
    if (location.modifier === "=") exact.set(location.pattern, location);
    else if (location.modifier === "" || location.modifier === "^~") prefixes.set(location.pattern, location);
  }
  const regexes = locations.filter(({ modifier }) => modifier === "~" || modifier === "~*");
  const level = { exact, prefixes, regexes };
  levels.set(locations, level);
  return level;
}

function matchStatic({ exact, prefixes }: Level, path: string) {
  const same = exact.get(path);
  if (same) return { exact: same };
  // The slash goes to both of them where the exact one and the prefix are there; either one's handler asks for it.
  const withSlash = [exact.get(`${path}/`), prefixes.get(`${path}/`)].filter((each) => each !== undefined);
  const redirects = withSlash.some(({ pass }) => redirecting.has(pass?.directive.name ?? ""));
  if (!prefixes.has(path) && withSlash[0] && redirects) return { redirect: withSlash[0] };
  for (let length = path.length; length >= 0; length--) {
    const prefix = prefixes.get(path.slice(0, length));
    if (prefix) return { prefix };
  }
  return {};
}

/** The first regular expression that matches, innermost level first. */
function firstMatch(waiting: readonly (readonly LocationBlock[])[], path: string) {
  let isCertain = true;
  let tries = 0;
  for (const level of waiting.toReversed()) {
    for (const location of level) {
      if (tries++ >= MAX_TRIES) return { location: undefined, isCertain: false };
      const matches = testPattern(location.pattern, location.modifier === "~*", path);
      if (matches === undefined) isCertain = false;
      if (matches) return { location, isCertain };
    }
  }
  return { location: undefined, isCertain };
}
