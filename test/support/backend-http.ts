import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { ReceivedRequest, Recorder } from "./backend.ts";

/** The backends that are Node's HTTP server, with the ws package for handshakes. */
export type HttpKind =
  | "strict"
  | "ws"
  | "http"
  | "origin"
  | "cable"
  | "picky"
  | "fallback"
  | "slow"
  | "cached"
  | "events";

/** What one of them does; all of it is optional. */
interface Behaviour {
  /** Answers a request that is no upgrade; 426 without it. */
  readonly plain?: (request: IncomingMessage, response: ServerResponse) => void;
  /** The status that an upgrade gets instead of being looked at by the ws package. */
  readonly refuse?: (request: IncomingMessage) => number | undefined;
  /** Milliseconds before anything is answered. */
  readonly delay?: number;
}

const refuseOldHttp = (request: IncomingMessage): number | undefined =>
  request.httpVersion === "1.1" ? undefined : 400;

const behaviours: { readonly [K in Exclude<HttpKind, "http">]: Behaviour } = {
  strict: { refuse: refuseOldHttp },
  ws: {},
  origin: {
    refuse: (request) => refuseOldHttp(request) ?? (isOwnOrigin(request) ? undefined : 403),
  },
  cable: {
    plain: (_request, response) => say(response, 404),
    refuse: (request) => (isOwnOriginWithScheme(request) ? undefined : 404),
  },
  picky: {
    plain: (request, response) => say(response, /upgrade/i.test(request.headers.connection ?? "") ? 400 : 200),
  },
  fallback: {
    plain: (request, response) => void request.on("end", () => say(response, 200)).resume(),
    // An upgrade to something it does not know is a plain request to it.
    refuse: (request) => (request.headers.upgrade?.toLowerCase() === "websocket" ? undefined : 200),
  },
  slow: { refuse: refuseOldHttp, delay: 1_500 },
  cached: {
    plain: (_request, response) => say(response, 426, { "Cache-Control": "max-age=60" }),
    refuse: refuseOldHttp,
  },
  events: { plain: (_request, response) => sendEvents(response) },
};

/** Answers on connections as one of these backends. */
export function serveHttp(kind: HttpKind, record: Recorder): (socket: Duplex) => void {
  const behaviour =
    kind === "http" ? { plain: (_: unknown, response: ServerResponse) => say(response, 200) } : behaviours[kind];
  const { delay = 0, plain = (_: unknown, response: ServerResponse) => say(response, 426) } = behaviour;
  const server: Server = createServer((request, response) => {
    record(describe(request));
    later(delay, () => plain(request, response));
  });
  if (kind !== "http") {
    const { refuse } = behaviours[kind];
    const webSockets = new WebSocketServer({ noServer: true });
    server.on("upgrade", (request, socket, head) => {
      record(describe(request));
      const status = refuse?.(request);
      if (status !== undefined) return sayRaw(socket, status);
      later(delay, () =>
        webSockets.handleUpgrade(request, socket, head, (webSocket) => {
          webSocket.on("error", () => webSocket.terminate());
          webSocket.on("message", (data, binary) => webSocket.send(data, { binary }));
        }),
      );
    });
  }
  return (socket) => void server.emit("connection", socket);
}

function later(milliseconds: number, action: () => void): void {
  if (milliseconds === 0) action();
  else setTimeout(action, milliseconds);
}

function say(response: ServerResponse, status: number, headers: Readonly<{ [name: string]: string }> = {}): void {
  response.writeHead(status, { "Content-Type": "text/plain", "Content-Length": 3, ...headers }).end(`${status}`);
}

/** The same where Node has given the connection away. */
function sayRaw(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** What Go's and Python's servers check; a client without an Origin is no browser and passes. */
function isOwnOrigin({ headers }: IncomingMessage): boolean {
  return headers.origin === undefined || headers.origin.replace(/^https?:\/\//, "") === headers.host;
}

/** What Rails checks. */
function isOwnOriginWithScheme({ headers }: IncomingMessage): boolean {
  const scheme = headers["x-forwarded-proto"] ?? "http";
  return headers.origin === `${scheme}://${headers.host}`;
}

const eventCount = 4;
const eventGap = 150;

/** Each event says when it was sent, by the clock of this process. */
function sendEvents(response: ServerResponse): void {
  let sent = 0;
  const send = (): void => {
    // Written together with the first event: the header alone is not flushed.
    if (sent === 0) response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
    sent += 1;
    response.write(`data: ${performance.now()}\n\n`);
    if (sent === eventCount) response.end();
    else timer = setTimeout(send, eventGap);
  };
  let timer: NodeJS.Timeout | undefined;
  response.on("close", () => clearTimeout(timer));
  send();
}

function describe(request: IncomingMessage): ReceivedRequest {
  const headers: [string, string][] = [];
  for (let i = 0; i + 1 < request.rawHeaders.length; i += 2) {
    headers.push([request.rawHeaders[i]!, request.rawHeaders[i + 1]!]);
  }
  return { line: `${request.method} ${request.url} HTTP/${request.httpVersion}`, headers };
}
