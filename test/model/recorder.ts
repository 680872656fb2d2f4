import { type AddressInfo, createServer, type Socket } from "node:net";
import type { ReceivedRequest } from "../support/backend.ts";

/** A backend that tells whoever asked, in the header X-Received of its answer, what it got. */
export interface Recorder {
  readonly port: number;
  close(): Promise<void>;
}

/** What the header X-Received holds. */
export interface Received extends ReceivedRequest {
  /** The port of the backend. */
  readonly port: number;
}

/** Starts one on a free port of 127.0.0.1. It answers 200 to whatever comes, so that nginx never tries another one. */
export async function startRecorder(): Promise<Recorder> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    let head = "";
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => {
      head += chunk;
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      const received: Received = { ...readHead(head.slice(0, end)), port };
      const told = Buffer.from(JSON.stringify(received)).toString("base64");
      socket.end(`HTTP/1.1 200 OK\r\nX-Received: ${told}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return { port, close };
}

/** Every byte counts: not even spaces at the ends of a value are dropped. */
function readHead(head: string): ReceivedRequest {
  const [line = "", ...fields] = head.split("\r\n");
  const headers = fields.map((field): [string, string] => {
    const colon = field.indexOf(": ");
    return [field.slice(0, colon), field.slice(colon + 2)];
  });
  return { line, headers };
}
