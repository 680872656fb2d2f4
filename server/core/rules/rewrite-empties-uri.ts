import { replace } from "../edits/insert.ts";
import { liesBelow } from "../model/endpoints.ts";
import type { LocationBlock } from "../model/location.ts";
import { pathHint } from "../model/paths.ts";
import { playRewrites, samplePaths } from "../model/rewriting.ts";
import type { Directive } from "../syntax/directive.ts";
import { isWrittenHere } from "./brought.ts";
import { isMeant } from "./handshake.ts";
import type { DraftFix, Rule } from "./rule.ts";

/** A rewrite takes the whole path away, or the slash it begins with. */
export const rewriteEmptiesUri: Rule = {
  id: "rewrite-empties-uri",
  severity: "warning",
  what: "A rewrite leaves nothing of the path, or a path without the slash it begins with.",
  why: "nginx answers 500 where a rewrite leaves no path at all; a backend that is asked for ws instead of /ws answers 400.",
  fixable: "suggested",
  check: {
    *location(location) {
      if (!location.pass || location.scope.own("rewrite").length === 0 || !isMeant(location)) return;
      const found = brokenPath(location);
      if (!found) return;
      const { rewrite, path, result } = found;
      yield {
        place: rewrite.args[1] ?? rewrite.head,
        severity: result !== "" || isEndpoint(location) ? "warning" : "information",
        message:
          result === ""
            ? `A WebSocket to ${shortened(path)} gets 500: this rewrite leaves nothing of the path. nginx logs “the rewritten URI has a zero length”; a replacement that begins with a slash avoids it.`
            : `A WebSocket to ${shortened(path)} gets 400 or 404: this rewrite leaves ${shortened(result)}. A path begins with a slash, and so must the replacement.`,
        fixes: fixesFor(rewrite, location),
      };
    },
  },
};

/** A path of the location that a rewrite breaks, with what it makes of it; one below it rather than its own. */
function brokenPath(location: LocationBlock) {
  const paths = samplePaths(location);
  // Of some protocols nobody asks for the path itself.
  const asked = liesBelow(location.pattern.split("/").at(-1) ?? "") ? paths.slice(1) : paths;
  for (const path of asked.toReversed()) {
    const outcome = playRewrites(location.scope, location.evaluation("websocket"), path);
    if (outcome.kind === "empty") return { rewrite: outcome.rewrite, path, result: "" };
    if (outcome.kind === "moves" || outcome.kind === "goes on") {
      if (outcome.rewrite && !outcome.path.startsWith("/"))
        return { rewrite: outcome.rewrite, path, result: outcome.path };
    }
  }
  return undefined;
}

/** Whether the path itself is an endpoint: of `/api` with the headers of a handshake the endpoints lie below. */
function isEndpoint({ evidence, modifier, path }: LocationBlock): boolean {
  return evidence?.tier === 0 || modifier === "=" || pathHint(path) === "strong";
}

/** `^/ws(.*)$ $1` becomes `^/ws/?(.*)$ /$1`: what was passed on is passed on as before. */
function fixesFor(rewrite: Directive, location: LocationBlock): readonly DraftFix[] {
  const [pattern, replacement] = rewrite.args;
  const entry = location.scope.own("rewrite").find(({ directive }) => directive === rewrite);
  if (!pattern || !replacement || !entry || !isWrittenHere(location, entry)) return [];
  const parts = /^(["']?\^?\/[\w/.-]*?)(\/?)(\(\.\*\)\$?["']?)$/.exec(pattern.raw);
  const target = /^(["']?)(\$1\b.*)$/.exec(replacement.raw);
  if (!parts || !target) return [];
  const [, start = "", slash = "", end = ""] = parts;
  const edits = [replace(replacement, `${target[1]}/${target[2]}`)];
  if (slash === "") edits.unshift(replace(pattern, `${start}/?${end}`));
  return [{ title: "Begin what is left of the path with a slash", applicability: "suggested", edits }];
}

function shortened(path: string): string {
  return path.length > 17 ? `${path.slice(0, 17)}…` : path;
}
