import type { Environment } from "./config.ts";
import { type ServerBlock, serversOf } from "./server.ts";

/** Names that stand for no host in particular. */
const anonymous = new Set(["", "_", "localhost", "*"]);

const listed = new WeakMap<readonly ServerBlock[], ReadonlyMap<string, readonly ServerBlock[]>>();

/** The servers by the host names they share; names that are patterns or mean any host are left out. */
export function namesakesOf(environment: Environment): ReadonlyMap<string, readonly ServerBlock[]> {
  const servers = serversOf(environment);
  const known = listed.get(servers);
  if (known) return known;
  const found = new Map<string, ServerBlock[]>();
  for (const server of servers) {
    for (const name of new Set(server.names)) {
      if (anonymous.has(name) || /[~$*{]/.test(name)) continue;
      const known = found.get(name);
      if (known) known.push(server);
      else found.set(name, [server]);
    }
  }
  listed.set(servers, found);
  return found;
}

/** The other servers that answer for a host name of this one. */
export function namesakes(
  server: ServerBlock,
  byName: ReadonlyMap<string, readonly ServerBlock[]>,
): readonly ServerBlock[] {
  const found = new Set<ServerBlock>();
  for (const name of server.names) for (const other of byName.get(name) ?? []) found.add(other);
  found.delete(server);
  return [...found];
}
