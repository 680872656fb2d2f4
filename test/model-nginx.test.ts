// What a backend gets, line and headers, is what the model says: on configurations written for one thing each, and on
// random ones. Set MODEL_CASES for more random configurations, MODEL_SEED for others.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import type { RequestKind } from "../server/core/model/request.ts";
import { upstreamRequest } from "../server/core/model/upstream-request.ts";
import { type ModelCase, modelCases } from "./model/cases.ts";
import { clientRequest, compareEvaluation, compareRequest, describeOutcome, Tally } from "./model/compare.ts";
import { commonHttp, playOnNginx, withListeners } from "./model/judge-config.ts";
import { randomConfig } from "./model/random-config.ts";
import { type Recorder, startRecorder } from "./model/recorder.ts";
import { findNginx, type Listener, type Nginx } from "./support/nginx.ts";
import { Random } from "./syntax/mutate.ts";

const count = Number(process.env.MODEL_CASES ?? 25);
const seed = Number(process.env.MODEL_SEED ?? 20_264);
const serversPerConfig = 3;
const kinds: readonly RequestKind[] = ["websocket", "plain"];

async function withRecorders<T>(use: (ports: readonly number[]) => Promise<T>): Promise<T> {
  const recorders: readonly Recorder[] = await Promise.all([startRecorder(), startRecorder()]);
  try {
    return await use(recorders.map(({ port }) => port));
  } finally {
    await Promise.all(recorders.map((recorder) => recorder.close()));
  }
}

/** All cases in one configuration, a server for each. */
function configOf(cases: readonly ModelCase[], listen: readonly number[], backend: number): string {
  const servers = cases.map(({ http = "", server }, index) => {
    return `${http}\nserver { listen 127.0.0.1:${listen[index]};\n${server} }\n`;
  });
  const text = `events {}\nhttp {\n${commonHttp.join(";\n")};\n${servers.join("")}}\n`;
  return text.replaceAll("BACKEND", `127.0.0.1:${backend}`);
}

test("the model says what nginx does, case by case", async (t) => {
  const [nginx] = await findNginx();
  if (!nginx) return t.skip(`no nginx here to judge ${modelCases.length} cases`);
  await withRecorders(async ([backend = 0]) => {
    await withListeners(modelCases.length, (listeners) => judgeCases(t, nginx, listeners, backend));
  });
});

async function judgeCases(
  t: TestContext,
  nginx: Nginx,
  listeners: readonly Listener[],
  backend: number,
): Promise<void> {
  const text = configOf(
    modelCases,
    listeners.map(({ port }) => port),
    backend,
  );
  const requests = modelCases.map(({ kind = "websocket", target }, index) =>
    clientRequest(kind, target, listeners[index]?.port ?? 0, 1),
  );
  const played = await playOnNginx(nginx, new Map([["nginx.conf", text]]), listeners, requests);
  if (typeof played === "string") assert.fail(played);
  for (const [index, { server, request, answer }] of played.entries()) {
    const { why, says, kind = "websocket" } = modelCases[index] as ModelCase;
    await t.test(why, () => {
      const outcome = upstreamRequest(server, request);
      const lines = describeOutcome(outcome).map((line) => line.replaceAll(`127.0.0.1:${backend}`, "BACKEND"));
      for (const line of says) {
        if (line.startsWith("no ")) assert.ok(!lines.some((each) => each.startsWith(line.slice(3))), lines.join("\n"));
        else assert.ok(lines.includes(line), `${line} is not in:\n${lines.join("\n")}`);
      }
      assert.deepEqual(compareRequest(new Tally(), server, outcome, answer), []);
      if (outcome.kind === "request" && answer.received)
        assert.deepEqual(compareEvaluation(new Tally(), server, outcome, kind, answer.received), []);
    });
  }
}

/** One random configuration: every target of every server, as a handshake and as a plain GET. */
async function judge(
  nginx: Nginx,
  ownSeed: number,
  { listeners, backends }: { readonly listeners: readonly Listener[]; readonly backends: readonly number[] },
  tally: Tally,
): Promise<string | undefined> {
  const random = new Random(ownSeed);
  const listen = listeners.map(({ port }) => port);
  const { files, targets } = randomConfig(random, { listen, backends });
  const requests = listen.flatMap((port, index) =>
    (targets[index] ?? []).flatMap((target) =>
      kinds.map((kind) => clientRequest(kind, target, port, random.below(12))),
    ),
  );
  const played = await playOnNginx(nginx, files, listeners, requests);
  if (typeof played === "string") return played;
  const wrong: string[] = [];
  for (const [index, { server, request, answer }] of played.entries()) {
    const kind = kinds[index % 2] as RequestKind;
    const outcome = upstreamRequest(server, request);
    const found = [...compareRequest(tally, server, outcome, answer)];
    // A browser sends no body with a GET, not even an empty one.
    const isUsual = !request.headers.some(([name]) => name === "Content-Length");
    if (outcome.kind === "request" && answer.received && isUsual)
      found.push(...compareEvaluation(tally, server, outcome, kind, answer.received));
    for (const each of found) wrong.push(`${each} (${kind} ${request.port}${request.target})`);
  }
  const texts = [...files].map(([name, text]) => `--- ${name}\n${text}`).join("");
  tally.wrong.push(...wrong.map((each) => `${each}\nMODEL_SEED=${ownSeed} MODEL_CASES=1\n${texts}`));
  return undefined;
}

test("the model says what nginx does with random configurations", async (t) => {
  const [nginx] = await findNginx();
  if (!nginx) return t.skip(`no nginx here to judge ${count} configurations`);
  const tally = new Tally();
  const refused: string[] = [];
  await withRecorders(async (backends) => {
    const work = Array.from({ length: count }, (_, number) => seed + number * 7919).values();
    const run = async (): Promise<void> => {
      for (const ownSeed of work) {
        const message = await withListeners(serversPerConfig, (listeners) =>
          judge(nginx, ownSeed, { listeners, backends }, tally),
        );
        if (message !== undefined) refused.push(message);
      }
    };
    await Promise.all([run(), run(), run()]);
  });
  t.diagnostic(`nginx ${nginx.version}: ${count} configurations, ${refused.length} of them refused`);
  for (const line of tally.report()) t.diagnostic(line);
  const { wrong } = tally;
  if (process.env.MODEL_REPORT) {
    const evaluationCauses = [...tally.evaluationCauses];
    writeFileSync(process.env.MODEL_REPORT, JSON.stringify({ refused, wrong, evaluationCauses }, null, 1));
  }
  assert.deepEqual(wrong.slice(0, 3), [], `${wrong.length} differences in ${tally.requests} requests`);
  // The comparison is worth something only where most requests are judged, and many reach a backend. One configuration
  // may be odd.
  if (count < 10) return;
  assert.ok(refused.length <= count / 20, refused[0]);
  assert.ok(tally.passed > tally.requests / 4, `only ${tally.passed} requests were passed on`);
  assert.ok(tally.unknown < tally.compared / 30, `${tally.unknown} could not be said`);
});
