import { unknownIncludes } from "../model/effective.ts";
import type { Scope } from "../model/scope.ts";
import { spanOf } from "../syntax/document.ts";
import { isCertainInside, isPlaceholder } from "../syntax/template.ts";
import type { Doubt, EffectivePlace } from "./effective.ts";
import type { PlayedRequest } from "./effective-request.ts";

const code =
  /^(?:(?:server_)?rewrite|access|content|header_filter)_by_(?:lua|njs)|^js_|^perl$|^more_(?:set|clear)_input_headers$/;

/** Everything that keeps what is said about a place from being sure. */
export function doubtsAbout(
  { scope, server, environment }: EffectivePlace,
  requests: readonly PlayedRequest[],
): readonly Doubt[] {
  const doubts = [...scope.outwards()].flatMap((level) => doubtsOfLevel(level));
  if (!server.directive)
    doubts.push({ text: "This file goes inside another one: what that sets is not known here.", span: undefined });
  else if (environment.context !== "main")
    doubts.push({ text: "This file goes inside http {}: what that level sets is not known here.", span: undefined });
  if (environment.version === undefined)
    doubts.push({ text: "The nginx version is not known: from 1.29.7 on some defaults are others.", span: undefined });
  for (const { doubts: found } of requests) for (const text of found) doubts.push({ text, span: undefined });
  const seen = new Set<string>();
  return doubts.filter(({ text, span }) => {
    const key = `${text} ${span?.file}:${span?.start}`;
    return !seen.has(key) && seen.add(key);
  });
}

function doubtsOfLevel(level: Scope): Doubt[] {
  const doubts: Doubt[] = [];
  for (const include of unknownIncludes(level)) {
    const path = include.args[0]?.raw ?? "";
    // Where a template decides, or one of its files is not there, some of it may have been found.
    const isThere = level.entries.some(({ via }) => via.includes(include));
    const why = isThere ? "is not known as a whole" : "was not found";
    doubts.push({ text: `${path} ${why}: it may set anything.`, span: spanOf(include.head) });
  }
  for (const { directive } of level.entries) {
    if (code.test(directive.name))
      doubts.push({
        text: `${directive.name} runs code that may change the request.`,
        span: spanOf(directive.namePlace),
      });
  }
  const own = level.directive?.head;
  const isFilledIn =
    own && (!isCertainInside(own) || level.entries.some(({ directive }) => isPlaceholder(directive.head)));
  if (level.kind !== "main" && level.kind !== "http" && isFilledIn)
    doubts.push({ text: "A template fills in this block before nginx reads it.", span: spanOf(own) });
  return doubts;
}
