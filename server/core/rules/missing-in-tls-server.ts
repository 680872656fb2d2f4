import { insertAfter } from "../edits/insert.ts";
import type { Environment } from "../model/config.ts";
import { exitAt, exitOf } from "../model/exits.ts";
import type { LocationBlock } from "../model/location.ts";
import { namesakes, namesakesOf } from "../model/namesakes.ts";
import { type ServerBlock, serversOf } from "../model/server.ts";
import { meantLocations, pathsText } from "./meant.ts";
import type { DraftFix, Rule } from "./rule.ts";

/** One host name, two servers, and only one of them has the WebSocket location. */
export const missingInTlsServer: Rule = {
  id: "missing-in-tls-server",
  severity: "information",
  cause: 4,
  what: "A host has a server for http and one for https, and only one of them has the WebSocket location.",
  why: "The other one answers the handshake with a page, a 404 or a plain request to the backend: wss:// or ws:// fails there.",
  fixable: "suggested",
  isStructural: true,
  check: {
    *config(environment) {
      const byName = namesakesOf(environment);
      for (const server of serversOf(environment)) {
        yield undefined;
        if (!server.isKnown || !server.directive) continue;
        for (const other of namesakes(server, byName)) {
          if (!isOtherHalf(server, other)) continue;
          const missing = meantLocations(other).filter((location) => isMissing(server, location));
          const [first] = missing;
          if (!first || exitOf(other.scope, environment) || !shareBackend(server, other, environment)) continue;
          const scheme = server.isTls ? "wss" : "ws";
          yield {
            place: server.directive.namePlace,
            severity: "information",
            message: `No WebSocket at ${scheme}:// for ${pathsText(missing)}: the location is missing. ${
              server.isTls ? "Pages that come over https must use wss://, and" : "Whoever says ws:// comes here, and"
            } only the other server for the same name passes the handshake on.`,
            related: missing.slice(0, 3).map((location) => ({
              place: location.directive.head,
              message: "The other server has it.",
            })),
            fixes: missing.length === 1 ? copyInto(server, first) : [],
          };
          break;
        }
      }
    },
  },
};

/** Whether one is the plain server on port 80 and the other the TLS server on port 443: what a URL without port means. */
function isOtherHalf(server: ServerBlock, other: ServerBlock): boolean {
  if (!other.isKnown || server.isTls === other.isTls || server.isPlain === other.isPlain) return false;
  const [plain, tls] = server.isTls ? [other, server] : [server, other];
  const hasPlainPort = plain.listens.length === 0 || plain.listens.some(({ port }) => port === 80);
  return hasPlainPort && tls.listens.some(({ port }) => port === 443);
}

/** Whether a server answers the path itself, and with something that passes no handshake on. */
function isMissing(server: ServerBlock, wanted: LocationBlock): boolean {
  const { modifier, pattern, evidence } = wanted;
  if (modifier !== "" && modifier !== "^~" && modifier !== "=") return false;
  // A location for everything says nothing about a path of its own.
  if (pattern === "/" || (evidence?.tier ?? 4) > 2 || exitAt(server, pattern)) return false;
  const { location, isCertain } = server.route(pattern);
  if (!isCertain) return false;
  if (!location) return true;
  if (location.scope.own("if").length > 0 || location.scope.own("rewrite").length > 0) return false;
  if (!location.pass)
    return !location.scope.own("try_files").some(({ directive }) => directive.args.at(-1)?.value.startsWith("@"));
  if (!location.proxy || location.headers.certainty === "doubtful") return false;
  return location.setters("upgrade").every(({ directive }) => (directive.arg(1) ?? "") === "");
}

/**
 * Whether both are halves of one site: the TLS half always is, because pages come from there; the plain half only when
 * it passes requests to the same backend, and does not just show the way.
 */
function shareBackend(server: ServerBlock, other: ServerBlock, { http }: Environment): boolean {
  if (http === undefined) return false;
  if (server.isTls) return server.locations.length > 0 || server.scope.own("root").length > 0;
  const targets = new Set(other.allLocations.flatMap(({ proxy }) => proxy?.url.value ?? []));
  return server.allLocations.some(({ proxy }) => proxy !== undefined && targets.has(proxy.url.value));
}

/** Copies the location as it is written, where all that it needs stands in it. */
function copyInto(server: ServerBlock, location: LocationBlock): readonly DraftFix[] {
  const anchor = server.locations.findLast(({ scope }) => scope.via.length === server.scope.via.length);
  const isOwn = location.headers.scope === location.scope && location.outer === undefined;
  if (!anchor || !isOwn) return [];
  const { segment, start, end } = location.directive.place;
  const text = segment.text.slice(start, end);
  const [head = "", ...body] = text.split(/\r?\n/);
  const depth = Math.min(...body.filter((line) => line.trim() !== "").map((line) => line.search(/\S/)));
  const lines = [head, ...body.map((line) => (line.trim() === "" ? "" : line.slice(depth)))];
  const edit = insertAfter(anchor.directive, lines);
  // On one line a comment would swallow what follows it.
  if (!edit.newText.includes("\n") && text.includes("#")) return [];
  return [
    {
      title: "Copy the location into this server",
      applicability: "suggested",
      edits: [edit],
    },
  ];
}
