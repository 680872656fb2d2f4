import { replace } from "../edits/insert.ts";
import type { LocationBlock } from "../model/location.ts";
import { type ServerBlock, serverOf } from "../model/server.ts";
import { isHandedOn } from "./error-pages.ts";
import { handshakeGap, isMeant, pathText } from "./handshake.ts";
import type { Draft, Rule } from "./rule.ts";

/** A regular expression takes the path of a WebSocket location. */
export const shadowedByRegex: Rule = {
  id: "shadowed-by-regex",
  severity: "warning",
  what: "A regular expression of the server takes the path of a WebSocket location.",
  why: "A regular expression that matches wins over a plain prefix, wherever it stands, so the handshake never reaches the location written for it.",
  fixable: "suggested",
  isStructural: true,
  check: {
    *location(location, environment) {
      const scope = location.scope.nearest("server");
      const { modifier, pattern, pathWord } = location;
      if (!scope || !pathWord || modifier !== "" || !location.pass || !/^\/./.test(pattern)) return;
      if (!isMeant(location) || scope.unresolved.length > 0 || location.scope.own("internal").length > 0) return;
      const server = serverOf(scope, environment);
      const found = thief(server, location);
      if (!found) return;
      const fix = {
        title: `Let ${pathText(location)} win over regular expressions: ^~`,
        applicability: "suggested",
        edits: [replace(pathWord, `^~ ${pathWord.raw}`)],
      } as const;
      yield { ...draft(location, found), place: pathWord, fixes: [fix] };
    },
  },
};

interface Thief {
  readonly regex: LocationBlock;
  /** The file of the protocol that it takes; undefined when it takes the handshake. */
  readonly script: string | undefined;
}

function draft(location: LocationBlock, { regex, script }: Thief): Omit<Draft, "place"> {
  const related = [
    { place: regex.directive.head, message: "This regular expression takes it: it wins over a plain prefix." },
  ];
  if (script !== undefined)
    return {
      severity: "information",
      message: `Pages that load ${script} get a file or 404, not the script of the server. A regular expression takes it from ${pathText(location)}; if your pages bundle the client, nothing is missing.`,
      related,
    };
  return {
    severity: "warning",
    message: `No WebSocket reaches ${pathText(location)}: a regular expression of the server takes it. It wins over a plain prefix wherever it stands, and does not pass the handshake on; ^~ makes this prefix win.`,
    related,
  };
}

/** The regular expression that takes all handshakes of a location, or the client script of socket.io. */
function thief(server: ServerBlock, location: LocationBlock): Thief | undefined {
  const { pattern } = location;
  const isSocketIo = /\/(?:socket\.io|engine\.io)\/?$/.test(pattern);
  const below = pattern.endsWith("/") && !isSocketIo ? [`${pattern}chat`] : [];
  const takers = [pattern, ...below].map((path) => taker(server, location, path));
  const [regex] = takers;
  if (regex && takers.every((each) => each !== undefined)) return { regex, script: undefined };
  if (!isSocketIo) return undefined;
  const script = `${pattern.replace(/\/$/, "")}/socket.io.js`;
  const other = taker(server, location, script);
  // A regular expression that is passed on is passed to somebody who may well have it.
  return other && !other.pass ? { regex: other, script } : undefined;
}

/** The regular expression that a path goes to instead of its location, if the handshake ends there. */
function taker(server: ServerBlock, location: LocationBlock, path: string): LocationBlock | undefined {
  const { location: taken, isCertain, isSlashRedirect } = server.route(path);
  if (!taken || taken === location || !isCertain || isSlashRedirect) return undefined;
  if (!taken.modifier.startsWith("~") || isWithin(taken, location)) return undefined;
  return losesHandshake(taken) ? taken : undefined;
}

function isWithin(inner: LocationBlock, outer: LocationBlock): boolean {
  for (let block = inner.outer; block; block = block.outer) if (block === outer) return true;
  return false;
}

/** Whether a location certainly does not pass a handshake on. */
function losesHandshake(taken: LocationBlock): boolean {
  const { scope, pass, proxy } = taken;
  if (scope.unresolved.length > 0) return false;
  if (proxy) return ["both", "lost"].includes(handshakeGap(proxy));
  if (pass) return pass.directive.name === "fastcgi_pass";
  if (isHandedOn(taken, "404")) return false;
  // Code, or an `if` that passes some requests on.
  return !scope.entries.some(({ directive }) => /_by_lua|^js_|^perl$|^if$|^rewrite$|_pass$/.test(directive.name));
}
