import { lineOf } from "../edits/headers.ts";
import { insertInto } from "../edits/insert.ts";
import type { LocationBlock } from "../model/location.ts";
import { uriPart } from "../model/pass-url.ts";
import { answersItself } from "./answers-itself.ts";
import { isMeant, pathText } from "./handshake.ts";
import type { DraftFix, Rule } from "./rule.ts";

/** A location in a WebSocket location passes nothing on itself. */
export const nestedLocationNoPass: Rule = {
  id: "nested-location-no-pass",
  severity: "warning",
  what: "A location inside a WebSocket location has no proxy_pass of its own.",
  why: "Headers and limits are inherited, proxy_pass is not: nginx looks for a file instead and answers 404.",
  fixable: "suggested",
  isStructural: true,
  check: {
    *location(location) {
      const { outer, pathWord } = location;
      if (!outer?.pass || location.pass || !pathWord || location.inner.length > 0) return;
      if (!isMeantToPass(location, outer) || answersItself(location)) return;
      yield {
        place: location.directive.namePlace,
        severity: "warning",
        message: `A WebSocket to ${pathText(location)} gets 404: ${outer.pass.directive.name} is not inherited. A nested location has the headers and limits of the outer one, but looks for a file unless it passes requests on itself.`,
        related: [{ place: outer.pass.directive.head, message: "Counts for the outer location only." }],
        fixes: repeatPass(location, outer),
      };
    },
  },
};

/** Whether it is written for requests that are passed on: its own path or headers, or other settings of a proxy. */
function isMeantToPass(location: LocationBlock, outer: LocationBlock): boolean {
  if (isMeant(location)) return true;
  if (!isMeant(outer) || location.verdict === "not-websocket") return false;
  const prefix = outer.pass?.directive.name.replace(/pass$/, "") ?? "proxy_";
  return location.scope.entries.some(({ directive }) => directive.name.startsWith(prefix));
}

function repeatPass(location: LocationBlock, outer: LocationBlock): readonly DraftFix[] {
  const { pass } = outer;
  // A URI part, or captures of the outer expression, would mean something else in here.
  const url = pass?.directive.arg(0) ?? "";
  if (!pass || uriPart(url) !== undefined || /\$\d/.test(url) || pass.directive.name !== "proxy_pass") return [];
  return [
    {
      title: `Pass its requests on as well: ${lineOf(pass).replace(/;$/, "")}`,
      applicability: "suggested",
      edits: [insertInto(location.directive, [lineOf(pass)])],
    },
  ];
}
