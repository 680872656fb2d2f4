import type { Environment } from "../model/config.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import type { Entry, Scope } from "../model/scope.ts";
import { subrequestTargets } from "../model/subrequests.ts";
import { HTTP_1_1_BY_DEFAULT, isAtLeast } from "../nginx/version.ts";
import type { DraftEdit, DraftFix } from "../rules/rule.ts";
import type { Directive } from "../syntax/directive.ts";
import { anchorIn, type ConnectionValue, connectionValue, isOneFile } from "./connection.ts";
import { insertAfter, replace } from "./insert.ts";

/** Which headers of the handshake a fix writes. */
export type Wanted = "both" | "upgrade" | "connection";

/** The directive directly in the location, in its own file, that brings `proxy_pass`: itself, an include, an `if`. */
export function passAnchor(proxy: ProxyBlock): Directive {
  const { location } = proxy;
  return location ? anchorIn(location, proxy.scope, proxy.pass) : proxy.directive;
}

/**
 * Makes a location forward the handshake: the headers it lacks, the ones it inherits until now and would lose, and
 * HTTP/1.1 where the nginx version needs it. Headers that are there with a wrong value are replaced.
 */
export function makeReady(proxy: ProxyBlock, environment: Environment, wanted: Wanted): DraftFix {
  const location = proxy.location ?? proxy.scope;
  const connection = wanted === "upgrade" ? undefined : connectionValue(proxy, environment);
  const ownHeaders = location.own("proxy_set_header");
  const half = wanted === "both" ? undefined : proxy.setters(wanted === "upgrade" ? "connection" : "upgrade").at(-1);
  if (half && ownHeaders.length === 0) return completePair(proxy, half, wanted, connection);
  const inherited = ownHeaders.length === 0 ? proxy.headers.entries : [];
  const edits: DraftEdit[] = [...(connection?.edits ?? [])];
  const lines: string[] = [...(connection?.lines ?? []), ...versionLines(proxy, location), ...copies(inherited)];
  const values: [string, string][] = wanted === "connection" ? [] : [["Upgrade", "$http_upgrade"]];
  if (connection) values.push(["Connection", connection.text]);
  for (const [name, value] of values) {
    const present = ownHeaders.findLast((entry) => entry.directive.arg(0)?.toLowerCase() === name.toLowerCase());
    const word = present?.directive.args[1];
    // An empty one in an include does no harm: it is not sent.
    if (word && (word.value !== "" || present.via.length === location.via.length)) edits.push(replace(word, value));
    else lines.push(`proxy_set_header ${name} ${value};`);
  }
  if (lines.length > 0) edits.push(insertAfter(headerAnchor(location, passAnchor(proxy)), lines));
  const isSure = (proxy.evidence?.tier ?? 4) <= 2 && connection?.isSafe !== false;
  return {
    title: readyTitle(wanted, connection, inherited.length > 0),
    applicability: isSure && isOneFile(edits) ? "safe" : "suggested",
    edits,
  };
}

/** The place in a location's own file where its headers go: its last header, else what brings `proxy_pass`. */
function headerAnchor(location: Scope, pass: Directive): Directive {
  const own = location.own("proxy_set_header").filter((entry) => entry.via.length === location.via.length);
  return own.at(-1)?.directive ?? pass;
}

/** Writes the other header of the pair beside the one that an outer level sets for all its locations. */
function completePair(
  proxy: ProxyBlock,
  half: Entry,
  wanted: Wanted,
  connection: ConnectionValue | undefined,
): DraftFix {
  const line = connection
    ? `proxy_set_header Connection ${connection.text};`
    : "proxy_set_header Upgrade $http_upgrade;";
  const edits = [...(connection?.edits ?? []), insertAfter(half.directive, [...(connection?.lines ?? []), line])];
  // Subrequests would inherit the pair and fail: a person has to look.
  const server = proxy.scope.nearest("server");
  const isSure = server !== undefined && subrequestTargets(server).size === 0 && connection?.isSafe !== false;
  return {
    title: readyTitle(wanted, connection, false),
    applicability: isSure && isOneFile(edits) ? "safe" : "suggested",
    edits,
  };
}

function readyTitle(wanted: Wanted, connection: ConnectionValue | undefined, copiesHeaders: boolean): string {
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
    .map(lineOf);
}

/** A directive as it is written, on one line. */
export function lineOf({ directive }: Entry): string {
  return `${directive.words.map((word) => word.raw).join(" ")};`;
}

/** `proxy_http_version 1.1;` where nginx would speak HTTP/1.0 otherwise and the level cannot have the directive yet. */
function versionLines(proxy: ProxyBlock, location: Scope): readonly string[] {
  // A second one on the same level is an error for nginx, one on an outer level is overridden.
  if (proxy.value("proxy_http_version").entry || location.unresolved.length > 0) return [];
  return isAtLeast(proxy.environment.version, HTTP_1_1_BY_DEFAULT) ? [] : ["proxy_http_version 1.1;"];
}
