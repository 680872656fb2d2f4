import { type Backend, type BackendKind, type ReceivedRequest, startBackend } from "./backend.ts";
import { type Disagreement, type Fixture, listenAddressesOf, writeCopy } from "./fixture.ts";
import { type Address, type Answer, findEchoFailure, get, handshake, watchIdle } from "./handshake.ts";
import {
  closeListeners,
  compareVersions,
  type Listener,
  lastErrors,
  type Nginx,
  openListener,
  startNginx,
  testConfig,
} from "./nginx.ts";
import type { ListenAddress } from "./prepare.ts";
import { backendOf, sayTruth, type Truth } from "./truths.ts";

/** What a real nginx says about a fixture. */
export interface Judgement {
  readonly disagreements: readonly Disagreement[];
  /** How many truths were put to the test, the verdict of `nginx -t` among them. */
  readonly judged: number;
  /** Why none was: the fixture speaks of other versions than this one. */
  readonly notJudged?: string;
}

/** How many truths a fixture states; what `nginx -t` says is always one. */
export function countTruths(fixture: Fixture): number {
  return fixture.statement.truths.length + 1;
}

/** Puts a fixture's truths to the test: `nginx -t`, and a running nginx in front of real backends. */
export async function judgeOnNginx(fixture: Fixture, nginx: Nginx): Promise<Judgement> {
  const { limits, mistakes, truths } = fixture.statement;
  if (mistakes.length > 0) {
    return { disagreements: mistakes.map((message) => ({ judge: "format", message })), judged: 0 };
  }
  const unmet = limits.find(({ comparison, version }) => {
    const order = compareVersions(nginx.version, version);
    return comparison === ">=" ? order < 0 : order >= 0;
  });
  if (unmet) {
    const notJudged = `not judged here: speaks of nginx ${unmet.comparison} ${unmet.version}, this is ${nginx.version}`;
    return { disagreements: [], judged: 0, notJudged };
  }
  const disagreements: Disagreement[] = [];
  const kinds = new Set<BackendKind>(truths.map(backendOf));
  if (kinds.size === 0) kinds.add("strict");
  let verdictJudged = false;
  for (const kind of kinds) {
    const asked = truths.filter((truth) => backendOf(truth) === kind);
    const found = await judgeWithBackend(fixture, nginx, kind, asked, verdictJudged ? "start only" : "verdict first");
    verdictJudged = true;
    disagreements.push(...found);
    if (found.some(({ judge }) => judge === "nginx -t")) break;
  }
  return { disagreements, judged: countTruths(fixture) };
}

async function judgeWithBackend(
  fixture: Fixture,
  nginx: Nginx,
  kind: BackendKind,
  truths: readonly Truth[],
  extent: "verdict first" | "start only",
): Promise<Disagreement[]> {
  const addresses = listenAddressesOf(fixture);
  const backends = await Promise.all([startBackend(kind), startBackend(kind)]);
  const listeners = await Promise.all(addresses.map(openListener));
  const ports = new PortMap(addresses, listeners, backends);
  const copy = writeCopy(fixture, nginx, ports);
  try {
    if (extent === "verdict first") {
      const wrong = await judgeVerdict(fixture, nginx, copy.prefix);
      if (wrong !== undefined) return [{ judge: "nginx -t", message: wrong }];
    }
    if (truths.length === 0) return [];
    const server = startNginx(nginx, copy.prefix, fixture.root, listeners);
    const found = await judgeTruths(truths, ports, backends);
    const failure = await server.stop();
    if (failure !== undefined) found.push(failure);
    if (found.length === 0) return [];
    const log = `nginx ${nginx.version}: ${lastErrors(copy.prefix)}`;
    return found.map((message) => ({ judge: "nginx", message: `${message}. ${log}` }));
  } finally {
    closeListeners(listeners);
    copy.remove();
    await Promise.all(backends.map((backend) => backend.close()));
  }
}

async function judgeVerdict(fixture: Fixture, nginx: Nginx, prefix: string): Promise<string | undefined> {
  const { fails } = fixture.statement;
  const verdict = await testConfig(nginx, prefix, fixture.root);
  const says = `nginx ${nginx.version} -t says: ${verdict.message}`;
  if (fails === undefined) return verdict.ok ? undefined : `the fixture says that nginx accepts it. ${says}`;
  if (verdict.ok) return `the fixture says that nginx -t fails with "${fails}", but nginx ${nginx.version} accepts it`;
  return verdict.message.includes(fails) ? undefined : `the fixture says that nginx -t fails with "${fails}". ${says}`;
}

/** Which port stands for which. */
class PortMap {
  readonly backends: ReadonlyMap<number, number>;
  readonly #listens: readonly (ListenAddress & { readonly real: number })[];

  constructor(
    addresses: readonly ListenAddress[],
    listeners: readonly Listener[],
    [first, second]: readonly [Backend, Backend],
  ) {
    this.#listens = addresses.map((address, index) => ({ ...address, real: listeners[index]!.port }));
    this.backends = new Map([
      [8080, first.port],
      [8081, second.port],
    ]);
  }

  readonly listenPort = (port: number, family: 4 | 6): number => {
    const found = this.#listens.find((each) => each.port === port && each.family === family);
    if (found === undefined) throw new Error(`nothing listens on port ${port}`);
    return found.real;
  };

  /** Where a truth's path or URL goes. */
  resolve(target: string): Address | undefined {
    const url = /^(https?):\/\/([^/:]+)(?::(\d+))?(\/.*)$/.exec(target);
    if (url === null) {
      const first = this.#listens[0];
      return first && { port: first.real, tls: first.tls, host: "localhost", path: target };
    }
    const tls = url[1] === "https";
    const port = Number(url[3] ?? (tls ? 443 : 80));
    const found = this.#listens.find((each) => each.port === port);
    return found && { port: found.real, tls, host: url[2]!, path: url[4]! };
  }

  /** Says a value with the ports that the fixture writes. */
  restore(value: string): string {
    let restored = value;
    for (const [written, real] of this.backends) restored = restored.replaceAll(`:${real}`, `:${written}`);
    for (const { port, real } of this.#listens) restored = restored.replaceAll(`:${real}`, `:${port}`);
    return restored;
  }
}

/** One after the other, because what a backend received must belong to one truth; the idle ones then all at once. */
async function judgeTruths(truths: readonly Truth[], ports: PortMap, backends: readonly Backend[]): Promise<string[]> {
  const judge = async (truth: Truth): Promise<string | undefined> => {
    const wrong = await judgeTruth(truth, ports, backends);
    return wrong === undefined ? undefined : `line ${truth.line}, "${sayTruth(truth)}": ${wrong}`;
  };
  const found: (string | undefined)[] = [];
  const isIdle = (truth: Truth): boolean => truth.kind === "closes" || truth.kind === "stays";
  for (const truth of truths) if (!isIdle(truth)) found.push(await judge(truth));
  found.push(...(await Promise.all(truths.filter(isIdle).map(judge))));
  return found.filter((wrong) => wrong !== undefined);
}

async function judgeTruth(truth: Truth, ports: PortMap, backends: readonly Backend[]): Promise<string | undefined> {
  const address = ports.resolve(truth.target);
  if (address === undefined) return `nothing in the fixture listens for ${truth.target}`;
  const before = backends.map(({ requests }) => requests.length);
  const plain = truth.kind === "get" || truth.kind === "receives-get";
  let answer: Answer;
  try {
    answer = await (plain ? get(address) : handshake(address));
  } catch (error) {
    return `${(error as Error).message}`;
  }
  try {
    switch (truth.kind) {
      case "handshake":
        return await judgeHandshake(truth.status, answer);
      case "get":
        return judgeStatus(truth.status, answer);
      case "receives":
      case "receives-get": {
        const received = backends.flatMap(({ requests }, index) => requests.slice(before[index]));
        return judgeReceived(truth.header, truth.value, received, ports);
      }
      case "closes":
      case "stays":
        return await judgeIdle(truth.kind, truth.seconds, answer);
    }
  } finally {
    answer.socket?.destroy();
  }
}

function judgeStatus(status: number, answer: Answer): string | undefined {
  if (answer.status === status) return undefined;
  return answer.status === 444 ? "the connection was closed without an answer" : `the answer was ${answer.status}`;
}

async function judgeHandshake(status: number, answer: Answer): Promise<string | undefined> {
  const wrong = judgeStatus(status, answer);
  if (wrong !== undefined || answer.socket === undefined) return wrong;
  if (answer.flaw !== undefined) return `the answer was 101, but ${answer.flaw}`;
  const failure = await findEchoFailure(answer.socket);
  return failure === undefined ? undefined : `the answer was 101, but ${failure}`;
}

function judgeReceived(
  name: string,
  value: string,
  received: readonly ReceivedRequest[],
  ports: PortMap,
): string | undefined {
  const request = received[0];
  if (request === undefined) return "the backend received nothing";
  const fields = request.headers.filter(([field]) => field.toLowerCase() === name.toLowerCase());
  const actual = fields.map(([, each]) => ports.restore(each)).join(", ");
  if (actual === value) return undefined;
  return fields.length === 0 ? `the backend received no ${name}` : `the backend received ${name}: ${actual}`;
}

/** How far the end of a tunnel may be from what a fixture says, in seconds. */
const tolerance = 1;

async function judgeIdle(kind: "closes" | "stays", seconds: number, answer: Answer): Promise<string | undefined> {
  if (answer.socket === undefined) return `there was no tunnel, the answer was ${answer.status}`;
  const limit = kind === "closes" ? seconds + tolerance : seconds;
  const elapsed = await watchIdle(answer.socket, limit * 1_000);
  if (kind === "stays") {
    if (elapsed !== undefined) return `the tunnel was closed after ${(elapsed / 1_000).toFixed(1)} s`;
    return findEchoFailure(answer.socket);
  }
  if (elapsed === undefined) return `the tunnel was still open after ${limit} s`;
  if (elapsed / 1_000 >= seconds - tolerance) return undefined;
  return `the tunnel was closed after ${(elapsed / 1_000).toFixed(1)} s already`;
}
