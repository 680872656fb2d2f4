import { randomBytes } from "node:crypto";
import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Duplex } from "node:stream";
import { findRefusal, type Headers } from "./browser.ts";
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
  readonly headers: Headers;
  /** The tunnel of a 101; whoever asked destroys it. */
  readonly socket?: Duplex;
  /** Why a browser refuses this 101. */
  readonly flaw?: string;
}

/** What differs from the usual handshake. */
export interface HandshakeOptions {
  /** The Upgrade header; websocket without it. */
  readonly upgrade?: string;
  /** The one subprotocol that is offered. */
  readonly subprotocol?: string;
  /** The address of the client. */
  readonly from?: string;
}

/** Nothing in a test legitimately takes longer than this to be answered. */
const answerLimit = 5_000;

/** Asks for a WebSocket as a browser does. Throws when no answer comes within five seconds. */
export async function handshake(address: Address, options: HandshakeOptions = {}): Promise<Answer> {
  const { upgrade = "websocket", subprotocol, from } = options;
  const key = randomBytes(16).toString("base64");
  const headers = {
    Connection: "Upgrade",
    Upgrade: upgrade,
    Origin: `${address.tls ? "https" : "http"}://${address.host}`,
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": key,
    ...(subprotocol === undefined ? {} : { "Sec-WebSocket-Protocol": subprotocol }),
  };
  const answer = await readAnswer(send(address, headers, from === undefined ? {} : { localAddress: from }));
  if (answer.status !== 101) return answer;
  const flaw = findRefusal(answer.headers, { key, subprotocol });
  return flaw === undefined ? answer : { ...answer, flaw };
}

/** A plain GET. */
export function get(address: Address): Promise<Answer> {
  return readAnswer(send(address, { Connection: "close" }));
}

/** A POST with a body. */
export function post(address: Address, body: string | Buffer): Promise<Answer> {
  const headers = {
    Connection: "close",
    "Content-Type": "text/plain;charset=UTF-8",
    "Content-Length": `${Buffer.byteLength(body)}`,
  };
  return readAnswer(send(address, headers, { method: "POST" }, body));
}

/** An answer with its body still to come; whoever reads it to its end leaves nginx's connection to the backend whole. */
export function stream(
  address: Address,
  headers: Readonly<{ [name: string]: string }> = {},
  method = "GET",
): Promise<IncomingMessage> {
  const request = send(address, { Connection: "close", ...headers }, { method });
  return new Promise((resolve, reject) => {
    request.once("response", resolve);
    request.once("timeout", () => request.destroy(new Error(noAnswer)));
    request.once("error", reject);
  });
}

const noAnswer = `no answer within ${answerLimit / 1000} s`;

/** A request that is on its way. */
function send(
  address: Address,
  headers: Readonly<{ [name: string]: string }>,
  options: { readonly method?: string; readonly localAddress?: string } = {},
  body: string | Buffer = "",
): ClientRequest {
  const common = {
    host: "127.0.0.1",
    port: address.port,
    path: address.path,
    agent: false as const,
    headers: { Host: address.host, ...headers },
    timeout: answerLimit,
    ...options,
  };
  const request = address.tls
    ? httpsRequest({ ...common, rejectUnauthorized: false, servername: address.host.replace(/:\d+$/, "") })
    : httpRequest(common);
  request.end(body);
  return request;
}

function readAnswer(request: ClientRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request.once("upgrade", (response, socket: Duplex, head) => {
      if (head.length > 0) socket.unshift(head);
      // The limit was for the answer; a tunnel may be idle.
      request.setTimeout(0);
      socket.on("error", () => socket.destroy());
      resolve({ status: response.statusCode!, headers: headersOf(response), socket });
    });
    request.once("response", (response) => {
      // The body does not matter, and with a broken `error_page` it never ends.
      request.destroy();
      resolve({ status: response.statusCode!, headers: headersOf(response) });
    });
    request.once("timeout", () => {
      request.destroy();
      reject(new Error(noAnswer));
    });
    request.once("error", (error: NodeJS.ErrnoException) => {
      // While a body is still being written, the end of the connection is a broken pipe.
      if (error.code === "ECONNRESET" || error.code === "EPIPE") resolve({ status: 444, headers: [] });
      else reject(error);
    });
  });
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  return rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ""] as const] : []));
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
