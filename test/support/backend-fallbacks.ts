import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { Server as SocketioServer } from "socket.io";
import { createServer as createSockjs } from "sockjs";
import type { Responder } from "./backend.ts";

/** A socket.io server at its usual path, `/socket.io/`, that sends every `echo` back. */
export function serveSocketio(): Responder {
  const http = serverOf404();
  const server = new SocketioServer(http, { serveClient: false });
  server.on("connection", (socket) => {
    socket.on("echo", (value: unknown) => socket.emit("echo", value));
  });
  return { accept: (socket) => void http.emit("connection", socket), close: () => void server.engine.close() };
}

/** A SockJS server under every path of one segment that sends every message back. */
export function serveSockjs(): Responder {
  const http = serverOf404();
  const server = createSockjs({ log: () => undefined });
  server.on("connection", (connection) => {
    // Null when the library has lost the connection meanwhile.
    connection?.on("data", (message) => connection.write(message));
  });
  server.installHandlers(http, { prefix: "/[^/]+" });
  // The library keeps its sessions per process. Under names of its own, each server knows only those that it opened.
  const own = randomBytes(4).toString("hex");
  const rename = (request: IncomingMessage): void => {
    request.url = request.url?.replace(/^(\/[^/]+\/[^/.]+\/[^/.]+)(?=\/)/, `$1${own}`);
  };
  http.prependListener("request", rename).prependListener("upgrade", rename);
  return { accept: (socket) => void http.emit("connection", socket) };
}

/** What the library does not take is not found. */
function serverOf404(): Server {
  return createServer((_request, response) => void response.writeHead(404, { "Content-Length": 0 }).end());
}
