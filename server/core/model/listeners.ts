import type { Environment } from "./config.ts";
import { effectiveValue } from "./effective.ts";
import type { Listen } from "./listen.ts";
import { type ServerBlock, serversOf } from "./server.ts";

/** An address and port with the servers on it: nginx opens one socket and decides TLS and HTTP/2 for all of them. */
export interface Listener {
  readonly port: number;
  /** In nginx's order. */
  readonly members: readonly { readonly server: ServerBlock; readonly listen: Listen }[];
}

/** A trait of one `listen` of a server. */
export type ListenTrait = (listen: Listen, server: ServerBlock) => boolean;

const known = new WeakMap<ListenTrait, WeakMap<ServerBlock, boolean>>();

/**
 * All listeners of a configuration if one of its servers has a certain trait, else none: a trait that few configurations
 * have is looked for server by server and remembered, since this is asked after each edit.
 */
export function listenersIfAny(environment: Environment, trait: ListenTrait): readonly Listener[] {
  const servers = serversOf(environment);
  const verdicts = known.get(trait) ?? new WeakMap<ServerBlock, boolean>();
  known.set(trait, verdicts);
  const hasTrait = (server: ServerBlock): boolean => {
    const verdict = verdicts.get(server) ?? server.listens.some((listen) => trait(listen, server));
    verdicts.set(server, verdict);
    return verdict;
  };
  return servers.some(hasTrait) ? listenersOf(servers) : [];
}

/** The listeners of some servers, in the order of the file; those whose port a variable or template decides are left out. */
function listenersOf(servers: readonly ServerBlock[]): readonly Listener[] {
  const found = new Map<string, { port: number; members: { server: ServerBlock; listen: Listen }[] }>();
  for (const server of servers) {
    for (const listen of server.listens) {
      const { address, port } = listen;
      if (port === 0) continue;
      const key = `${address === "0.0.0.0" ? "*" : address.toLowerCase()}:${port}${listen.quic ? " udp" : ""}`;
      const known = found.get(key);
      if (known) known.members.push({ server, listen });
      else found.set(key, { port, members: [{ server, listen }] });
    }
  }
  return [...found.values()];
}

/** Whether a listener speaks TLS: one `ssl` is enough for all its servers, and so is `ssl on` (before 1.25.1). */
export function speaksTls({ members }: Listener): boolean {
  return members.some(
    ({ server, listen }) => listen.ssl || effectiveValue(server.scope, "ssl").entry?.directive.arg(0) === "on",
  );
}

/** The server that answers when none is named: the one marked as default, else the first. */
export function defaultOf({ members }: Listener): Listener["members"][number] | undefined {
  return members.find(({ listen }) => listen.isDefault) ?? members[0];
}
