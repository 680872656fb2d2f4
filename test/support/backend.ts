import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createSecureContext, TLSSocket } from "node:tls";
import { WebSocketServer } from "ws";
import { testCertificate } from "./certificate.ts";
import { echoFrames } from "./frames.ts";

/**
 * What stands behind nginx:
 * - `strict` takes RFC 6455 at its word: 426 to requests that are no upgrade, 400 to upgrades that are wrong, HTTP/1.0
 *   among them;
 * - `ws` is the ws package as it is: the same, but content with HTTP/1.0;
 * - `lenient` answers 101 whatever it receives;
 * - `http` answers 200 to everything and knows nothing of WebSocket.
 *
 * The first three send every message back. All of them speak TLS as well, on the same port.
 */
export type BackendKind = "strict" | "ws" | "lenient" | "http";

/** Every kind of backend. */
export const backendKinds: readonly BackendKind[] = ["strict", "ws", "lenient", "http"];

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
  close(): Promise<void>;
}

type Accept = (socket: Duplex) => void;

/** Starts a backend on a free port of 127.0.0.1. */
export async function startBackend(kind: BackendKind): Promise<Backend> {
  const requests: ReceivedRequest[] = [];
  const record = (request: ReceivedRequest): void => {
    requests.push(request);
  };
  const accept = kind === "lenient" ? acceptLeniently(record) : acceptHttp(kind, record);
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // A peer that resets its connection is an ordinary end here.
    socket.on("error", () => socket.destroy());
    socket.once("readable", () => {
      const first = socket.read(1) as Buffer | null;
      if (first === null) return void socket.destroy();
      socket.unshift(first);
      accept(first[0] === tlsHandshake ? withTls(socket) : socket);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** The first byte of a TLS connection: record type "handshake". */
const tlsHandshake = 0x16;

function withTls(socket: Socket): TLSSocket {
  const secure = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(testCertificate()) });
  secure.on("error", () => socket.destroy());
  return secure;
}

function acceptHttp(kind: "strict" | "ws" | "http", record: (request: ReceivedRequest) => void): Accept {
  const server: Server = createServer((request, response) => {
    record(describe(request));
    const status = kind === "http" ? 200 : 426;
    response.writeHead(status, { "Content-Type": "text/plain", "Content-Length": 3 }).end(`${status}`);
  });
  if (kind !== "http") {
    const webSockets = new WebSocketServer({ noServer: true });
    server.on("upgrade", (request, socket, head) => {
      record(describe(request));
      if (kind === "strict" && request.httpVersion !== "1.1") return refuse(socket);
      webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        webSocket.on("error", () => webSocket.terminate());
        webSocket.on("message", (data, binary) => webSocket.send(data, { binary }));
      });
    });
  }
  return (socket) => void server.emit("connection", socket);
}

function refuse(socket: Duplex): void {
  socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
}

function describe(request: IncomingMessage): ReceivedRequest {
  const headers: [string, string][] = [];
  for (let i = 0; i + 1 < request.rawHeaders.length; i += 2) {
    headers.push([request.rawHeaders[i]!, request.rawHeaders[i + 1]!]);
  }
  return { line: `${request.method} ${request.url} HTTP/${request.httpVersion}`, headers };
}

/** Reads the head by hand: Node's server would not let a request through that asks for no upgrade. */
function acceptLeniently(record: (request: ReceivedRequest) => void): Accept {
  return (socket) => {
    let bytes = Buffer.alloc(0);
    const read = (chunk: Buffer): void => {
      bytes = Buffer.concat([bytes, chunk]);
      const end = bytes.indexOf("\r\n\r\n");
      if (end < 0) return;
      socket.off("data", read);
      const [line = "", ...fields] = bytes.subarray(0, end).toString("latin1").split("\r\n");
      const headers = fields.map((field): [string, string] => {
        const colon = field.indexOf(":");
        return [field.slice(0, colon), field.slice(colon + 1).trim()];
      });
      record({ line, headers });
      const key = headers.find(([name]) => name.toLowerCase() === "sec-websocket-key")?.[1];
      const accept = key === undefined ? "" : `Sec-WebSocket-Accept: ${acceptOf(key)}\r\n`;
      socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${accept}\r\n`);
      echoFrames(socket, bytes.subarray(end + 4));
    };
    socket.on("data", read);
  };
}

/** The Sec-WebSocket-Accept that answers a Sec-WebSocket-Key (RFC 6455 section 4.2.2). */
export function acceptOf(key: string): string {
  return createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
}
