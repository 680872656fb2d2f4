import type { Duplex } from "node:stream";
import type { ReceivedRequest, Recorder } from "./backend.ts";
import { acceptingHead, echoFrames } from "./frames.ts";

/**
 * Speaks the uwsgi protocol: a head of four bytes (modifier, size, modifier), then the variables, each name and value
 * behind its size. The answer is HTTP.
 */
export function answerUwsgi(record: Recorder): (socket: Duplex) => void {
  return (socket) => {
    let bytes = Buffer.alloc(0);
    const read = (chunk: Buffer): void => {
      bytes = Buffer.concat([bytes, chunk]);
      const end = bytes.length < 4 ? Number.POSITIVE_INFINITY : 4 + bytes.readUInt16LE(1);
      if (bytes.length < end) return;
      socket.off("data", read);
      const variables = readUwsgiVariables(bytes.subarray(4, end));
      record(describe(variables));
      if (variables.get("HTTP_UPGRADE")?.toLowerCase() !== "websocket") {
        return void socket.end("HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\n\r\n404");
      }
      socket.write(acceptingHead(variables.get("HTTP_SEC_WEBSOCKET_KEY")));
      echoFrames(socket, bytes.subarray(end));
    };
    socket.on("data", read);
  };
}

/** Recorder types of FastCGI (section 8 of its specification). */
const fastcgi = { endRequest: 3, params: 4, stdin: 5, stdout: 6 } as const;

/** A FastCGI responder that answers 200 when it has read the whole request. */
export function answerFastcgi(record: Recorder): (socket: Duplex) => void {
  return (socket) => {
    let bytes = Buffer.alloc(0);
    let params = Buffer.alloc(0);
    socket.on("data", (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      while (bytes.length >= 8) {
        const type = bytes[1];
        const size = bytes.readUInt16BE(4);
        const next = 8 + size + bytes[6]!;
        if (bytes.length < next) return;
        const content = bytes.subarray(8, 8 + size);
        bytes = bytes.subarray(next);
        if (type === fastcgi.params) params = Buffer.concat([params, content]);
        if (type !== fastcgi.stdin || size > 0) continue;
        record(describe(readFastcgiVariables(params)));
        const answer = fastcgiRecord(fastcgi.stdout, Buffer.from("Content-Type: text/plain\r\n\r\n200"));
        const nothing = fastcgiRecord(fastcgi.stdout, Buffer.alloc(0));
        socket.end(Buffer.concat([answer, nothing, fastcgiRecord(fastcgi.endRequest, Buffer.alloc(8))]));
      }
    });
  };
}

function fastcgiRecord(type: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([1, type, 0, 1, content.length >> 8, content.length & 0xff, 0, 0]), content]);
}

/** In uwsgi every word stands behind its size. */
function readUwsgiVariables(bytes: Buffer): Map<string, string> {
  const words: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 2 + bytes.readUInt16LE(at);
    words.push(bytes.toString("latin1", at + 2, end));
    at = end;
  }
  return new Map(words.flatMap((word, index) => (index % 2 === 0 ? [[word, words[index + 1] ?? ""]] : [])));
}

/** In FastCGI both sizes stand before both words; a size is one byte, or four whose first bit is set. */
function readFastcgiVariables(bytes: Buffer): Map<string, string> {
  const variables = new Map<string, string>();
  let at = 0;
  const readSize = (): number => {
    const long = bytes[at]! >= 0x80;
    const size = long ? bytes.readUInt32BE(at) & 0x7fffffff : bytes[at]!;
    at += long ? 4 : 1;
    return size;
  };
  while (at < bytes.length) {
    const nameSize = readSize();
    const valueSize = readSize();
    const valueStart = at + nameSize;
    const end = valueStart + valueSize;
    variables.set(bytes.toString("latin1", at, valueStart), bytes.toString("latin1", valueStart, end));
    at = end;
  }
  return variables;
}

/** Header X-Name arrives as variable HTTP_X_NAME. */
function describe(variables: ReadonlyMap<string, string>): ReceivedRequest {
  const [method = "", uri = "", protocol = ""] = ["REQUEST_METHOD", "REQUEST_URI", "SERVER_PROTOCOL"].map((name) =>
    variables.get(name),
  );
  const headers = [...variables].flatMap(([name, value]): [string, string][] =>
    name.startsWith("HTTP_") ? [[name.slice("HTTP_".length).replaceAll("_", "-"), value]] : [],
  );
  return { line: `${method} ${uri} ${protocol}`, headers };
}
