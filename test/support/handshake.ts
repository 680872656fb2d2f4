import { randomBytes } from "node:crypto";
import { type ClientRequest, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Duplex } from "node:stream";
import { acceptOf } from "./backend.ts";
import { encodeMasked, FrameReader, text } from "./frames.ts";

/** Where a request goes: a port of 127.0.0.1, and what the client believes to talk to. */
export interface Address {
  readonly port: number;
  readonly tls: boolean;
  /** The Host header, and the name in the TLS handshake. */
  readonly host: string;
  readonly path: string;
}

/** What came back. */
export interface Answer {
  /** 444 when the connection was closed without an answer, as nginx itself calls that in its log. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The tunnel of a 101; whoever asked destroys it. */
  readonly socket?: Duplex;
  /** Why a 101 is nothing that a browser accepts. */
  readonly flaw?: string;
}

/** Nothing in a test legitimately takes longer than this to be answered. */
const answerLimit = 5_000;

/** Asks for a WebSocket as a browser does. Throws when no answer comes within five seconds. */
export async function handshake(address: Address): Promise<Answer> {
  const key = randomBytes(16).toString("base64");
  const answer = await ask(address, {
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": key,
  });
  if (answer.status !== 101) return answer;
  const flaw = findFlaw(answer.headers, key);
  return flaw === undefined ? answer : { ...answer, flaw };
}

/** A plain GET. */
export function get(address: Address): Promise<Answer> {
  return ask(address, { Connection: "close" });
}

/** What a browser checks in a 101 (RFC 6455 section 4.1). */
function findFlaw(headers: IncomingHttpHeaders, key: string): string | undefined {
  if (headers.upgrade?.toLowerCase() !== "websocket") return `its Upgrade header is "${headers.upgrade ?? ""}"`;
  if (headers["sec-websocket-accept"] !== acceptOf(key)) return "its Sec-WebSocket-Accept does not fit the key";
  return undefined;
}

function ask(address: Address, headers: Readonly<Record<string, string>>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const common = {
      host: "127.0.0.1",
      port: address.port,
      path: address.path,
      agent: false as const,
      headers: { Host: address.host, ...headers },
      timeout: answerLimit,
    };
    const request: ClientRequest = address.tls
      ? httpsRequest({ ...common, rejectUnauthorized: false, servername: address.host })
      : httpRequest(common);
    request.once("upgrade", (response, socket: Duplex, head) => {
      if (head.length > 0) socket.unshift(head);
      // The limit was for the answer; a tunnel may be idle.
      request.setTimeout(0);
      socket.on("error", () => socket.destroy());
      resolve({ status: response.statusCode!, headers: response.headers, socket });
    });
    request.once("response", (response) => {
      // The body does not matter, and with a broken `error_page` it never ends.
      request.destroy();
      resolve({ status: response.statusCode!, headers: response.headers });
    });
    request.once("timeout", () => {
      request.destroy();
      reject(new Error(`no answer within ${answerLimit / 1000} s`));
    });
    request.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNRESET") resolve({ status: 444, headers: {} });
      else reject(error);
    });
    request.end();
  });
}

/** Sends a text through a tunnel and waits for it to come back, for so many milliseconds. Gives why it did not. */
export function findEchoFailure(socket: Duplex, limit = 2_000): Promise<string | undefined> {
  const payload = randomBytes(12).toString("hex");
  const reader = new FrameReader();
  return new Promise((resolve) => {
    const finish = (failure: string | undefined): void => {
      clearTimeout(timer);
      socket.off("data", read);
      socket.off("close", closed);
      resolve(failure);
    };
    const closed = (): void => finish("the tunnel was closed instead of echoing a message");
    const read = (chunk: Buffer): void => {
      const frame = reader.push(chunk)[0];
      if (frame === undefined) return;
      const same = frame.opcode === text && frame.payload.toString() === payload;
      finish(same ? undefined : "another message came back than was sent");
    };
    const timer = setTimeout(() => finish(`no message came back within ${limit / 1_000} s`), limit);
    socket.on("data", read);
    socket.on("close", closed);
    socket.write(encodeMasked({ opcode: text, payload: Buffer.from(payload) }));
  });
}

/** Leaves a tunnel idle. Gives after how many milliseconds the other side ended it, or nothing when it outlived the limit. */
export function watchIdle(socket: Duplex, limit: number): Promise<number | undefined> {
  const start = performance.now();
  return new Promise((resolve) => {
    const finish = (elapsed: number | undefined): void => {
      clearTimeout(timer);
      socket.off("end", ended);
      socket.off("close", ended);
      resolve(elapsed);
    };
    const ended = (): void => finish(performance.now() - start);
    const timer = setTimeout(() => finish(undefined), limit);
    socket.on("end", ended);
    socket.on("close", ended);
    socket.resume();
  });
}
