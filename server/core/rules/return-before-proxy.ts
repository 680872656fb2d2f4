import { replace, wholeLines } from "../edits/insert.ts";
import type { Severity } from "../finding.ts";
import type { LocationBlock } from "../model/location.ts";
import { playRewrites, samplePaths } from "../model/rewriting.ts";
import type { Entry } from "../model/scope.ts";
import { serverOf } from "../model/server.ts";
import type { Directive } from "../syntax/directive.ts";
import { isHandedOn } from "./error-pages.ts";
import { isMeant, pathText } from "./handshake.ts";
import type { DraftFix, Rule } from "./rule.ts";

/** A return, or a rewrite that redirects, answers before proxy_pass is asked. */
export const returnBeforeProxy: Rule = {
  id: "return-before-proxy",
  severity: "error",
  what: "A return or a redirect in the location answers every request before proxy_pass does.",
  why: "return and rewrite run before proxy_pass, wherever they stand in the location: no handshake reaches the backend.",
  fixable: "suggested",
  isStructural: true,
  check: {
    *location(location) {
      const { scope, pass } = location;
      if (!pass || (scope.own("return").length === 0 && scope.own("rewrite").length === 0)) return;
      if (scope.unresolved.length > 0 || !isMeant(location)) return;
      const answer = answerOf(location);
      if (!answer) return;
      const { entry, status } = answer;
      const { directive } = entry;
      const severity = severityOf(location, directive);
      const lead =
        severity === "information"
          ? `A ws:// address on ${pathText(location)} gets ${status}: ${directive.name} answers first. Browsers do not follow it; wss:// is not concerned.`
          : `Every WebSocket to ${pathText(location)} gets ${status}: ${directive.name} answers first.`;
      const isOwn = entry.via.length === scope.via.length;
      yield {
        place: directive.head,
        severity,
        message: `${lead} It runs before ${pass.directive.name}, wherever it stands in the location.`,
        related: [{ place: pass.directive.head, message: "Never reached." }],
        fixes: isOwn && severity !== "information" ? [removal(directive)] : [],
      };
    },
  },
};

function removal(directive: Directive): DraftFix {
  return {
    title: `Remove the ${directive.name}: every request here goes to the backend`,
    applicability: "suggested",
    edits: [replace(wholeLines(directive.place), "")],
  };
}

/** A server that sends everything to https may have been copied from the one that passes it on: that one works. */
function severityOf(location: LocationBlock, directive: Directive): Severity {
  const server = location.scope.nearest("server");
  const url = directive.args.map((word) => word.value).find((value) => value.startsWith("https://"));
  if (url !== undefined && server && !serverOf(server, location.environment).isTls) return "information";
  return (location.evidence?.tier ?? 4) <= 1 ? "error" : "warning";
}

/** What answers every request of a location, and with which status; undefined if some of them may get through. */
function answerOf(location: LocationBlock): { entry: Entry; status: string } | undefined {
  const { scope, modifier } = location;
  const paths = modifier === "@" ? ["/"] : samplePaths(location);
  let found: Entry | undefined;
  for (const path of paths.length > 0 ? paths : ["/"]) {
    const outcome = playRewrites(scope, location.evaluation("websocket"), path);
    if (outcome.kind !== "answered") return undefined;
    found = outcome.entry;
  }
  // In an `if` it is somebody's decision about some requests.
  if (!found || !scope.entries.includes(found)) return undefined;
  const { directive } = found;
  // Of a path that is not known only a rewrite that takes every path is certain.
  if (directive.name === "rewrite" && paths.length === 0 && directive.arg(0) !== "^") return undefined;
  const status = statusOf(found);
  return status === undefined || isHandedOn(location, status) ? undefined : { entry: found, status };
}

function statusOf({ directive }: Entry): string | undefined {
  if (directive.name === "rewrite") return directive.arg(2) === "permanent" ? "301" : "302";
  const code = directive.arg(0) ?? "";
  if (/^\d{3}$/.test(code)) return code === "444" ? "no answer" : code;
  return directive.args.length === 1 ? "302" : undefined;
}
