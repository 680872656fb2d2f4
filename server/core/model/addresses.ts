import type { Environment } from "./config.ts";
import type { Entry } from "./scope.ts";
import { type ServerBlock, serversOf } from "./server.ts";

/** Who listens where in a configuration: servers by port, or by `unix:` path. */
type ServersByPort = ReadonlyMap<string, readonly ServerBlock[]>;

const known = new WeakMap<readonly Entry[], { environment: Environment; byPort: ServersByPort }>();

/** The servers of the http level by what they listen on; found once as long as nothing changes. */
function serversByPort({ shared: environment }: Environment): ServersByPort {
  const entries = environment.http?.entries ?? [];
  const before = known.get(entries);
  if (before?.environment === environment) return before.byPort;
  const byPort = new Map<string, ServerBlock[]>();
  for (const server of serversOf(environment)) {
    for (const { address, port } of server.listens) {
      const key = address.startsWith("unix:") ? address : String(port);
      const servers = byPort.get(key);
      if (!servers) byPort.set(key, [server]);
      else if (!servers.includes(server)) servers.push(server);
    }
  }
  known.set(entries, { environment, byPort });
  return byPort;
}

const loopback = new Set(["127.0.0.1", "localhost", "[::1]"]);
const everywhere = new Set(["*", "0.0.0.0", "[::]"]);

/** The only server that an address (`127.0.0.1:8081`, `unix:/run/inner.sock`) leads to; undefined when several may answer. */
export function serverAt(address: string, environment: Environment): ServerBlock | undefined {
  const byPort = serversByPort(environment);
  if (address.startsWith("unix:")) return only(byPort.get(address));
  const match = /^(\[[^\]]*\]|[^:]+):(\d+)$/.exec(address);
  const [, host = "", port = ""] = match ?? [];
  const servers = (byPort.get(port) ?? []).filter((server) =>
    server.listens.some((listen) => {
      if (String(listen.port) !== port || listen.quic) return false;
      return (
        listen.address === host ||
        (loopback.has(host) && (everywhere.has(listen.address) || loopback.has(listen.address)))
      );
    }),
  );
  return only(servers);
}

/** Which of several servers answers is a matter of the Host header. */
function only(servers: readonly ServerBlock[] | undefined): ServerBlock | undefined {
  return servers?.length === 1 ? servers[0] : undefined;
}
