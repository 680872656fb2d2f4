import type { LocationBlock } from "../model/location.ts";
import type { ServerBlock } from "../model/server.ts";
import { isMeant, pathText } from "./handshake.ts";

/** The locations of a server that are meant for WebSocket and hand their requests to something. */
export function meantLocations(server: ServerBlock): readonly LocationBlock[] {
  return server.allLocations.filter((location) => passesOn(location) && isMeant(location));
}

/** Whether the location itself, or an `if` in it, hands its requests to a backend. */
export function passesOn(location: LocationBlock): boolean {
  return location.pass !== undefined || location.scope.children().some((block) => block.own("proxy_pass").length > 0);
}

/** “/ws”, “/ws and /cable”, “/ws and 3 more” */
export function pathsText(locations: readonly LocationBlock[]): string {
  const [first, second, ...rest] = locations.map(pathText);
  if (second === undefined) return first ?? "";
  return rest.length === 0 && `${first}${second}`.length <= 30
    ? `${first} and ${second}`
    : `${first} and ${rest.length + 1} more`;
}
