import { connect, type Socket } from "node:net";
import { type Backend, type BackendKind, startBackend } from "./backend.ts";
import type { Address } from "./handshake.ts";
import { closeListeners, type Listener, openListener } from "./nginx.ts";
import type { ListenAddress } from "./prepare.ts";

/** The ports that fixtures write for backends of the kind a truth names; the first two always exist. */
const backendPorts = [8080, 8081, 8082] as const;

/** The port that fixtures write where nobody listens. */
const deadPort = 8089;

/** What runs behind nginx, and which port as written stands for which real one. */
export interface BackendSet {
  readonly backends: readonly Backend[];
  readonly ports: ReadonlyMap<number, number>;
  close(): Promise<void>;
}

/** Starts the backends that texts speak of. */
export async function startBackends(kind: BackendKind, texts: readonly string[]): Promise<BackendSet> {
  const isMentioned = (port: number): boolean => texts.some((text) => text.includes(`:${port}`));
  const wanted = backendPorts.filter((port) => port !== 8082 || isMentioned(port));
  const backends = await Promise.all(wanted.map(() => startBackend(kind)));
  const ports = new Map<number, number>(wanted.map((port, index) => [port, backends[index]!.port]));
  const dead = isMentioned(deadPort) ? await openDeadPort() : undefined;
  if (dead !== undefined) ports.set(deadPort, dead.port);
  const close = async (): Promise<void> => {
    dead?.close();
    await Promise.all(backends.map((backend) => backend.close()));
  };
  return { backends, ports, close };
}

/** A port that is taken, so that nobody gets it, and that refuses connections: the client's end of a connection. */
async function openDeadPort(): Promise<{ readonly port: number; close(): void }> {
  const listener = await openListener();
  const held: Socket[] = [];
  listener.server.removeAllListeners("connection").on("connection", (socket) => void held.push(socket));
  const client = connect(listener.port, "127.0.0.1");
  await new Promise<void>((resolve, reject) => {
    client.once("error", reject);
    client.once("connect", resolve);
  });
  const close = (): void => {
    client.destroy();
    for (const socket of held) socket.destroy();
    closeListeners([listener]);
  };
  return { port: client.localPort!, close };
}

/** Which port stands for which. */
export class PortMap {
  readonly backends: ReadonlyMap<number, number>;
  readonly #listens: readonly (ListenAddress & { readonly real: number })[];

  constructor(
    addresses: readonly ListenAddress[],
    listeners: readonly Listener[],
    backends: ReadonlyMap<number, number>,
  ) {
    this.#listens = addresses.map((address, index) => ({ ...address, real: listeners[index]!.port }));
    this.backends = backends;
  }

  readonly listenPort = (port: number, family: 4 | 6): number => {
    const found = this.#listens.find((each) => each.port === port && each.family === family);
    if (found === undefined) throw new Error(`nothing listens on port ${port}`);
    return found.real;
  };

  /** Where a truth's path or URL goes. */
  resolve(target: string): Address | undefined {
    const url = /^(https?):\/\/([^/:]+)(?::(\d+))?(\/.*)$/.exec(target);
    if (url === null) {
      const first = this.#listens[0];
      return first && { port: first.real, tls: first.tls, host: "localhost", path: target };
    }
    const tls = url[1] === "https";
    const usual = tls ? 443 : 80;
    const port = Number(url[3] ?? usual);
    const found = this.#listens.find((each) => each.port === port);
    // As browsers do: the Host header names a port that the scheme does not imply.
    const host = port === usual ? url[2]! : `${url[2]}:${port}`;
    return found && { port: found.real, tls, host, path: url[4]! };
  }

  /** Says a value with the ports that the fixture writes. */
  restore(value: string): string {
    let restored = value;
    for (const [written, real] of this.backends) restored = restored.replaceAll(`:${real}`, `:${written}`);
    for (const { port, real } of this.#listens) restored = restored.replaceAll(`:${real}`, `:${port}`);
    return restored;
  }

  /** Says a URL that nginx made with the ports that the fixture writes: nginx leaves out the usual ones, too. */
  restoreUrl(value: string): string {
    return this.restore(value).replace(/^(http:\/\/[^/:]+):80(?!\d)|^(https:\/\/[^/:]+):443(?!\d)/, "$1$2");
  }
}
