import { passAnchor } from "../edits/headers.ts";
import { insertAfter, replace } from "../edits/insert.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import { type Entry, type Scope, scopesWithin } from "../model/scope.ts";
import { parseTime } from "../nginx/time.ts";
import { timedDirectives } from "../nginx/timed-directives.ts";
import type { Place, Word } from "../syntax/directive.ts";
import { isCertain, isPlaceholder as isFilledIn } from "../syntax/template.ts";
import { isMeant, pathText } from "./handshake.ts";
import type { Draft, DraftFix, Rule } from "./rule.ts";
import { correctTime, isPlaceholder } from "./time-spelling.ts";
import { readTimeout } from "./timeouts.ts";

/** A time-out that nginx does not take, or that leaves no time at all. */
export const timeoutInvalid: Rule = {
  id: "timeout-invalid",
  severity: "error",
  cause: 3,
  what: "A time-out is no time that nginx reads, stands where none may stand, or is 0.",
  why: "nginx does not start with it; with proxy_read_timeout 0 it starts and answers every handshake with 504.",
  fixable: "safe",
  check: {
    *proxy(proxy) {
      const timeout = readTimeout(proxy);
      if (timeout?.milliseconds !== 0 || !isMeant(proxy)) return;
      const isOwn = timeout.scope === proxy.location;
      yield {
        place: timeout.word,
        severity: "error",
        message: `No WebSocket opens on ${pathText(proxy)}: a read time-out of 0 gives 504 at once. 0 is no time at all, not “no limit”; nginx has no word for that.`,
        related: isOwn ? [] : [{ place: proxy.directive.namePlace, message: "A WebSocket location that inherits it." }],
        fixes: [giveTime(proxy, timeout.word, isOwn)],
      };
    },
    *server(server) {
      for (const scope of scopesWithin(server.scope)) yield* judgeLevel(scope);
    },
    *upstream(upstream) {
      yield* judgeLevel(upstream.scope);
    },
    *config({ scope, http }) {
      // A file for the inside of a location belongs to no server.
      const levels = scope.kind === "location" ? [...scopesWithin(scope)] : [scope, http];
      for (const level of new Set(levels)) if (level && level.kind !== "server") yield* judgeLevel(level);
    },
  },
};

function giveTime(proxy: ProxyBlock, word: Place, isOwn: boolean): DraftFix {
  return {
    title: "Let a quiet tunnel live for an hour",
    applicability: "suggested",
    edits: [isOwn ? replace(word, "3600s") : insertAfter(passAnchor(proxy), ["proxy_read_timeout 3600s;"])],
  };
}

function* judgeLevel(scope: Scope): Iterable<Draft> {
  if (scope.kind === "other" || scope.kind === "data") return;
  for (const name of scope.names()) {
    if (!timedDirectives.has(name)) continue;
    const entries = scope.own(name).filter(({ directive }) => !directive.isBlock && !isFilledIn(directive.head));
    for (const entry of entries) yield* judgeEntry(entry, scope);
    // Of two that a template writes under conditions, perhaps one is there.
    yield* judgeSecond(
      entries.filter(({ directive, via }) => [directive, ...via].every(({ head }) => isCertain(head))),
    );
  }
}

function* judgeEntry({ directive }: Entry, scope: Scope): Iterable<Draft> {
  const { name, args } = directive;
  const [first, second] = args;
  if (!first || args.some(({ value }) => isPlaceholder(value))) return;
  if (scope.kind === "if" || scope.kind === "limit_except") {
    yield {
      place: directive.namePlace,
      severity: "error",
      message: `nginx will not start: ${name} is not allowed inside ${scope.kind}. It goes directly into the location, the server or http.`,
    };
    return;
  }
  // The second argument of keepalive_timeout is a response header, in seconds.
  const takesTwo = name === "keepalive_timeout" && scope.kind !== "upstream";
  const isSecondRight = !second || (takesTwo && parseTime(second.value, "seconds") !== undefined);
  const isFirstRight = parseTime(first.value) !== undefined;
  if (isFirstRight && isSecondRight) return;
  const text = args.map(({ value }) => value).join(" ");
  const shown = text.length > 16 ? `${text.slice(0, 16)}…` : text;
  yield {
    place: second && (isFirstRight || !takesTwo) ? second : first,
    severity: "error",
    message: `nginx will not start: “${shown}” is no time for ${name}. ${reason(text)}`,
    fixes: args.length > 2 ? [] : spell(text, first, second ?? first),
  };
}

function reason(text: string): string {
  if (text.includes("$")) return "Variables are not possible here.";
  if (/\dM$/.test(text)) return "Units are ms, s, m (minutes), h, d and w; M (months) is none here.";
  if (/^(?:-.*|\D*)$/.test(text)) return "There is no word for “no limit”; write a long time, such as 1d.";
  return "Units are ms, s, m, h, d and w, directly after a whole number: 90, 3600s, 1h30m.";
}

function spell(text: string, first: Word, last: Word): readonly DraftFix[] {
  const right = correctTime(text);
  const { segment } = first;
  // A comment may stand between the two.
  const isPlain = first === last || segment.text.slice(first.end, last.start).trim() === "";
  if (!right || !isPlain) return [];
  return [
    {
      title: `Write ${right.text}`,
      applicability: right.isCertain ? "safe" : "suggested",
      edits: [replace({ segment, start: first.start, end: last.end }, right.text)],
    },
  ];
}

/** nginx takes each of them once per level, includes counted. */
function* judgeSecond(entries: readonly Entry[]): Iterable<Draft> {
  const [first, ...rest] = entries;
  if (!first || rest.length === 0) return;
  // The one written here can be changed; an include may serve other files too.
  const wrong = rest.findLast(({ via }) => via.length <= first.via.length) ?? first;
  const other = wrong === first ? (rest[0] as Entry) : first;
  yield {
    place: wrong.directive.head,
    severity: "error",
    message: `nginx will not start: "${wrong.directive.name}" directive is duplicate. A level may have it once, and what it includes counts; one of the two has to go.`,
    related: [{ place: other.directive.head, message: "The other one on the same level." }],
  };
}
