import type { Environment } from "../model/config.ts";
import type { LocationBlock } from "../model/location.ts";
import { type ServerBlock, serversOf } from "../model/server.ts";
import type { Upstream } from "../model/upstream.ts";
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

/** Whether some server behind nginx gets the requests, directly or in an `if`: only then there is a tunnel. */
function isPassedOn({ pass, scope }: LocationBlock): boolean {
  return pass !== undefined || scope.children().some((child) => child.own("proxy_pass").length > 0);
}

/** The first location of a configuration that is meant for WebSocket and leads to a server behind nginx. */
export function firstWebsocketLocation(environment: Environment): LocationBlock | undefined {
  for (const server of serversOf(environment)) {
    const found = websocketLocations(server).find(isPassedOn);
    if (found) return found;
  }
  return undefined;
}

/** The upstreams that some location meant for WebSocket passes to. */
export function websocketUpstreams(environment: Environment): ReadonlySet<Upstream> {
  const found = new Set<Upstream>();
  for (const server of serversOf(environment)) {
    for (const { proxy } of websocketLocations(server)) if (proxy?.upstream) found.add(proxy.upstream);
  }
  return found;
}
