import { insertBefore, layoutAt, wholeLines } from "../edits/insert.ts";
import type { Environment } from "../model/config.ts";
import type { MapBlock } from "../model/maps.ts";
import type { Place } from "../syntax/directive.ts";
import type { DraftFix, Rule } from "./rule.ts";

/** A map stands where nginx does not allow one. */
export const mapWrongContext: Rule = {
  id: "map-wrong-context",
  severity: "error",
  cause: 2,
  what: "A map stands inside a server, a location or outside http.",
  why: 'nginx does not start: "map" directive is not allowed here. A map belongs directly into the http block.',
  fixable: "safe",
  isStructural: true,
  check: {
    *map(map, environment) {
      const { parent } = map.scope;
      if (!parent || parent.kind === "http" || parent.kind === "other") return;
      // The outermost level of a fragment: a location beside the map shows that it does not go directly into http.
      if (
        !parent.directive &&
        parent.kind !== "main" &&
        parent.own("location").length + parent.own("proxy_pass").length === 0
      )
        return;
      const where = parent.directive
        ? `inside ${parent.directive.name}`
        : parent.kind === "main"
          ? "outside http"
          : "beside a location";
      yield {
        place: map.directive.namePlace,
        severity: "error",
        message: `nginx will not start: "map" directive is not allowed here, ${where}. It belongs directly into the http block; its variable then works in every server.`,
        fixes: move(map, environment),
      };
    },
  },
};

/** Moves the block before the server it stands in, where the http level is in the same file. */
function move(map: MapBlock, environment: Environment): readonly DraftFix[] {
  const { directive } = map;
  const inside = map.scope.nearest("server");
  const server =
    inside?.parent?.kind === "http" ? inside : environment.http?.children().find((scope) => scope.kind === "server");
  if (!server?.directive || server.directive.segment.document !== directive.segment.document || server.via.length > 0)
    return [];
  const others = environment.definitions.get(map.target)?.maps ?? [];
  if (others.some((other) => other.directive !== directive)) return [];
  const removed = wholeLines(directive.place);
  const lines = unindent(directive.place);
  return [
    {
      title: "Move the map into the http block",
      applicability: "safe",
      edits: [insertBefore(server.directive, lines), { place: removed, newText: "" }],
    },
  ];
}

function unindent(place: Place): readonly string[] {
  const { indent = "" } = layoutAt(place);
  return place.segment.text
    .slice(place.start, place.end)
    .split(/\r?\n/)
    .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line.trimStart()));
}
