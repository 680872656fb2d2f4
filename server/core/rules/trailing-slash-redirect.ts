import { insertBefore } from "../edits/insert.ts";
import type { Severity } from "../finding.ts";
import { slashHabit } from "../model/endpoints.ts";
import type { LocationBlock } from "../model/location.ts";
import { playRewrites } from "../model/rewriting.ts";
import { type ServerBlock, serverOf } from "../model/server.ts";
import { Evaluation } from "../model/values.ts";
import { isMeant, isOwnLevel } from "./handshake.ts";
import type { DraftFix, Rule } from "./rule.ts";

/** A WebSocket location ends in a slash, and nothing takes the path without it. */
export const trailingSlashRedirect: Rule = {
  id: "trailing-slash-redirect",
  severity: "warning",
  cause: 7,
  what: "The location ends in a slash, and a WebSocket to the path without it is redirected.",
  why: "nginx answers the path without the slash with 301, and browsers do not follow a redirect in a handshake.",
  fixable: "suggested",
  isStructural: true,
  check: {
    *location(location, environment) {
      const { pathWord, pattern } = location;
      const path = pattern.slice(0, -1);
      const severity = severityOf(location);
      const scope = location.scope.nearest("server");
      if (!severity || !pathWord || !scope || isUnsure(location)) return;
      const server = serverOf(scope, environment);
      const route = server.route(path);
      if (!route.isSlashRedirect || route.location !== location || !route.isCertain) return;
      if (!getsThrough(server, path)) return;
      yield {
        place: pathWord,
        severity,
        message: `A WebSocket to ${shortened(path)} gets 301, not 101: only ${shortened(pattern)} is here. Browsers do not follow a redirect in a handshake; clients that ask for ${shortened(pattern)} or below are fine.`,
        fixes: twin(location, path),
      };
    },
  },
};

/** How much it matters, by who asks for such a path; undefined where nobody asks for it without a slash. */
function severityOf(location: LocationBlock): Severity | undefined {
  const { modifier, pattern, evidence } = location;
  if (!["", "^~", "="].includes(modifier) || !/^(?:\/[\w.~@%-]+)+\/$/.test(pattern) || !location.pass) return undefined;
  if (!isMeant(location)) return undefined;
  const habit = slashHabit(pattern.split("/").filter((segment) => segment !== ""));
  if (habit === "without") return "warning";
  // Of any other path only the author knows: the socket lies below as a rule.
  const isDeclared = evidence?.tier === 0 || (modifier === "=" && isOwnLevel(location));
  if (isDeclared) return "information";
  return habit === "some" ? "hint" : undefined;
}

/** Whether an include that is not known may hold the location that takes the path. */
function isUnsure({ scope }: LocationBlock): boolean {
  if (scope.own("internal").length > 0) return true;
  for (const level of scope.parent?.outwards() ?? []) {
    if (level.kind !== "server" && level.kind !== "location") break;
    if (level.unresolved.length > 0) return true;
  }
  return false;
}

/** A handshake at the level of a server, the same for all its locations. */
const evaluations = new WeakMap<ServerBlock, Evaluation>();

/** Whether the path reaches the locations as it is: the server itself may answer or rewrite it first. */
function getsThrough(server: ServerBlock, path: string): boolean {
  let evaluation = evaluations.get(server);
  if (!evaluation) {
    evaluation = new Evaluation(server.environment.definitions, server.scope, "websocket");
    evaluations.set(server, evaluation);
  }
  const outcome = playRewrites(server.scope, evaluation, path);
  return outcome.kind === "goes on" && outcome.path === path;
}

/** The same location once more, for exactly the path without the slash. */
function twin(location: LocationBlock, path: string): readonly DraftFix[] {
  const { directive, inner } = location;
  const doesMore = ["rewrite", "try_files", "alias", "root"].some((name) => location.scope.own(name).length > 0);
  // An exact location holds no others; and what is written for paths below does not fit this one.
  if (inner.length > 0 || doesMore || !/^[\w/.~@-]+$/.test(path)) return [];
  const { text } = directive.segment;
  const lineStart = text.lastIndexOf("\n", directive.head.start - 1) + 1;
  const indent = /^[ \t]*/.exec(text.slice(lineStart))?.[0] ?? "";
  const lines = text
    .slice(directive.head.end - 1, directive.place.end)
    .split(/\r?\n/)
    .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line.trimStart()));
  return [
    {
      title: `Let a location for exactly ${path} do the same`,
      applicability: "suggested",
      edits: [insertBefore(directive, [`location = ${path} ${lines[0]}`, ...lines.slice(1)])],
    },
  ];
}

function shortened(path: string): string {
  return path.length > 17 ? `…${path.slice(-17)}` : path;
}
