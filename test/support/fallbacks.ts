import { randomBytes } from "node:crypto";
import { text as readText } from "node:stream/consumers";
import { createGunzip } from "node:zlib";
import { encodeMasked, FrameReader, text } from "./frames.ts";
import { type Address, handshake, post, stream } from "./handshake.ts";

/** Nothing that works takes longer. */
const limit = 3_000;

function failAfterLimit(): { readonly failure: Promise<string>; clear(): void } {
  let timer: NodeJS.Timeout;
  const failure = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`nothing came back within ${limit / 1_000} s`), limit);
  });
  return { failure, clear: () => clearTimeout(timer) };
}

/** Connects as socket.io's own client, whose path option is the address's path, and echoes. Gives why that failed. */
export async function findSocketioFailure(
  address: Address,
  transports: "polling first" | "websocket only",
): Promise<string | undefined> {
  const { io } = await import("socket.io-client");
  const socket = io(`${address.tls ? "https" : "http"}://127.0.0.1:${address.port}`, {
    path: address.path,
    ...(transports === "websocket only" ? { transports: ["websocket"] } : {}),
    extraHeaders: { Host: address.host },
    rejectUnauthorized: false,
    reconnection: false,
    forceNew: true,
  });
  const time = failAfterLimit();
  const outcome = new Promise<string | undefined>((resolve) => {
    socket.on("connect_error", (error) => resolve(describeError(error)));
    socket.on("disconnect", (reason) => resolve(reason));
    socket.on("connect", () => socket.emit("echo", "hello"));
    socket.on("echo", (value) => resolve(value === "hello" ? undefined : "another message came back than was sent"));
  });
  try {
    return await Promise.race([outcome, time.failure]);
  } finally {
    time.clear();
    socket.disconnect();
  }
}

/** The library says "xhr poll error" and keeps the status apart. */
function describeError(error: Error & { readonly description?: unknown }): string {
  return typeof error.description === "number" ? `${error.message} (${error.description})` : error.message;
}

/** Opens a SockJS session over its WebSocket, as the library's client does first, and echoes. Gives why that failed. */
export async function findSockjsFailure(address: Address): Promise<string | undefined> {
  const info = await read(address, "info");
  if (info.status !== 200) return `the answer to /info was ${info.status}`;
  const answer = await handshake(within(address, `000/${randomBytes(4).toString("hex")}/websocket`));
  const { socket, flaw } = answer;
  if (socket === undefined) return `the answer to the handshake was ${answer.status}`;
  const reader = new FrameReader();
  const time = failAfterLimit();
  const outcome = new Promise<string | undefined>((resolve) => {
    socket.on("close", () => resolve("the tunnel was closed"));
    socket.on("data", (chunk: Buffer) => {
      for (const frame of reader.push(chunk)) {
        const said = frame.payload.toString();
        if (said === "o") socket.write(encodeMasked({ opcode: text, payload: Buffer.from('["hello"]') }));
        else resolve(said === 'a["hello"]' ? undefined : `the server said ${said}`);
      }
    });
  });
  try {
    return flaw ?? (await Promise.race([outcome, time.failure]));
  } finally {
    time.clear();
    socket.destroy();
  }
}

/** Opens a SockJS session by polling and echoes. Gives why that failed. */
export async function findSockjsPollingFailure(address: Address): Promise<string | undefined> {
  const session = `000/${randomBytes(4).toString("hex")}`;
  const opened = await read(address, `${session}/xhr`, "POST");
  if (opened.body !== "o\n") return `the answer to the first poll was ${opened.status}`;
  const sent = await post(within(address, `${session}/xhr_send`), '["hello"]');
  if (sent.status !== 204) return `the answer to a message was ${sent.status}`;
  const polled = await read(address, `${session}/xhr`, "POST");
  return polled.body === 'a["hello"]\n' ? undefined : `the answer to the next poll was ${polled.status}`;
}

function within(address: Address, path: string): Address {
  return { ...address, path: `${address.path.replace(/\/$/, "")}/${path}` };
}

async function read(address: Address, path: string, method = "GET"): Promise<{ status: number; body: string }> {
  const response = await stream(within(address, path), {}, method);
  return { status: response.statusCode!, body: await readText(response) };
}

/** Reads an event stream as a browser does. Tells whether its first event came before the last one was sent. */
export async function watchEvents(address: Address): Promise<"prompt" | "held" | { readonly failure: string }> {
  const response = await stream(address, { Accept: "text/event-stream", "Accept-Encoding": "gzip" });
  const status = response.statusCode!;
  if (!response.headers["content-type"]?.startsWith("text/event-stream")) {
    response.destroy();
    return { failure: `there was no event stream, the answer was ${status}` };
  }
  const body = response.headers["content-encoding"] === "gzip" ? response.pipe(createGunzip()) : response;
  let events = "";
  let firstCame: number | undefined;
  for await (const chunk of body) {
    events += String(chunk);
    if (events.includes("\n\n")) firstCame ??= performance.now();
  }
  const lastSent = Number(/data: ([\d.]+)\n\n$/.exec(events)?.[1]);
  if (firstCame === undefined || Number.isNaN(lastSent)) return { failure: "no event arrived" };
  return firstCame < lastSent ? "prompt" : "held";
}
