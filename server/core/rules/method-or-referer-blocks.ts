import { insertAfter, replace } from "../edits/insert.ts";
import { effectiveList } from "../model/effective.ts";
import { conditionsIn, readExit } from "../model/exits.ts";
import type { LocationBlock } from "../model/location.ts";
import type { Entry, Scope } from "../model/scope.ts";
import type { ServerBlock } from "../model/server.ts";
import { variablesIn } from "../nginx/variables.ts";
import { pathText } from "./handshake.ts";
import { meantLocations, pathsText } from "./meant.ts";
import type { Draft, Rule } from "./rule.ts";

/** Handshakes are refused for their method, which is GET, or for the Referer that they never have. */
export const methodOrRefererBlocks: Rule = {
  id: "method-or-referer-blocks",
  severity: "warning",
  what: "Handshakes are refused because they are GET requests, or because they carry no Referer.",
  why: "A handshake is always a GET, and browsers send no Referer with it.",
  fixable: "suggested",
  check: {
    *server(server) {
      const meant = meantLocations(server);
      if (meant.length === 0) return;
      yield* inRewrites(server.scope, server, pathsText(meant));
      for (const location of meant) {
        yield* inRewrites(location.scope, server, pathText(location));
        yield* inLimit(location);
      }
    },
  },
};

/** `limit_except POST { deny all; }` */
function* inLimit(location: LocationBlock): Generator<Draft> {
  if (location.value("satisfy").entry?.directive.arg(0) === "any") return;
  for (const { directive, scope } of location.scope.own("limit_except")) {
    const [first] = directive.args;
    if (!first || !scope || directive.args.some(({ value }) => value.toUpperCase() === "GET")) continue;
    const isClosed = scope.own("deny").some((entry) => entry.directive.arg(0) === "all");
    if (!isClosed || scope.own("allow").length > 0) continue;
    yield {
      place: directive.namePlace,
      severity: "warning",
      message: `Handshakes at ${pathText(location)} get 403: limit_except leaves out GET. Every WebSocket handshake is a GET request.`,
      fixes: [
        {
          title: "Let GET through as well",
          applicability: "suggested",
          edits: [replace({ segment: first.segment, start: first.start, end: first.start }, "GET ")],
        },
      ],
    };
  }
}

/** An `if` that answers requests without Referer, or all that are GET. */
function* inRewrites(level: Scope, { environment }: ServerBlock, path: string): Generator<Draft> {
  for (const { entry, block, holds } of conditionsIn(level, environment)) {
    const { directive } = entry;
    const exit = [...block.own("return"), ...block.own("rewrite")].flatMap((each) => readExit(each) ?? [])[0];
    if (!exit) continue;
    const condition = directive.args.map((word) => word.value).join(" ");
    if (/^\(\s*\$\{?invalid_referer\}?\s*\)$/i.test(condition)) {
      const draft = withoutReferer(level, entry, path, exit.status);
      if (draft) yield draft;
      continue;
    }
    if (exit.status < 400 || variablesIn(condition).some((name) => name !== "request_method")) continue;
    if (!/\$\{?request_method/i.test(condition)) continue;
    if (holds !== true) continue;
    yield {
      place: directive.namePlace,
      severity: "warning",
      message: `Handshakes at ${path} get ${exit.status}: this refuses GET. Every WebSocket handshake is a GET request.`,
      fixes: [],
    };
  }
}

function withoutReferer(level: Scope, condition: Entry, path: string, status: number): Draft | undefined {
  const list = effectiveList(level, "valid_referers");
  const [entry] = list.entries;
  if (!entry || list.certainty === "doubtful") return undefined;
  if (list.entries.some(({ directive }) => directive.args.some(({ value }) => value === "none"))) return undefined;
  const answer = status === 444 ? "get no answer" : `get ${status}`;
  return {
    place: entry.directive.namePlace,
    severity: "warning",
    message: `Handshakes at ${path} ${answer}: they carry no Referer. Browsers send none with a handshake, and valid_referers without none takes a request without Referer for an invalid one.`,
    related: [{ place: condition.directive.head, message: "This refuses what has no valid Referer." }],
    fixes: [
      {
        title: "Accept requests without Referer: none",
        applicability: "suggested",
        edits: [insertNone(entry)],
      },
    ],
  };
}

function insertNone({ directive }: Entry) {
  const [first] = directive.args;
  if (!first) return insertAfter(directive, ["valid_referers none;"]);
  return replace({ segment: first.segment, start: first.start, end: first.start }, "none ");
}
