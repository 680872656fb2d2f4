import type { LocationBlock } from "../model/location.ts";
import type { ServerBlock } from "../model/server.ts";
import { isMeant } from "./handshake.ts";

const firsts = new WeakMap<ServerBlock, { readonly location: LocationBlock | undefined }>();

/** The first location of a server that is itself meant for WebSocket; found once. */
export function firstWebsocketLocation(server: ServerBlock): LocationBlock | undefined {
  let first = firsts.get(server);
  if (!first) {
    first = { location: server.allLocations.find(isMeant) };
    firsts.set(server, first);
  }
  return first.location;
}
