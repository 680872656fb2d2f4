import { splitValue, variablesIn } from "../nginx/variables.ts";
import type { Word } from "../syntax/directive.ts";
import type { Environment } from "./config.ts";
import { mapOf } from "./map-uses.ts";
import { type MapEntry, selectEntry } from "./maps.ts";
import type { ProxyBlock } from "./proxy.ts";
import type { Scope } from "./scope.ts";

// `$1` is what the last regular expression of the request captured, whichever that was: a map that compares with one
// while the address or a header is put together replaces what the location's path has captured
// (ngx_http_regex_exec writes r->captures). Measured: an expression without groups empties $1 as well.

/** A capture of the location's path that a map has replaced when it is used. */
export interface LostCapture {
  /** The value that uses it. */
  readonly word: Word;
  /** `$1` */
  readonly name: string;
  /** The line of the map that matches a handshake. */
  readonly entry: MapEntry;
  /** The variable (lower case) that the map defines. */
  readonly variable: string;
}

/** The captures that are lost when a handshake reaches a location. */
export function lostCaptures(proxy: ProxyBlock, environment: Environment): readonly LostCapture[] {
  const { location } = proxy;
  if (!location || !proxy.modifier.startsWith("~") || hasOtherExpressions(location)) return [];
  const early = [...rewriteValues(location), proxy.url.value];
  const setters = proxy.headers.entries.flatMap(({ directive }) => directive.args[1] ?? []);
  return [
    ...lostIn([proxy.url], early, proxy, environment),
    // The headers are put together after the address; nginx asks for all lengths before it writes.
    ...lostIn(setters, [...early, ...setters.map(({ value }) => value)], proxy, environment),
  ];
}

/** Whether other expressions of the location have captures of their own, which `$1` may mean. */
function hasOtherExpressions(location: Scope): boolean {
  const ifs = location.own("if").some(({ directive }) => directive.args.some(({ value }) => /^!?~\*?$/.test(value)));
  return ifs || [location, ...location.children()].some((scope) => scope.own("rewrite").length > 0);
}

/** What `if` and `set` evaluate in a location before the request is passed on. */
function rewriteValues(location: Scope): readonly string[] {
  const blocks = [location, ...location.children().filter(({ kind }) => kind === "if")];
  return [
    ...location.own("if").flatMap(({ directive }) => directive.args.map(({ value }) => value)),
    ...blocks.flatMap((block) => block.own("set").flatMap(({ directive }) => directive.arg(1) ?? [])),
  ];
}

function lostIn(
  words: readonly Word[],
  evaluated: readonly string[],
  proxy: ProxyBlock,
  environment: Environment,
): readonly LostCapture[] {
  const users = words.flatMap((word) => {
    const part = splitValue(word.value).find((each) => each.kind === "variable" && /^[1-9]$/.test(each.name));
    return part?.kind === "variable" ? [{ word, name: `$${part.name}` }] : [];
  });
  if (users.length === 0) return [];
  for (const variable of new Set(evaluated.flatMap(variablesIn))) {
    const entry = matchingExpression(variable, proxy, environment);
    if (entry) return users.map((user) => ({ ...user, entry, variable }));
  }
  return [];
}

/** The regular expression of a map that a handshake certainly matches. */
function matchingExpression(variable: string, proxy: ProxyBlock, environment: Environment): MapEntry | undefined {
  const map = mapOf(variable, environment);
  const sources = map && !map.doubtful ? proxy.evaluation("websocket").evaluate(map.source) : undefined;
  const entries = (sources ?? []).map((source) => selectEntry(map as NonNullable<typeof map>, source));
  const [first] = entries;
  if (!first || first === "unknown" || entries.some((entry) => entry !== first)) return undefined;
  return first.key.startsWith("~") ? first : undefined;
}
