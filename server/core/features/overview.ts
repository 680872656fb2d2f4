import type { FileId, Span } from "../finding.ts";
import type { Environment } from "../model/config.ts";
import { LocationBlock } from "../model/location.ts";
import type { Scope } from "../model/scope.ts";
import { type ServerBlock, serverOf, serversOf } from "../model/server.ts";
import type { Directive } from "../syntax/directive.ts";
import { spanOf } from "../syntax/document.ts";
import { headOf, placeOf } from "./effective.ts";
import { handlerOf, serverTitle } from "./effective-place.ts";
import type { Locate } from "./effective-text.ts";

/** A location in a list: one line. */
export interface ListedLocation {
  /** `location /ws` */
  readonly head: string;
  /** How many locations stand around it. */
  readonly depth: number;
  /** What answers. */
  readonly handler: string;
  /** Why it counts as a WebSocket location, if it does. */
  readonly evidence: string | undefined;
  readonly span: Span | undefined;
}

/** A server with its locations. */
export interface ListedServer {
  readonly title: string;
  /** Its `listen` and `server_name` arguments. */
  readonly listens: readonly string[];
  readonly names: readonly string[];
  readonly span: Span | undefined;
  readonly locations: readonly ListedLocation[];
}

/** The servers of a configuration; a file that goes inside one is a server that is not in it. */
export function serversIn(environment: Environment): readonly ServerBlock[] {
  if (environment.http) return serversOf(environment);
  const { scope, context } = environment;
  return context === "server" || context === "location" ? [serverOf(scope, environment)] : [];
}

/** The server that a scope belongs to. */
export function serverAround(scope: Scope, environment: Environment): ServerBlock | undefined {
  const around = scope.nearest("server");
  if (around) return serverOf(around, environment);
  return environment.http ? undefined : serversIn(environment)[0];
}

/** The servers that are written in some files, or that have a location there; all without files. */
export function serversOfFiles(
  environments: readonly Environment[],
  files?: ReadonlySet<FileId>,
): readonly ServerBlock[] {
  const all = environments.flatMap(serversIn);
  if (!files) return all;
  const isThere = (directive: Directive | undefined) =>
    directive !== undefined && files.has(directive.segment.document.file);
  return all.filter(
    (server) => isThere(server.directive) || server.allLocations.some(({ scope }) => isThere(scope.directive)),
  );
}

/** Every server and location in a line. */
export function listServers(servers: readonly ServerBlock[]): readonly ListedServer[] {
  return servers.map(listServer);
}

function listServer(server: ServerBlock): ListedServer {
  const { scope, directive } = server;
  const argumentsOf = (name: string): readonly string[] =>
    scope.own(name).map((entry) => entry.directive.args.map(({ raw }) => raw).join(" "));
  // A file that goes inside a location is one itself.
  const own = scope.kind === "location" ? [new LocationBlock(scope, server.environment, undefined)] : [];
  return {
    title: serverTitle(server),
    listens: argumentsOf("listen"),
    names: argumentsOf("server_name"),
    span: directive && spanOf(directive.head),
    locations: [...own, ...server.allLocations].map((location) => listLocation(location, server)),
  };
}

function listLocation(location: LocationBlock, server: ServerBlock): ListedLocation {
  const place = placeOf(location.scope, location.environment, server);
  let depth = 0;
  for (let outer = location.outer; outer; outer = outer.outer) depth++;
  return {
    head: headOf(location.scope),
    depth,
    handler: handlerOf(place).text,
    evidence: location.evidence?.because,
    span: location.scope.directive && spanOf(location.scope.directive.head),
  };
}

/** Beyond this width a column of paths helps nobody. */
const MAX_WIDTH = 40;

/** The list as a text: a line for each server and location. */
export function overviewText(servers: readonly ListedServer[], locate: Locate): string {
  if (servers.length === 0) return "# No server is here.\n";
  return servers
    .map((server) => serverLines(server, locate).join("\n"))
    .join("\n\n")
    .concat("\n");
}

function serverLines({ title, listens, span, locations }: ListedServer, locate: Locate): readonly string[] {
  const listen = listens.length > 0 ? `, listen ${listens.join(", ")}` : "";
  const head = `# ${title}${span ? listen : ""}${span ? ` (${locate(span)})` : ""}`;
  const shown = locations.map((location) => `${"  ".repeat(location.depth)}${location.head}`);
  const width = Math.max(0, ...shown.map(({ length }) => length).filter((length) => length <= MAX_WIDTH));
  const lines = locations.map(({ handler, evidence, span: at }, index) => {
    const websocket = evidence === undefined ? "" : `; WebSocket: ${evidence}`;
    const place = at ? locate(at) : "";
    return `  ${(shown[index] as string).padEnd(width)}  ${handler.replace(/;$/, "")}${websocket}${place === "" ? "" : ` (${place})`}`;
  });
  return [head, ...(lines.length > 0 ? lines : ["  no locations"])];
}
