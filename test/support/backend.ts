import { type AddressInfo, createServer, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createSecureContext, TLSSocket } from "node:tls";
import { answerFastcgi, answerUwsgi } from "./backend-cgi.ts";
import { type HttpKind, serveHttp } from "./backend-http.ts";
import { answerLeniently, hangUp } from "./backend-raw.ts";
import { testCertificate } from "./certificate.ts";

/** Every kind of backend. */
export const backendKinds = [
  "strict",
  "ws",
  "lenient",
  "http",
  "origin",
  "cable",
  "picky",
  "fallback",
  "slow",
  "cached",
  "reset",
  "uwsgi",
  "fastcgi",
  "events",
  "socketio",
  "sockjs",
] as const;

/**
 * What stands behind nginx:
 * - `strict` takes RFC 6455 at its word: 426 to requests that are no upgrade, 400 to upgrades that are wrong, HTTP/1.0
 *   among them;
 * - `ws` is the ws package as it is: the same, but content with HTTP/1.0;
 * - `lenient` answers 101 whatever it receives;
 * - `http` answers 200 to everything and knows nothing of WebSocket;
 * - `origin` is strict, and answers 403 when the Origin names another host and port than the Host header;
 * - `cable` answers 404 unless the Origin is the X-Forwarded-Proto (http without it) and the Host header;
 * - `picky` answers 200 to plain requests and 400 to every request that says `Connection: upgrade` and is no handshake;
 * - `fallback` answers 200 to plain requests, whose body it reads, and 101 to handshakes: an application whose
 *   WebSocket shares the location with its pages;
 * - `slow` is strict, after a second and a half;
 * - `cached` is strict, and allows its 426 to be kept for a minute;
 * - `reset` closes the connection instead of answering;
 * - `uwsgi` and `fastcgi` speak those protocols: the first answers handshakes with 101 and the rest with 404, the second
 *   answers 200 to everything;
 * - `events` answers plain requests with an event stream, and handshakes as ws does;
 * - `socketio` and `sockjs` are the real servers.
 *
 * Those that accept a handshake send every message back. All but uwsgi and fastcgi speak TLS as well, on the same port.
 */
export type BackendKind = (typeof backendKinds)[number];

/** A request as it arrived. */
export interface ReceivedRequest {
  /** `GET /ws HTTP/1.1` */
  readonly line: string;
  /** Names and values as written, in order, duplicates included. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** A running backend. */
export interface Backend {
  readonly port: number;
  readonly requests: readonly ReceivedRequest[];
  /** How many TCP connections were opened to it. */
  connections(): number;
  /** Closes the connections that are open, so that what is counted next begins with none. */
  dropConnections(): void;
  close(): Promise<void>;
}

/** Notes a request. */
export type Recorder = (request: ReceivedRequest) => void;

/** What answers on a connection. */
export interface Responder {
  accept(socket: Duplex): void;
  /** Ends what would outlive the connections. */
  close?(): void;
}

/** Where nothing outlives the connections. */
function only(accept: (socket: Duplex) => void): Responder {
  return { accept };
}

async function makeResponder(kind: BackendKind, record: Recorder): Promise<Responder> {
  switch (kind) {
    case "lenient":
      return only(answerLeniently(record));
    case "reset":
      return only(hangUp(record));
    case "uwsgi":
      return only(answerUwsgi(record));
    case "fastcgi":
      return only(answerFastcgi(record));
    case "socketio":
    case "sockjs": {
      // These libraries take a quarter of a second to load, which most test runs need not spend.
      const { serveSocketio, serveSockjs } = await import("./backend-fallbacks.ts");
      return kind === "socketio" ? serveSocketio() : serveSockjs();
    }
    default:
      return only(serveHttp(kind satisfies HttpKind, record));
  }
}

/** The first byte of a TLS connection: record type "handshake". */
const tlsHandshake = 0x16;

/** Starts a backend on a free port of 127.0.0.1. */
export async function startBackend(kind: BackendKind): Promise<Backend> {
  const requests: ReceivedRequest[] = [];
  const responder = await makeResponder(kind, (request) => void requests.push(request));
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // A peer that resets its connection is an ordinary end here.
    socket.on("error", () => socket.destroy());
    socket.once("readable", () => {
      const first = socket.read(1) as Buffer | null;
      if (first === null) return void socket.destroy();
      socket.unshift(first);
      responder.accept(first[0] === tlsHandshake ? withTls(socket) : socket);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const dropConnections = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    connections: () => connections,
    dropConnections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        responder.close?.();
        dropConnections();
      }),
  };
}

function withTls(socket: Socket): TLSSocket {
  const secure = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(testCertificate()) });
  secure.on("error", () => socket.destroy());
  return secure;
}
