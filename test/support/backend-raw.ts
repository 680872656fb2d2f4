import type { Duplex } from "node:stream";
import type { ReceivedRequest, Recorder } from "./backend.ts";
import { acceptingHead, echoFrames } from "./frames.ts";

/** Answers 101 whatever comes. Reads the head by hand: Node's server would not let a request through that asks for no upgrade. */
export function answerLeniently(record: Recorder): (socket: Duplex) => void {
  return (socket) =>
    readHead(socket, (request, body) => {
      record(request);
      const key = request.headers.find(([name]) => name.toLowerCase() === "sec-websocket-key")?.[1];
      socket.write(acceptingHead(key));
      echoFrames(socket, body);
    });
}

/** Reads a request and closes the connection. */
export function hangUp(record: Recorder): (socket: Duplex) => void {
  return (socket) =>
    readHead(socket, (request) => {
      record(request);
      socket.destroy();
    });
}

function readHead(socket: Duplex, use: (request: ReceivedRequest, body: Buffer) => void): void {
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
    use({ line, headers }, bytes.subarray(end + 4));
  };
  socket.on("data", read);
}
