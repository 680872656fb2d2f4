import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { Config } from "../server/core/model/config.ts";
import { type ServerBlock, serversOf } from "../server/core/model/server.ts";
import { upstreamRequest } from "../server/core/model/upstream-request.ts";
import { parseVersion } from "../server/core/nginx/version.ts";
import { Sources } from "../server/core/sources.ts";
import type { Document } from "../server/core/syntax/document.ts";
import { ask } from "./model/ask.ts";
import { clientRequest, compareEvaluation, compareRequest, Tally } from "./model/compare.ts";
import { type RandomConfig, randomConfig } from "./model/random-config.ts";
import { startRecorder } from "./model/recorder.ts";
import { filesInMemory } from "./support/analyser.ts";
import { closeListeners, findNginx, type Nginx, openListener, startNginx, testConfig } from "./support/nginx.ts";
import { configurationFolder, fileIdOf } from "./support/prepare.ts";
import { Random } from "./syntax/mutate.ts";

// A backend gets what the model says. Set MODEL_CASES for more configurations, MODEL_SEED for others.

const count = Number(process.env.MODEL_CASES ?? 60);
const seed = Number(process.env.MODEL_SEED ?? 20_264);
const serversPerConfig = 3;

/** The servers of a configuration as the model sees them. */
async function modelsOf({ files }: RandomConfig, version: string): Promise<readonly ServerBlock[]> {
  const sources = new Sources(filesInMemory(files));
  const root = fileIdOf("nginx.conf");
  await sources.readClosure(root, {});
  const config = new Config(sources.document(root) as Document, (include) => sources.included(root, include, {}));
  return serversOf(config.update("main", parseVersion(version)));
}

function writeConfig({ files }: RandomConfig): string {
  const prefix = mkdtempSync(join(tmpdir(), "nginx-model-"));
  for (const [name, text] of files) {
    mkdirSync(dirname(join(prefix, name)), { recursive: true });
    writeFileSync(join(prefix, name), text.replaceAll(configurationFolder, `${prefix}/`));
  }
  return prefix;
}

/** One configuration on one nginx: every target of every server, as a handshake and as a plain GET. */
async function judge(
  nginx: Nginx,
  number: number,
  backends: readonly number[],
  tally: Tally,
): Promise<string | undefined> {
  const random = new Random(seed + number * 7919);
  const listeners = await Promise.all(Array.from({ length: serversPerConfig }, openListener));
  const listen = listeners.map(({ port }) => port);
  const config = randomConfig(random, { listen, backends });
  const models = await modelsOf(config, nginx.version);
  const byPort = new Map(models.map((model) => [model.listens[0]?.port, model]));
  const prefix = writeConfig(config);
  const running = startNginx(nginx, prefix, "nginx.conf", listeners);
  const wrong: string[] = [];
  let isFirst = true;
  try {
    for (const [index, port] of listen.entries()) {
      for (const target of config.targets[index] ?? []) {
        for (const kind of ["websocket", "plain"] as const) {
          const request = clientRequest(kind, target, port, random.below(12));
          const answer = await ask(request).catch(() => undefined);
          if (!answer || (answer.status === 444 && isFirst)) {
            const verdict = await testConfig(nginx, prefix, "nginx.conf");
            if (!answer || !verdict.ok) return verdict.ok ? `died: ${await running.stop()}` : verdict.message;
          }
          isFirst = false;
          const server = byPort.get(port) as ServerBlock;
          const outcome = upstreamRequest(server, request);
          const found = [...compareRequest(tally, outcome, answer)];
          // A browser sends no body with a GET, not even an empty one.
          const isUsual = !request.headers.some(([name]) => name === "Content-Length");
          if (outcome.kind === "request" && answer.received && isUsual)
            found.push(...compareEvaluation(tally, server, outcome, kind, answer.received));
          for (const each of found) wrong.push(`${each} (${kind} ${port}${target})`);
        }
      }
    }
  } finally {
    closeListeners(listeners);
    await running.stop();
    rmSync(prefix, { recursive: true, force: true });
    if (wrong.length > 0) {
      const texts = [...config.files].map(([name, text]) => `--- ${name}\n${text}`).join("");
      tally.wrong.push(...wrong.map((each) => `${each}\nMODEL_SEED=${seed + number * 7919} MODEL_CASES=1\n${texts}`));
    }
  }
  return undefined;
}

test("a backend gets what the model says", async (t) => {
  const [nginx] = await findNginx();
  if (!nginx) return t.skip(`no nginx here to judge ${count} configurations`);
  const backends = await Promise.all([startRecorder(), startRecorder()]);
  const ports = backends.map(({ port }) => port);
  const tally = new Tally();
  const refused: string[] = [];
  const work = Array.from({ length: count }, (_, number) => number).values();
  const run = async (): Promise<void> => {
    for (const number of work) {
      const message = await judge(nginx, number, ports, tally);
      if (message !== undefined) refused.push(message);
    }
  };
  try {
    await Promise.all([run(), run(), run()]);
  } finally {
    await Promise.all(backends.map((backend) => backend.close()));
  }
  const { requests, passed, answered, served, compared, unknown, evaluated, evaluatedUnknown, causes, wrong } = tally;
  const share = (part: number, rest: number): string => `${((100 * part) / (part + rest)).toFixed(1)} %`;
  t.diagnostic(`nginx ${nginx.version}: ${count} configurations, ${refused.length} of them refused`);
  t.diagnostic(
    `${requests} requests: ${passed} passed on, ${answered} answered, ${served} served, ${wrong.length} differences`,
  );
  t.diagnostic(`${compared} comparisons, ${unknown} could not be said (${share(unknown, compared)})`);
  t.diagnostic(
    `of any request: ${evaluated} comparisons, ${evaluatedUnknown} could be anything (${share(evaluatedUnknown, evaluated)})`,
  );
  t.diagnostic(
    `not said because of ${[...causes]
      .sort((a, b) => b[1] - a[1])
      .map(([name, times]) => `${name} ${times}`)
      .join(", ")}`,
  );
  if (process.env.MODEL_REPORT) {
    writeFileSync(
      process.env.MODEL_REPORT,
      JSON.stringify({ refused, wrong, evaluationCauses: [...tally.evaluationCauses] }, null, 1),
    );
  }
  assert.deepEqual(wrong.slice(0, 3), [], `${wrong.length} of ${requests} requests differ`);
});
