import type { Environment } from "../model/config.ts";
import { isPollingPath, pathHint } from "../model/paths.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import type { Entry, Scope } from "../model/scope.ts";
import { hasUpgradeToken } from "../model/tokens.ts";
import { Evaluation } from "../model/values.ts";
import { HTTP_1_1_BY_DEFAULT, isAtLeast } from "../nginx/version.ts";
import type { DraftEdit, DraftFix } from "../rules/rule.ts";
import type { Directive } from "../syntax/directive.ts";
import { indentUnit, insertAfter, insertBefore, insertInto, replace } from "./insert.ts";

/** A value for the Connection header that is `upgrade` for a handshake, and what has to be written for it to work. */
export interface ConnectionValue {
  readonly text: string;
  /** Ends the title of a fix: “… with the map $connection_upgrade”. */
  readonly title: string;
  readonly edits: readonly DraftEdit[];
  /** Lines that have to stand in the location before the header. */
  readonly lines: readonly string[];
}

const MAP_NAME = "connection_upgrade";

/**
 * Chooses the Connection value: an existing variable that does the right thing; else a new map in the file that holds
 * the http level; else, in a fragment that goes inside a server, where a map may not stand, the literal on a path that
 * serves nothing but WebSocket, and a variable set in the location otherwise.
 */
export function connectionValue(proxy: ProxyBlock, environment: Environment): ConnectionValue {
  const known = knownVariable(proxy, environment);
  if (known) return { text: `$${known}`, title: `with $${known}`, edits: [], lines: [] };
  const name = freeName(environment);
  const map = insertMap(proxy, environment, name);
  if (map) return { text: `$${name}`, title: `with a map for $${name}`, edits: [map], lines: [] };
  if (isDedicated(proxy)) return { text: '"upgrade"', title: "", edits: [], lines: [] };
  const lines = [`set $${name} "";`, `if ($http_upgrade) { set $${name} upgrade; }`];
  return { text: `$${name}`, title: `with $${name}`, edits: [], lines };
}

/** Whether a location serves WebSocket only: its path names an endpoint of a protocol without HTTP fallback. */
export function isDedicated(proxy: ProxyBlock): boolean {
  return pathHint(proxy.path) === "strong" && !isPollingPath(proxy.path);
}

/** A variable of this configuration that is `upgrade` for a handshake and is not for a plain request. */
function knownVariable(proxy: ProxyBlock, { definitions }: Environment): string | undefined {
  const websocket = proxy.evaluation("websocket");
  const plain = proxy.evaluation("plain");
  for (const [name, definition] of definitions.entries()) {
    if (definition.maps.length === 0 || definition.maps.some((map) => map.scope.parent?.kind !== "http")) continue;
    const upgraded = websocket.variable(name);
    const idle = plain.variable(name);
    if (upgraded?.length && upgraded.every(hasUpgradeToken) && idle?.length && !idle.some(hasUpgradeToken)) return name;
  }
  return undefined;
}

function freeName({ definitions }: Environment): string {
  const candidates = [MAP_NAME, "websocket_connection", "websocket_connection_upgrade"];
  return candidates.find((name) => !definitions.get(name)) ?? `${MAP_NAME}_2`;
}

/** The edit that writes the map before the first server of the http level; undefined where no such level is known. */
export function insertMap(
  proxy: ProxyBlock | undefined,
  environment: Environment,
  name: string,
): DraftEdit | undefined {
  const { http } = environment;
  if (!http) return undefined;
  const own = proxy?.scope.nearest("server")?.directive;
  const server = http.entries.find((entry) => entry.scope?.kind === "server" && entry.via.length === 0);
  const anchor = server?.directive ?? http.entries.find((entry) => entry.via.length === 0)?.directive;
  const target = anchor ?? (http.directive ? undefined : own);
  if (target) return insertBefore(target, mapLines(name, unitFor(target)));
  return http.directive ? insertInto(http.directive, mapLines(name, indentUnit(http.directive))) : undefined;
}

function unitFor(directive: Directive): string {
  return directive.isBlock ? indentUnit(directive) : "    ";
}

function mapLines(name: string, unit: string): readonly string[] {
  return [`map $http_upgrade $${name} {`, `${unit}default upgrade;`, `${unit}''      '';`, "}"];
}

/** The place in a location's own file where its headers go: its last header, else what brings `proxy_pass`. */
function headerAnchor(location: Scope, pass: Directive): Directive {
  const own = location.own("proxy_set_header").filter((entry) => entry.via.length === location.via.length);
  return own.at(-1)?.directive ?? pass;
}

/** The directive of the location's own file that brings `proxy_pass`: itself, or the include it came through. */
export function passAnchor(proxy: ProxyBlock): Directive {
  const { pass } = proxy;
  const location = proxy.location;
  const depth = location?.via.length ?? 0;
  return pass.via[depth] ?? pass.directive;
}

/**
 * Makes a location forward the handshake: the headers it lacks, the ones it inherits until now and would lose, and
 * HTTP/1.1 where the nginx version needs it. Headers that are there with a wrong value are replaced.
 */
export function makeReady(
  proxy: ProxyBlock,
  environment: Environment,
  wanted: "both" | "upgrade" | "connection",
): DraftFix {
  const location = proxy.location ?? proxy.scope;
  const connection = wanted === "upgrade" ? undefined : connectionValue(proxy, environment);
  const edits: DraftEdit[] = [...(connection?.edits ?? [])];
  const lines: string[] = [...(connection?.lines ?? [])];
  const ownHeaders = location.own("proxy_set_header");
  const half = wanted === "both" ? undefined : proxy.setters(wanted === "upgrade" ? "connection" : "upgrade").at(-1);
  if (half && ownHeaders.length === 0) return completePair(half, wanted, connection);
  const inherited = ownHeaders.length === 0 ? proxy.headers.entries : [];
  const version = versionLine(proxy, location);
  if (version) lines.push(version);
  const write = (name: string, value: string) => {
    const present = ownHeaders.filter(
      (entry) =>
        entry.directive.arg(0)?.toLowerCase() === name.toLowerCase() && entry.via.length === location.via.length,
    );
    const word = present.at(-1)?.directive.args[1];
    if (word) edits.push(replace(word, value));
    else lines.push(`proxy_set_header ${name} ${value};`);
  };
  for (const line of copies(inherited)) lines.push(line);
  if (wanted !== "connection") write("Upgrade", "$http_upgrade");
  if (connection) write("Connection", connection.text);
  if (lines.length > 0) edits.push(insertAfter(headerAnchor(location, passAnchor(proxy)), lines));
  return {
    title: readyTitle(wanted, connection, inherited.length > 0),
    applicability: isOneFile(edits) ? "safe" : "suggested",
    edits,
  };
}

/** Writes the other header of the pair beside the one that an outer level sets for all its locations. */
function completePair(
  half: Entry,
  wanted: "both" | "upgrade" | "connection",
  connection: ConnectionValue | undefined,
): DraftFix {
  const line = connection
    ? `proxy_set_header Connection ${connection.text};`
    : "proxy_set_header Upgrade $http_upgrade;";
  const edits = [...(connection?.edits ?? []), insertAfter(half.directive, [...(connection?.lines ?? []), line])];
  return {
    title: readyTitle(wanted, connection, false),
    applicability: isOneFile(edits) ? "safe" : "suggested",
    edits,
  };
}

function readyTitle(
  wanted: "both" | "upgrade" | "connection",
  connection: ConnectionValue | undefined,
  copiesHeaders: boolean,
): string {
  const what = {
    both: "Forward the Upgrade and Connection headers",
    upgrade: "Forward the Upgrade header",
    connection: "Forward the Connection header",
  }[wanted];
  const how = connection?.title ? ` ${connection.title}` : "";
  return `${what}${how}${copiesHeaders ? ", keep the inherited headers" : ""}`;
}

/** Copies of inherited headers, as they are written; the handshake's own two are left out. */
export function copies(entries: readonly Entry[]): readonly string[] {
  return entries
    .filter((entry) => !["upgrade", "connection"].includes(entry.directive.arg(0)?.toLowerCase() ?? ""))
    .map((entry) => `${entry.directive.words.map((word) => word.raw).join(" ")};`);
}

/** `proxy_http_version 1.1;` where nginx would speak HTTP/1.0 otherwise and no known line says something else. */
function versionLine(proxy: ProxyBlock, location: Scope): string | undefined {
  const { entry, certainty } = proxy.value("proxy_http_version");
  if (entry || certainty === "doubtful") return undefined;
  if (isAtLeast(proxy.context.version, HTTP_1_1_BY_DEFAULT) || location.kind === "if") return undefined;
  return "proxy_http_version 1.1;";
}

function isOneFile(edits: readonly DraftEdit[]): boolean {
  return new Set(edits.map((edit) => edit.place.segment.document)).size <= 1;
}

/** Whether a value is `upgrade` for every handshake in a scope. */
export function upgrades(value: string, scope: Scope, environment: Environment): boolean {
  const result = new Evaluation(environment.definitions, scope, "websocket").evaluate(value);
  return result !== undefined && result.length > 0 && result.every(hasUpgradeToken);
}
