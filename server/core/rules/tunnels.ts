import type { Environment } from "../model/config.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import { type ServerBlock, serversOf } from "../model/server.ts";
import { isMeant } from "./handshake.ts";

const tunnels = new WeakMap<ServerBlock, readonly ProxyBlock[]>();

/** The locations of a server that are meant for WebSocket and pass it on. */
export function tunnelsOf(server: ServerBlock): readonly ProxyBlock[] {
  let found = tunnels.get(server);
  if (!found) {
    found = server.allLocations.flatMap(({ proxy }) => (proxy && isMeant(proxy) ? [proxy] : []));
    tunnels.set(server, found);
  }
  return found;
}

/** The first location of a configuration that is meant for WebSocket. */
export function firstTunnel(environment: Environment): ProxyBlock | undefined {
  for (const server of serversOf(environment)) {
    const [tunnel] = tunnelsOf(server);
    if (tunnel) return tunnel;
  }
  return undefined;
}
