import { replace } from "../edits/insert.ts";
import type { LocationBlock } from "../model/location.ts";
import { playRewrites, samplePaths } from "../model/rewriting.ts";
import type { Directive } from "../syntax/directive.ts";
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
        severity: "warning",
        message:
          result === ""
            ? `A WebSocket to ${path} gets 500: this rewrite leaves nothing of the path. nginx logs “the rewritten URI has a zero length”; a replacement that begins with a slash avoids it.`
            : `A WebSocket to ${path} gets 400 or 404: this rewrite makes ${result} of the path. A path begins with a slash, and so must the replacement.`,
        fixes: fixesFor(rewrite, location),
      };
    },
  },
};

/** The first path of the location that a rewrite breaks, with what it makes of it. */
function brokenPath(location: LocationBlock) {
  for (const path of samplePaths(location)) {
    const outcome = playRewrites(location.scope, location.evaluation("websocket"), path);
    if (outcome.kind === "empty") return { rewrite: outcome.rewrite, path, result: "" };
    if (outcome.kind === "moves" || outcome.kind === "goes on") {
      if (outcome.rewrite && !outcome.path.startsWith("/"))
        return { rewrite: outcome.rewrite, path, result: outcome.path };
    }
  }
  return undefined;
}

/** `^/ws(.*)$ $1` becomes `^/ws/?(.*)$ /$1`: what was passed on is passed on as before. */
function fixesFor(rewrite: Directive, location: LocationBlock): readonly DraftFix[] {
  const [pattern, replacement] = rewrite.args;
  const depth = location.scope.own("rewrite").find(({ directive }) => directive === rewrite)?.via.length;
  if (!pattern || !replacement || depth !== location.scope.via.length) return [];
  const parts = /^(["']?\^?\/[\w/.-]*?)(\/?)(\(\.\*\)\$?["']?)$/.exec(pattern.raw);
  const target = /^(["']?)(\$1\b.*)$/.exec(replacement.raw);
  if (!parts || !target) return [];
  const [, start = "", slash = "", end = ""] = parts;
  const edits = [replace(replacement, `${target[1]}/${target[2]}`)];
  if (slash === "") edits.unshift(replace(pattern, `${start}/?${end}`));
  return [{ title: "Begin what is left of the path with a slash", applicability: "suggested", edits }];
}
