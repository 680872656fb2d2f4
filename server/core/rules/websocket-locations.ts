import type { Environment } from "../model/config.ts";
import type { LocationBlock } from "../model/location.ts";
import { type ServerBlock, serversOf } from "../model/server.ts";
import { isMeant } from "./handshake.ts";

const known = new WeakMap<ServerBlock, readonly LocationBlock[]>();

/** The locations of a server that are meant for WebSocket, found once as long as the server does not change. */
export function websocketLocations(server: ServerBlock): readonly LocationBlock[] {
  let found = known.get(server);
  if (!found) {
    found = server.allLocations.filter((location) => isMeant(location.proxy ?? location));
    known.set(server, found);
  }
  return found;
}

/** The first location of a configuration that is meant for WebSocket. */
export function firstWebsocketLocation(environment: Environment): LocationBlock | undefined {
  for (const server of serversOf(environment)) {
    const [first] = websocketLocations(server);
    if (first) return first;
  }
  return undefined;
}
