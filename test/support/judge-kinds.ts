import type { Backend, ReceivedRequest } from "./backend.ts";
import { type Headers, valuesOf } from "./browser.ts";
import { findSocketioFailure, findSockjsFailure, findSockjsPollingFailure, watchEvents } from "./fallbacks.ts";
import { type Address, type Answer, findEchoFailure, get, handshake, post, stream, watchIdle } from "./handshake.ts";
import type { PortMap } from "./ports.ts";
import type { Field, Question, TruthKind, TruthOf } from "./truth-forms.ts";

/** What a truth is put to: a running nginx and the backends behind it. */
export interface Setting {
  /** Where the truth's path leads. */
  readonly address: Address;
  readonly ports: PortMap;
  readonly backends: readonly Backend[];
}

type Verdict = string | undefined;
type Judge<K extends TruthKind> = (truth: TruthOf<K>, setting: Setting) => Promise<Verdict>;

/** How each kind of truth is judged: gives what is wrong with it, in plain words. */
const judges: { readonly [K in Question["kind"]]: Judge<K> } = {
  handshake: ({ status }, { address }) => withAnswer(handshake(address), (answer) => judgeHandshake(status, answer)),
  upgrade: ({ token, status }, { address }) =>
    withAnswer(handshake(address, { upgrade: token }), (answer) => judgeStatus(status, answer)),
  get: ({ status }, { address }) => withAnswer(get(address), (answer) => judgeStatus(status, answer)),
  post: ({ bytes, status }, { address }) =>
    withAnswer(post(address, Buffer.alloc(bytes, "x")), (answer) => judgeStatus(status, answer)),
  receives: ({ field }, setting) => judgeReceived(field, () => handshake(setting.address), setting),
  "receives-get": ({ field }, setting) => judgeReceived(field, () => get(setting.address), setting),
  "receives-line": async ({ requestLine }, setting) => {
    const request = await findReceived(() => handshake(setting.address), setting);
    if (request === undefined) return "the backend received nothing";
    return request.line === requestLine ? undefined : `the backend received ${request.line}`;
  },
  answers: ({ field }, { address, ports }) =>
    withAnswer(handshake(address), ({ headers }) => judgeField(field, headers, ports, "the client got")),
  "answers-get": ({ field }, { address, ports }) =>
    withAnswer(get(address), ({ headers }) => judgeField(field, headers, ports, "the client got")),
  refused: ({ text }, { address }) =>
    withAnswer(handshake(address, text.includes("Sec-WebSocket-Protocol") ? { subprotocol } : {}), (answer) => {
      if (answer.status !== 101) return judgeStatus(101, answer);
      if (answer.flaw === undefined) return "a browser accepts the 101";
      return answer.flaw.includes(text) ? undefined : `a browser says: ${answer.flaw}`;
    }),
  subprotocol: ({ name }, { address }) =>
    withAnswer(handshake(address, { subprotocol: name }), (answer) => judgeHandshake(101, answer)),
  connections: ({ requests, count }, { address, backends }) => judgeConnections(requests, count, address, backends),
  spread: ({ clients, count }, setting) => {
    const from = Array.from({ length: clients }, (_, index) => `127.0.0.${index + 1}`);
    return judgeSpread(from, count, setting);
  },
  "spread-same": ({ requests, count }, setting) =>
    judgeSpread(Array<string>(requests).fill("127.0.0.1"), count, setting),
  tunnels: ({ tunnels, status }, { address }) => judgeTunnels(tunnels, status, address),
  closes: ({ seconds }, { address }) => withAnswer(handshake(address), (answer) => judgeCloses(seconds, answer)),
  stays: ({ seconds }, { address }) => withAnswer(handshake(address), (answer) => judgeStays(seconds, answer)),
  events: async ({ delivery }, { address }) => {
    const found = await watchEvents(address);
    if (typeof found !== "string") return found.failure;
    if (found === delivery) return undefined;
    return found === "held" ? "the events arrived only at the end" : "the events arrived one by one";
  },
  socketio: ({ outcome }, { address }) => judgeClients(outcome, () => findSocketioFailure(address, "polling first")),
  "socketio-ws": ({ outcome }, { address }) =>
    judgeClients(outcome, () => findSocketioFailure(address, "websocket only")),
  sockjs: ({ outcome }, { address }) => judgeClients(outcome, () => findSockjsFailure(address)),
  "sockjs-polling": ({ outcome }, { address }) => judgeClients(outcome, () => findSockjsPollingFailure(address)),
};

/** Puts one truth to the test. Gives what is wrong with it. */
export function judgeQuestion(question: Question, setting: Setting): Promise<Verdict> {
  // The table has the right judge for each kind; the compiler does not follow that through a union.
  return (judges[question.kind] as (asked: Question, setting: Setting) => Promise<Verdict>)(question, setting);
}

/** Why a truth cannot be judged on this machine. */
export function findObstacle({ kind }: { readonly kind: TruthKind }): string | undefined {
  if (kind !== "spread" || process.platform === "linux") return undefined;
  return "only Linux has the addresses 127.0.0.2 and up without asking";
}

/** What a client offers when its truth names none. */
const subprotocol = "chat";

async function withAnswer(
  coming: Promise<Answer>,
  judge: (answer: Answer) => Verdict | Promise<Verdict>,
): Promise<Verdict> {
  const answer = await coming;
  try {
    return await judge(answer);
  } finally {
    answer.socket?.destroy();
  }
}

function judgeStatus(status: number, answer: Answer): Verdict {
  if (answer.status === status) return undefined;
  return answer.status === 444 ? "the connection was closed without an answer" : `the answer was ${answer.status}`;
}

async function judgeHandshake(status: number, answer: Answer): Promise<Verdict> {
  const wrong = judgeStatus(status, answer);
  if (wrong !== undefined || answer.socket === undefined) return wrong;
  if (answer.flaw !== undefined) return `the answer was 101, but a browser refuses it: ${answer.flaw}`;
  const failure = await findEchoFailure(answer.socket);
  return failure === undefined ? undefined : `the answer was 101, but ${failure}`;
}

/** What the backends get during a request: the first of it. */
async function findReceived(ask: () => Promise<Answer>, { backends }: Setting): Promise<ReceivedRequest | undefined> {
  const before = backends.map(({ requests }) => requests.length);
  const answer = await ask();
  answer.socket?.destroy();
  return backends.flatMap(({ requests }, index) => requests.slice(before[index]))[0];
}

async function judgeReceived(field: Field, ask: () => Promise<Answer>, setting: Setting): Promise<Verdict> {
  const request = await findReceived(ask, setting);
  if (request === undefined) return "the backend received nothing";
  return judgeField(field, request.headers, setting.ports, "the backend received");
}

function judgeField({ name, value }: Field, headers: Headers, ports: PortMap, who: string): Verdict {
  const restore = (each: string): string =>
    name.toLowerCase() === "location" ? ports.restoreUrl(each) : ports.restore(each);
  const fields = valuesOf(headers, name).map(restore);
  const actual = fields.join(", ");
  if (actual === value) return undefined;
  return fields.length === 0 ? `${who} no ${name}` : `${who} ${name}: ${actual}`;
}

async function judgeConnections(
  requests: number,
  count: number,
  address: Address,
  backends: readonly Backend[],
): Promise<Verdict> {
  // Connections that earlier truths left open would save some.
  for (const backend of backends) backend.dropConnections();
  const total = (): number => backends.reduce((sum, backend) => sum + backend.connections(), 0);
  const before = total();
  for (let i = 0; i < requests; i++) {
    const response = await stream(address);
    for await (const _ of response);
  }
  const opened = total() - before;
  return opened === count ? undefined : `${requests} requests opened ${opened} connections`;
}

async function judgeSpread(
  clients: readonly string[],
  count: number,
  { address, backends }: Setting,
): Promise<Verdict> {
  const before = backends.map(({ requests }) => requests.length);
  for (const from of clients) (await handshake(address, { from })).socket?.destroy();
  const reached = backends.filter(({ requests }, index) => requests.length > before[index]!).length;
  return reached === count ? undefined : `${reached} backends were reached`;
}

async function judgeTunnels(tunnels: number, status: number, address: Address): Promise<Verdict> {
  const open: Answer[] = [];
  try {
    for (let i = 1; i <= tunnels; i++) {
      const answer = await handshake(address);
      open.push(answer);
      if (answer.socket === undefined) return `there was no tunnel ${i}, the answer was ${answer.status}`;
    }
    const next = await handshake(address);
    open.push(next);
    const wrong = judgeStatus(status, next);
    if (wrong !== undefined) return wrong;
    const failures = await Promise.all(open.slice(0, tunnels).map(({ socket }) => findEchoFailure(socket!)));
    const failure = failures.find((each) => each !== undefined);
    return failure === undefined ? undefined : `a tunnel did not stay open: ${failure}`;
  } finally {
    for (const { socket } of open) socket?.destroy();
  }
}

/** How far the end of a tunnel may be from what a fixture says, in seconds. */
const tolerance = 1;

async function judgeCloses(seconds: number, answer: Answer): Promise<Verdict> {
  if (answer.socket === undefined) return `there was no tunnel, the answer was ${answer.status}`;
  const limit = seconds + tolerance;
  const elapsed = await watchIdle(answer.socket, limit * 1_000);
  if (elapsed === undefined) return `the tunnel was still open after ${limit} s`;
  if (elapsed / 1_000 >= seconds - tolerance) return undefined;
  return `the tunnel was closed after ${(elapsed / 1_000).toFixed(1)} s already`;
}

async function judgeStays(seconds: number, answer: Answer): Promise<Verdict> {
  if (answer.socket === undefined) return `there was no tunnel, the answer was ${answer.status}`;
  const elapsed = await watchIdle(answer.socket, seconds * 1_000);
  if (elapsed !== undefined) return `the tunnel was closed after ${(elapsed / 1_000).toFixed(1)} s`;
  return findEchoFailure(answer.socket);
}

/** How many clients have to connect. */
const clientCount = 6;

/** One client after the other: at the same time they could keep step with a balancer that takes turns. */
async function judgeClients(
  outcome: "connects" | "fails",
  connect: () => Promise<string | undefined>,
): Promise<Verdict> {
  for (let client = 1; client <= clientCount; client++) {
    const failure = await connect().catch((error: Error) => error.message);
    if (failure === undefined) continue;
    return outcome === "fails" ? undefined : `client ${client} of ${clientCount} failed: ${failure}`;
  }
  return outcome === "fails" ? `all of ${clientCount} clients connected` : undefined;
}
