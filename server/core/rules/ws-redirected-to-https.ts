import { exitAt, isToHttps } from "../model/exits.ts";
import type { LocationBlock } from "../model/location.ts";
import { namesakes, namesakesOf } from "../model/namesakes.ts";
import { type ServerBlock, serversOf } from "../model/server.ts";
import { pathText } from "./handshake.ts";
import { meantLocations } from "./meant.ts";
import type { Rule } from "./rule.ts";

/** Port 80 does nothing but redirect, which is right and still surprises whoever writes ws://. */
export const wsRedirectedToHttps: Rule = {
  id: "ws-redirected-to-https",
  severity: "hint",
  cause: 7,
  what: "Port 80 redirects everything to https, so clients have to say wss://.",
  why: "The server is right as it is. Browsers do not follow a redirect of a handshake, so ws:// fails with “Unexpected response code: 301”.",
  fixable: "none",
  isStructural: true,
  isOffByDefault: true,
  check: {
    *config(environment) {
      const byName = namesakesOf(environment);
      for (const server of serversOf(environment)) {
        yield undefined;
        if (!server.isKnown || server.isTls || meantLocations(server).length > 0) continue;
        for (const other of namesakes(server, byName)) {
          const location = other.isTls ? meantLocations(other).find(hasPath) : undefined;
          const exit = location && exitAt(server, location.pattern);
          if (!exit || !isToHttps(exit)) continue;
          yield {
            place: exit.entry.directive.namePlace,
            severity: "hint",
            message: `Clients of ws:// get ${exit.status} here and fail: the WebSocket is at wss:// only. This is the usual and right way to send pages to https; browsers do not follow it for a handshake, so the address in the page has to be wss://${hostOf(server)}${pathText(location)}.`,
            related: [{ place: location.directive.head, message: "The WebSocket location, behind TLS." }],
          };
          break;
        }
      }
    },
  },
};

function hasPath({ modifier }: LocationBlock): boolean {
  return modifier === "" || modifier === "^~" || modifier === "=";
}

function hostOf(server: ServerBlock): string {
  const name = server.names.find((each) => !/[~*$]/.test(each)) ?? "";
  return name.startsWith(".") ? name.slice(1) : name;
}
