import { definingWord } from "../model/variables.ts";
import type { Directive, Place, Word } from "../syntax/directive.ts";
import type { Document, Segment } from "../syntax/document.ts";
import { cacheFamilies, formatUser, locationUsers, passTarget, passUsers, zoneWord } from "./mention-words.ts";
import { groupNames, isRegularExpression } from "./regex-words.ts";

// Names that a configuration gives to something, and where it uses them. What stands in a segment is found once: an edit
// looks at the touched segment again and leaves the others.

/** What a name is the name of. A zone of one module is no zone of another. */
export type MentionKind =
  | "upstream"
  | "variable"
  | "named location"
  | "log format"
  | "limit_req zone"
  | "limit_conn zone"
  | "proxy cache"
  | "fastcgi cache"
  | "uwsgi cache"
  | "scgi cache"
  | "upstream zone"
  | "session cache"
  | "keyval zone";

/** A name in the text. */
export interface Mention {
  readonly kind: MentionKind;
  /** As nginx compares it: names of variables and upstreams in lower case. */
  readonly name: string;
  /** The name alone, without `$`, braces or `@`. */
  readonly place: Place;
  readonly role: "definition" | "use";
  readonly directive: Directive;
  /** Whether it names a group of a regular expression, where PCRE has rules of its own. */
  readonly isGroup: boolean;
}

const cache = new WeakMap<Segment, readonly Mention[]>();

/** The names in a segment, in the order of the text. */
export function mentionsIn(segment: Segment): readonly Mention[] {
  const known = cache.get(segment);
  if (known) return known;
  const found: Mention[] = [];
  const stack: { readonly directive: Directive; readonly block: Directive | undefined }[] = [];
  const push = (directives: readonly Directive[], block: Directive | undefined) => {
    for (const directive of directives.toReversed()) stack.push({ directive, block });
  };
  push(segment.directives(), undefined);
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { directive, block } = next;
    for (const mention of mentionsOf(directive, block)) found.push(mention);
    if (segment.kind !== "open" && directive.isBlock) push(directive.children(), directive);
  }
  cache.set(segment, found);
  return found;
}

/** The names in one statement (not in its block), given the block around it. */
export function mentionsOf(directive: Directive, block: Directive | undefined): readonly Mention[] {
  return [...findMentions(directive, block)].sort((a, b) => a.place.start - b.place.start);
}

/** The name at an offset; the signs around it (`${…}`, `@`) count as it. */
export function mentionAt(document: Document, offset: number): Mention | undefined {
  const segment = segmentAt(document, offset);
  if (!segment) return undefined;
  const at = offset - segment.offset;
  return mentionsIn(segment).find(({ place: { start, end } }) => {
    let from = start;
    while (from > 0 && "${@".includes(segment.text.charAt(from - 1))) from--;
    return from <= at && at <= end;
  });
}

/** The segment that holds an offset; at the end of the document the last one. */
export function segmentAt(document: Document, offset: number): Segment | undefined {
  const { segments } = document;
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const { offset: start, text } = segments[middle] as Segment;
    if (start + text.length <= offset) low = middle + 1;
    else high = middle;
  }
  return segments[low];
}

function* findMentions(directive: Directive, block: Directive | undefined): Generator<Mention> {
  const { name } = directive;
  const container = block?.name ?? "";
  // The lines of types and charset_map hold no names at all.
  if (container === "types" || container === "charset_map") return;
  if (container === "geo" || container === "split_clients") return;
  if (container === "map") {
    yield* variablesOf(directive, directive.args, undefined);
    const [key] = directive.words;
    if (key && isRegularExpression(directive, key, container)) yield* groupsOf(directive, key);
    return;
  }
  if (container.startsWith("geoip2") && name.startsWith("$")) {
    yield* variablesOf(directive, directive.words, directive.words[0]);
    return;
  }
  const defining = name === "map" ? directive.args[1] : name === "set" ? directive.args[0] : definingWord(directive);
  const values: Word[] = [];
  for (const word of directive.args) {
    if (isRegularExpression(directive, word, container)) yield* groupsOf(directive, word);
    else values.push(word);
  }
  yield* variablesOf(directive, values, defining);
  yield* othersOf(directive, container);
}

/** The statement-specific names: those that are no variables. */
function* othersOf(directive: Directive, container: string): Generator<Mention> {
  const { name, args } = directive;
  const [first, second] = args;
  const last = args.at(-1);
  if (!first || !last) return;
  if (name === "upstream" && directive.isBlock) yield* whole("upstream", "definition", directive, first);
  else if (name === "location" && first.value.startsWith("@"))
    yield* after("named location", "definition", directive, first, "@");
  else if (locationUsers.has(name)) {
    if (last.value.startsWith("@")) yield* after("named location", "use", directive, last, "@");
  } else if (name === "log_format") yield* whole("log format", "definition", directive, first);
  else if (name === formatUser) {
    if (second && first.value !== "off" && !/^(?:buffer=|gzip\b|flush=|if=)/.test(second.value))
      yield* whole("log format", "use", directive, second);
  } else if (passUsers.has(name)) {
    const target = passTarget(name, first);
    if (target) yield mention("upstream", "use", directive, { ...target, segment: first.segment });
  } else if (name === "zone" && container === "upstream") yield* whole("upstream zone", "definition", directive, first);
  else if (name === "limit_conn") yield* whole("limit_conn zone", "use", directive, first);
  else if (name === "keyval") {
    for (const word of args) yield* zoneOf("keyval zone", "use", directive, word, "zone=");
  } else yield* zonesOf(directive);
}

function* zonesOf(directive: Directive): Generator<Mention> {
  const { name, args } = directive;
  const cacheOf = cacheFamilies.get(name);
  if (cacheOf?.role === "use") {
    const [first] = args;
    if (first && first.value !== "off") yield* whole(cacheOf.kind, "use", directive, first);
    return;
  }
  for (const word of args) {
    if (cacheOf) yield* zoneOf(cacheOf.kind, "definition", directive, word, "keys_zone=");
    else if (name === "limit_req_zone") yield* zoneOf("limit_req zone", "definition", directive, word, "zone=");
    else if (name === "limit_req") yield* zoneOf("limit_req zone", "use", directive, word, "zone=");
    else if (name === "limit_conn_zone") yield* zoneOf("limit_conn zone", "definition", directive, word, "zone=");
    else if (name === "keyval_zone") yield* zoneOf("keyval zone", "definition", directive, word, "zone=");
    else if (name === "ssl_session_cache") yield* zoneOf("session cache", "definition", directive, word, "shared:");
  }
}

function* zoneOf(
  kind: MentionKind,
  role: Mention["role"],
  directive: Directive,
  word: Word,
  prefix: string,
): Generator<Mention> {
  const found = zoneWord(word, prefix);
  if (found) yield mention(kind, role, directive, { ...found, segment: word.segment });
}

function* whole(kind: MentionKind, role: Mention["role"], directive: Directive, word: Word): Generator<Mention> {
  yield* after(kind, role, directive, word, "");
}

/** The text of a word behind a sign, if it is plain: without variables, escapes and template parts. */
function* after(
  kind: MentionKind,
  role: Mention["role"],
  directive: Directive,
  word: Word,
  sign: string,
): Generator<Mention> {
  const inner = contentOf(word);
  const start = inner.start + sign.length;
  if (start >= inner.end || /[$\\]/.test(word.raw)) return;
  yield mention(kind, role, directive, { segment: word.segment, start, end: inner.end });
}

function mention(kind: MentionKind, role: Mention["role"], directive: Directive, place: Place): Mention {
  const written = place.segment.text.slice(place.start, place.end);
  const name = kind === "variable" || kind === "upstream" ? written.toLowerCase() : written;
  return { kind, name, place, role, directive, isGroup: false };
}

/** A word without its quotes. */
export function contentOf(word: Word): Place {
  const { segment, start, end, raw } = word;
  if (!word.quoted) return { segment, start, end };
  const isClosed = raw.length > 1 && raw.at(-1) === raw[0];
  return { segment, start: start + 1, end: isClosed ? end - 1 : end };
}

const variable = /\$(?:\{([A-Za-z0-9_]+)\}|([A-Za-z0-9_]+))/g;

/** The variables in some words; the one that the defining word names is defined. */
function* variablesOf(directive: Directive, words: readonly Word[], defining: Word | undefined): Generator<Mention> {
  for (const word of words) {
    if (!word.raw.includes("$")) continue;
    const isDefining = defining !== undefined && word.start === defining.start;
    for (const match of word.raw.matchAll(variable)) {
      const name = match[1] ?? match[2] ?? "";
      // `$1x` is what the first group matched, and an x.
      if (/^[1-9]/.test(name)) continue;
      const start = word.start + match.index + (match[1] === undefined ? 1 : 2);
      const place = { segment: word.segment, start, end: start + name.length };
      yield mention("variable", isDefining ? "definition" : "use", directive, place);
    }
  }
}

/** The named groups of a regular expression, which are variables, and where it refers to them itself. */
function* groupsOf(directive: Directive, word: Word): Generator<Mention> {
  for (const { role, start, end } of groupNames(word.raw)) {
    const place = { segment: word.segment, start: word.start + start, end: word.start + end };
    yield { ...mention("variable", role, directive, place), isGroup: true };
  }
}
