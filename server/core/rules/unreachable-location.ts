import { replace } from "../edits/insert.ts";
import type { Severity } from "../finding.ts";
import type { Environment } from "../model/config.ts";
import { effectiveList } from "../model/effective.ts";
import { readErrorPages } from "../model/error-pages.ts";
import { type Exit, exitAt, exitOf, isToHttps } from "../model/exits.ts";
import type { LocationBlock } from "../model/location.ts";
import { namesakes, namesakesOf } from "../model/namesakes.ts";
import { scopesWithin } from "../model/scope.ts";
import { type ServerBlock, serverOf, serversOf } from "../model/server.ts";
import { pathText } from "./handshake.ts";
import { meantLocations, pathsText } from "./meant.ts";
import type { Draft, DraftFix, Rule } from "./rule.ts";

/** Something answers every request before nginx looks at the WebSocket location. */
export const unreachableLocation: Rule = {
  id: "unreachable-location",
  severity: "error",
  cause: 7,
  what: "No request can reach the WebSocket location: the server answers before it, or it is internal and nothing leads there.",
  why: "A return directly in server runs before nginx chooses a location, and a client's request for an internal location gets 404.",
  fixable: "suggested",
  isStructural: true,
  check: {
    *config(environment) {
      const isFragment = environment.http === undefined && environment.scope.kind === "server";
      const servers = isFragment ? [serverOf(environment.scope, environment)] : serversOf(environment);
      let byName: ReturnType<typeof namesakesOf> | undefined;
      for (const server of servers) {
        yield undefined;
        if (!server.isKnown) continue;
        const meant = meantLocations(server);
        if (meant.length === 0) continue;
        const exit = exitOf(server.scope, environment);
        if (exit) {
          if (isAnsweredElsewhere(server, exit)) continue;
          byName ??= namesakesOf(environment);
          const others = [...namesakes(server, byName), ...(byName.get(hostOf(exit)) ?? [])];
          yield describeExit(server, exit, meant, severityOf(exit, meant, others, environment));
          continue;
        }
        const internal = meant.filter(({ modifier, scope }) => modifier !== "@" && scope.own("internal").length > 0);
        const reached = internal.length > 0 ? ledTo(server) : undefined;
        for (const location of internal)
          if (reached && !reached.has(location)) yield describeInternal(server, location);
      }
    },
  },
};

/** Whether an `error_page` gives the status to something in this server. */
function isAnsweredElsewhere(server: ServerBlock, exit: Exit): boolean {
  const pages = readErrorPages(effectiveList(server.scope, "error_page"));
  return pages.some((page) => !page.isRedirect && page.codes.includes(exit.status));
}

/** An error, unless another server for the same host answers these paths, so that these lines are merely left over. */
function severityOf(
  exit: Exit,
  meant: readonly LocationBlock[],
  others: readonly ServerBlock[],
  environment: Environment,
): Severity {
  const isServed = meant.every((location) => others.some((other) => !other.isKnown || serves(other, location)));
  if (isServed) return "information";
  return isToHttps(exit) && !environment.isWhole ? "warning" : "error";
}

/** The host that a redirect names; empty when a variable does. */
function hostOf({ url }: Exit): string {
  return /^https?:\/\/([^/:$?]+)/i.exec(url)?.[1]?.toLowerCase() ?? "";
}

function serves(server: ServerBlock, location: LocationBlock): boolean {
  if (location.modifier === "~" || location.modifier === "~*") {
    const same = server.locations.find(({ pattern }) => pattern === location.pattern);
    return same?.pass !== undefined && exitOf(server.scope, server.environment) === undefined;
  }
  return exitAt(server, location.pattern) === undefined && server.route(location.pattern).location?.pass !== undefined;
}

function describeExit(server: ServerBlock, exit: Exit, meant: readonly LocationBlock[], severity: Severity): Draft {
  const { directive } = exit.entry;
  const isLeftOver = severity === "information";
  const consequence = isLeftOver
    ? `Nothing in this server reaches ${pathsText(meant)}: all requests get ${exit.status}.`
    : `No WebSocket reaches ${pathsText(meant)}: all requests get ${exit.status}.`;
  const redirect = exit.url === "" ? "" : " Browsers do not follow a redirect of a handshake.";
  return {
    place: directive.namePlace,
    severity,
    message: `${consequence} A ${directive.name} directly in server runs before nginx chooses a location.${redirect}${
      isLeftOver ? " Another server for this name serves it." : ""
    }`,
    related: meant.slice(0, 3).map((location) => ({
      place: location.directive.head,
      message: "This location is never chosen.",
    })),
    fixes: isLeftOver ? [] : moveIntoRoot(server, exit),
  };
}

/** Wraps it in `location /`, which takes what no other location takes. */
function moveIntoRoot(server: ServerBlock, { entry }: Exit): readonly DraftFix[] {
  const hasRoot = server.locations.some(({ pattern, modifier }) => pattern === "/" && ["", "^~"].includes(modifier));
  if (hasRoot || entry.via.length > server.scope.via.length) return [];
  const text = entry.directive.words.map((word) => word.raw).join(" ");
  return [
    {
      title: `Move the ${entry.directive.name} into location /`,
      applicability: "suggested",
      edits: [replace(entry.directive.place, `location / { ${text}; }`)],
    },
  ];
}

/** Code that can send requests anywhere. */
const anywhere = /_by_(?:lua|njs)|^js_|^perl$|^echo_|^auth_request$|^mirror$/;

/** The locations that lines of a server lead to; undefined when they may lead anywhere. */
function ledTo(server: ServerBlock): ReadonlySet<LocationBlock> | undefined {
  const targets = new Set<string>();
  for (const { target } of readErrorPages(effectiveList(server.scope, "error_page"))) targets.add(target.value);
  for (const scope of scopesWithin(server.scope)) {
    for (const name of scope.names()) if (anywhere.test(name)) return undefined;
    // Where a rewrite leads to depends on the request.
    if (scope.own("rewrite").length > 0 || scope.own("index").length > 0) return undefined;
    for (const name of ["try_files", "error_page"])
      for (const { directive } of scope.own(name)) targets.add(directive.args.at(-1)?.value ?? "");
  }
  if ([...targets].some((target) => target.includes("$"))) return undefined;
  return new Set([...targets].flatMap((target) => server.follow(target) ?? []));
}

function describeInternal(server: ServerBlock, location: LocationBlock): Draft {
  const others = server.allLocations.filter((other) => other !== location && other.pass);
  const place = location.scope.own("internal")[0]?.directive.namePlace ?? location.directive.namePlace;
  const mayBeSent = others.length > 0;
  return {
    place,
    severity: mayBeSent ? "information" : "error",
    message: `Handshakes for ${pathText(location)} get 404: internal hides it from clients. ${
      mayBeSent
        ? "Nothing in this server leads there, unless a backend does with X-Accel-Redirect."
        : "Nothing in this server leads there either."
    }`,
    fixes: [],
  };
}
