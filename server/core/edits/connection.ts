import type { Environment } from "../model/config.ts";
import { stemBesideOthers } from "../model/neighbours.ts";
import { isPollingPath, pathHint } from "../model/paths.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import type { RequestScope } from "../model/request-scope.ts";
import type { Entry, Scope } from "../model/scope.ts";
import { hasUpgradeToken } from "../model/tokens.ts";
import type { ValuesBeside } from "../model/variables.ts";
import type { DraftEdit, DraftFix } from "../rules/rule.ts";
import type { Directive, Word } from "../syntax/directive.ts";
import { indentUnit, insertAfter, insertBefore, insertInto, replace } from "./insert.ts";

/** A value for the Connection header that is `upgrade` for a handshake, and what has to be written for it to work. */
export interface ConnectionValue {
  readonly text: string;
  /** Ends the title of a fix: “… with the map $connection_upgrade”. */
  readonly title: string;
  readonly edits: readonly DraftEdit[];
  /** Lines that have to stand in the location before the header. */
  readonly lines: readonly string[];
  /** Whether plain requests are certainly answered as before. */
  readonly isSafe: boolean;
}

/** What the Connection header of a plain request may become. */
export type IdleConnection =
  /** Nothing, so that connections to the upstream can be kept. */
  | "empty"
  /** Nothing or `close`. */
  | "any";

/** Directives that run before the upstream is asked: an `if` of ours beside them may change which of them count. */
const REWRITES = ["if", "rewrite", "return", "break", "set", "try_files"];

const NAMES = ["connection_upgrade", "websocket_connection", "websocket_connection_upgrade"];

/**
 * Chooses the Connection value: an existing variable that does the right thing; else a new map in the file that holds
 * the http level; else, in a fragment that goes inside a server, where a map may not stand, the literal on a path that
 * serves nothing but WebSocket, a variable set in the location, or the client's own header.
 */
export function connectionValue(
  proxy: ProxyBlock,
  environment: Environment,
  idle: IdleConnection = "any",
): ConnectionValue {
  const known = knownVariable(proxy, environment, idle) ?? foreignVariable(environment, idle);
  if (known) return { text: `$${known}`, title: `with $${known}`, edits: [], lines: [], isSafe: true };
  const name = newName(environment);
  const map = insertMap(environment, name);
  if (map) return { text: `$${name}`, title: `with a map for $${name}`, edits: [map], lines: [], isSafe: true };
  if (isDedicated(proxy)) return { text: '"upgrade"', title: "", edits: [], lines: [], isSafe: true };
  const location = proxy.location;
  if (!location || REWRITES.some((directive) => location.own(directive).length > 0)) {
    return { text: "$http_connection", title: "as the client sent it", edits: [], lines: [], isSafe: false };
  }
  const lines = [`set $${name} "";`, `if ($http_upgrade) { set $${name} upgrade; }`];
  return { text: `$${name}`, title: `with $${name}`, edits: [], lines, isSafe: true };
}

/**
 * The name of a variable to be defined. Of two maps for one variable the last one counts for every server, and a file
 * in a folder with others does not know theirs: there the name says which file it is for.
 */
function newName({ context, definitions, definedBeside, root }: Environment): string {
  const isFree = (candidate: string) => !definitions.get(candidate) && !definedBeside.has(candidate);
  const stem = context === "http" ? stemBesideOthers(root.file) : "";
  const names = stem === "" ? NAMES : NAMES.map((name) => `${name}_${stem}`);
  return names.find(isFree) ?? `${names[0]}_2`;
}

/** Whether a location serves WebSocket only: a comment says so, or its path names an endpoint of a protocol without HTTP fallback. */
export function isDedicated(proxy: RequestScope): boolean {
  return proxy.evidence?.tier === 0 || (pathHint(proxy.path) === "strong" && !isPollingPath(proxy.path));
}

/** A variable that is `upgrade` for a handshake and harmless in a plain request; one that is empty then first. */
function knownVariable(proxy: ProxyBlock, environment: Environment, idle: IdleConnection): string | undefined {
  const websocket = proxy.evaluation("websocket");
  const plain = proxy.evaluation("plain");
  let closing: string | undefined;
  for (const target of new Set([...environment.maps.map((map) => map.target), ...environment.connectionVariables])) {
    const upgraded = target === "" || !environment.definitions.get(target) ? undefined : websocket.variable(target);
    if (!upgraded?.length || !upgraded.every(hasUpgradeToken)) continue;
    const rest = plain.variable(target);
    if (rest?.every((text) => text === "")) return target;
    if (rest?.every(isHarmless)) closing ??= target;
  }
  return idle === "any" ? closing : undefined;
}

/** Whether a plain request may say so in its Connection header. */
function isHarmless(text: string): boolean {
  return ["", "close", "keep-alive"].includes(text.toLowerCase());
}

/** A variable that Connection headers here use although nothing here defines it: the rest of the configuration does. */
function foreignVariable(
  { isWhole, definitions, connectionVariables, definedBeside }: Environment,
  idle: IdleConnection,
): string | undefined {
  if (isWhole) return undefined;
  const usual = NAMES.filter((name) => definedBeside.has(name));
  return [...connectionVariables, ...usual].find((name) => {
    if (definitions.get(name)) return false;
    const values = definedBeside.get(name);
    return !values || isRight(values, idle);
  });
}

/** Whether a variable of another file is known to be right, or not known to be wrong. */
function isRight({ websocket, plain }: ValuesBeside, idle: IdleConnection): boolean {
  const isIdle = (text: string) => (idle === "empty" ? text === "" : isHarmless(text));
  return (websocket?.every(hasUpgradeToken) ?? true) && (plain?.every(isIdle) ?? true);
}

/** The edit that writes the map before the first server of the http level; undefined where no such level is known. */
export function insertMap(environment: Environment, name: string): DraftEdit | undefined {
  return insertBeforeServers(environment, (unit) => mapLines(name, unit));
}

/** The edit that writes lines before the first server of the http level, given what a level is indented by. */
export function insertBeforeServers(
  { http, anchor }: Environment,
  write: (unit: string) => readonly string[],
): DraftEdit | undefined {
  if (!http) return undefined;
  if (anchor) return insertBefore(anchor, write(anchor.isBlock ? indentUnit(anchor) : "    "));
  return http.directive ? insertInto(http.directive, write(indentUnit(http.directive))) : undefined;
}

function mapLines(name: string, unit: string): readonly string[] {
  return [`map $http_upgrade $${name} {`, `${unit}default upgrade;`, `${unit}''      '';`, "}"];
}

/** Puts another value into a Connection header that a location has. */
export function replaceConnection(
  entry: Entry,
  word: Word,
  value: ConnectionValue,
  title: string,
  others: readonly Entry[],
): DraftFix {
  const edits = [...value.edits, replace(word, value.text)];
  // A second Connection would be sent as well; an empty one is not.
  for (const { directive } of others) if (directive.args[1]) edits.push(replace(directive.args[1], '""'));
  if (value.lines.length > 0) edits.push(insertAfter(entry.directive, value.lines));
  return { title, applicability: value.isSafe && isOneFile(edits) ? "safe" : "suggested", edits };
}

/** Whether all edits lie in one file. */
export function isOneFile(edits: readonly DraftEdit[]): boolean {
  return new Set(edits.map((edit) => edit.place.segment.document)).size <= 1;
}

/** The directive of a location's own file that stands directly in it and brings what a scope inside it holds. */
export function anchorIn(location: Scope, scope: Scope, entry: Entry): Directive {
  let inner = scope;
  while (inner !== location && inner.parent && inner.parent !== location) inner = inner.parent;
  const depth = location.via.length;
  const via = inner === location ? entry.via : inner.via;
  return via[depth] ?? (inner === location ? entry.directive : (inner.directive ?? entry.directive));
}
