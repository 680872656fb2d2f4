import type { ClientRequest } from "../../server/core/model/client-request.ts";
import { proxyOf } from "../../server/core/model/proxy.ts";
import type { RequestKind } from "../../server/core/model/request.ts";
import type { ServerBlock } from "../../server/core/model/server.ts";
import type { Outcome, UpstreamRequest } from "../../server/core/model/upstream-request.ts";
import type { Value } from "../../server/core/model/values.ts";
import { variablesIn } from "../../server/core/nginx/variables.ts";
import type { Answer } from "./ask.ts";
import type { Received } from "./recorder.ts";

/** What comparing counts. */
export class Tally {
  requests = 0;
  /** Requests that a backend got. */
  passed = 0;
  answered = 0;
  served = 0;
  compared = 0;
  unknown = 0;
  /** The same for what can be said about any request of a kind. */
  evaluated = 0;
  evaluatedUnknown = 0;
  /** What nobody could say, and how often it came up. */
  readonly causes = new Map<string, number>();
  readonly evaluationCauses = new Map<string, number>();
  readonly wrong: string[] = [];
}

/** Compares what the model says of one request with what nginx did. */
export function compareRequest(tally: Tally, outcome: Outcome, answer: Answer): readonly string[] {
  tally.requests++;
  const { received, status } = answer;
  const got = received ? `a backend got ${JSON.stringify(received.line)}` : `status ${status}`;
  if (outcome.kind === "unknown") {
    tally.unknown++;
    note(tally.causes, outcome.because);
    return [];
  }
  tally.compared++;
  if (outcome.kind === "served") {
    tally.served++;
    return received ? [`served: we say that nginx serves it itself, but ${got}`] : [];
  }
  if (outcome.kind === "answered") {
    tally.answered++;
    const isRight = !received && (outcome.status === undefined || outcome.status === status);
    return isRight ? [] : [`answered: we say status ${outcome.status}, but ${got}`];
  }
  tally.passed++;
  return received ? compareReceived(tally, outcome, received) : [`passed: we say that it is passed on, but ${got}`];
}

function compareReceived(tally: Tally, outcome: UpstreamRequest, received: Received): string[] {
  const wrong: string[] = [];
  const check = (what: string, ours: string | undefined, theirs: string): void => {
    if (ours === undefined) tally.unknown++;
    else {
      tally.compared++;
      if (ours !== theirs) wrong.push(`${what}: we say ${JSON.stringify(ours)}, nginx ${JSON.stringify(theirs)}`);
    }
  };
  const [, method = "", uri = "", version = ""] = /^(\S*) (.*) HTTP\/(\S+)$/.exec(received.line) ?? [];
  check("method", outcome.method, method);
  check("uri", outcome.uri, uri);
  check("version", outcome.version, version);
  const left = received.headers.map(([name, value]) => `${name}: ${value}`);
  for (const { name, value } of outcome.headers) {
    if (value === undefined) continue;
    tally.compared++;
    const at = left.indexOf(`${name}: ${value}`);
    if (at < 0)
      wrong.push(`header: we say ${JSON.stringify(`${name}: ${value}`)}, nginx sends ${JSON.stringify(left)}`);
    else left.splice(at, 1);
  }
  for (const { name, value } of outcome.headers) {
    if (value !== undefined) continue;
    tally.unknown++;
    const at = left.findIndex((each) => each.startsWith(`${name}: `));
    if (at >= 0) left.splice(at, 1);
  }
  for (const name of outcome.unknown) note(tally.causes, `$${name}`);
  tally.compared++;
  if (left.length > 0) wrong.push(`header: nginx sends ${JSON.stringify(left)}, which we do not say`);
  return wrong;
}

/** Whether what `ProxyBlock.sent` says of every request of a kind is true of this one. */
export function compareEvaluation(
  tally: Tally,
  server: ServerBlock,
  outcome: UpstreamRequest,
  kind: RequestKind,
  received: Received,
): readonly string[] {
  const proxy = proxyOf(outcome.scope, server.environment) ?? outcome.location.proxy;
  if (!proxy) return [];
  const wrong: string[] = [];
  const names = new Set(proxy.headers.entries.map(({ directive }) => directive.arg(0)?.toLowerCase() ?? ""));
  for (const name of ["upgrade", "connection", ...names]) {
    const said = proxy.sent(name, kind);
    // How many there are of a name that nginx does not know well is chance.
    if (name.includes("_")) continue;
    const got = received.headers.flatMap(([each, value]) => (each.toLowerCase() === name ? [value] : []));
    for (const { value, entry } of said) {
      if (value) tally.evaluated++;
      else {
        tally.evaluatedUnknown++;
        for (const variable of variablesIn(entry?.directive.arg(1) ?? "$proxy_host")) {
          if (!proxy.evaluation(kind).variable(variable)) note(tally.evaluationCauses, `$${variable}`);
        }
      }
    }
    if (
      !canBe(
        said.map(({ value }) => value),
        got,
      )
    ) {
      const values = said.map(({ value }) => (value ? value.join(" | ") : "anything"));
      wrong.push(`evaluation: ${name} can be ${JSON.stringify(values)}, nginx sends ${JSON.stringify(got)}`);
    }
  }
  return wrong;
}

/** Whether headers with these possible values can have been sent as these; an empty one is not sent. */
function canBe(said: readonly Value[], got: readonly string[]): boolean {
  const [first, ...others] = said;
  if (said.length === 0) return got.length === 0;
  if ((!first || first.includes("")) && canBe(others, got)) return true;
  const [value, ...rest] = got;
  return value !== undefined && (!first || first.includes(value)) && canBe(others, rest);
}

function note(counts: Map<string, number>, cause: string): void {
  counts.set(cause, (counts.get(cause) ?? 0) + 1);
}

/** Who asks: a browser's request, made whole with headers that nginx treats in ways of its own. */
export function clientRequest(kind: RequestKind, target: string, port: number, odd: number): ClientRequest {
  const handshake: readonly (readonly [string, string])[] = [
    ["Connection", odd % 2 === 0 ? "Upgrade" : "keep-alive, Upgrade"],
    ["Upgrade", "websocket"],
    ["Origin", "http://client.test"],
    ["Sec-WebSocket-Version", "13"],
    ["Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="],
  ];
  const plain: readonly (readonly [string, string])[] = [
    ["Connection", odd % 2 === 0 ? "keep-alive" : "close"],
    ["Keep-Alive", "timeout=5"],
    ["TE", "trailers"],
    ...(odd % 3 === 0 ? [["Content-Length", "0"] as const] : []),
  ];
  const headers: readonly (readonly [string, string])[] = [
    ["Host", odd % 3 === 0 ? `Client.Test:${port}` : "client.test"],
    ...(kind === "websocket" ? handshake : plain),
    ["Accept-Encoding", "gzip"],
    ["X-Client", "one"],
    ...(odd % 4 === 0 ? [["X-Client", "two"] as const] : []),
    ...(odd % 4 === 1 ? [["X-Forwarded-For", "10.0.0.1"] as const] : []),
    ["Cookie", "a=1; b=2"],
    ["X_Under", "score"],
    ["X.Dot", "dot"],
  ];
  return { method: "GET", target, headers, address: "127.0.0.1", port };
}
