import { replace, wholeLines } from "../edits/insert.ts";
import type { LocationBlock } from "../model/location.ts";
import { serverOf } from "../model/server.ts";
import type { Directive } from "../syntax/directive.ts";
import { isHandedOn } from "./error-pages.ts";
import { handshakeGap, isMeant, pathText } from "./handshake.ts";
import type { Rule } from "./rule.ts";

/** try_files answers before proxy_pass is asked. */
export const tryFilesBeforeProxy: Rule = {
  id: "try-files-before-proxy",
  severity: "error",
  what: "try_files stands beside proxy_pass, and takes every request that is no file.",
  why: "try_files runs first and sends what is no file to its last argument; proxy_pass gets only the files that exist.",
  fixable: "suggested",
  isStructural: true,
  check: {
    *location(location) {
      const entry = location.scope.own("try_files").at(-1);
      if (!entry || !location.pass || !isMeant(location) || mayAvoid(location)) return;
      const { directive } = entry;
      const outcome = lastResort(location, directive);
      if (outcome === undefined) return;
      const { text, isSure } = outcome;
      yield {
        place: directive.head,
        severity: isSure && (location.evidence?.tier ?? 4) <= 1 ? "error" : "warning",
        message: `No WebSocket ${where(location)} gets through: try_files answers first, ${text}. It sends whatever is no file to its last argument, and ${location.pass.directive.name} never sees the path that was asked for.`,
        related: [{ place: location.pass.directive.head, message: "Gets the files that exist, and nothing else." }],
        fixes:
          entry.via.length > location.scope.via.length
            ? []
            : [
                {
                  title: "Remove try_files: every request here goes to the backend",
                  applicability: "suggested",
                  edits: [replace(wholeLines(directive.place), "")],
                },
              ],
      };
    },
  },
};

/** An `if` that holds has no try_files, and code may answer before. */
function mayAvoid(location: LocationBlock): boolean {
  const evaluation = location.evaluation("websocket");
  return location.scope.entries.some(({ directive }) => {
    if (directive.name === "if") return evaluation.condition(directive) !== false;
    return /_by_lua|^js_/.test(directive.name) || ["return", "rewrite"].includes(directive.name);
  });
}

/** The files that are there for `/` itself are no handshake's. */
function where(location: LocationBlock): string {
  return location.pattern === "/" ? "below /" : `to ${pathText(location)}`;
}

/** What a handshake gets from the last argument; undefined where that may well be a WebSocket, or is not known. */
function lastResort(location: LocationBlock, directive: Directive): { text: string; isSure: boolean } | undefined {
  const last = directive.args.at(-1)?.value ?? "";
  const files = directive.args.slice(0, -1).map((word) => word.value);
  // A file whose name does not depend on the request may be there: the site is up or down for everybody.
  if (files.length === 0 || !files.every((file) => file.includes("$"))) return undefined;
  if (/^=\d{3}$/.test(last) && isHandedOn(location, last.slice(1))) return undefined;
  if (/^=\d{3}$/.test(last)) return { text: `with ${last.slice(1)}`, isSure: true };
  const scope = location.scope.nearest("server");
  if (!scope || scope.unresolved.length > 0 || !last.startsWith("/")) return undefined;
  const [path = ""] = last.split("?");
  if (path.includes("$")) return undefined;
  const page = path.length > 16 ? "another page" : path;
  const { location: target, isCertain } = serverOf(scope, location.environment).route(path);
  if (!isCertain || (target && target.scope.unresolved.length > 0)) return undefined;
  // It comes back under another path, to a backend that may take a WebSocket anywhere.
  if (target === location) return { text: `with ${page}`, isSure: false };
  const passesOn = target?.proxy && !["both", "lost", "upgrade", "connection"].includes(handshakeGap(target.proxy));
  return passesOn || target?.pass?.directive.name === "uwsgi_pass" ? undefined : { text: `with ${page}`, isSure: true };
}
