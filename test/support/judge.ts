import type { Backend, BackendKind } from "./backend.ts";
import { type Disagreement, type Fixture, listenAddressesOf, writeCopy } from "./fixture.ts";
import { findObstacle, judgeQuestion } from "./judge-kinds.ts";
import {
  closeListeners,
  compareVersions,
  lastErrors,
  type Nginx,
  openListener,
  readLog,
  startNginx,
  testConfig,
} from "./nginx.ts";
import { PortMap, startBackends } from "./ports.ts";
import { backendOf, type Question, sayTruth, type Truth } from "./truth-forms.ts";

/** What a real nginx says about a fixture. */
export interface Judgement {
  readonly disagreements: readonly Disagreement[];
  /** How many truths were put to the test, the verdict of `nginx -t` among them. */
  readonly judged: number;
  /** How many could not be put to the test on this machine. */
  readonly skipped: number;
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
    return { disagreements: mistakes.map((message) => ({ judge: "format", message })), judged: 0, skipped: 0 };
  }
  const unmet = limits.find(({ comparison, version }) => {
    const order = compareVersions(nginx.version, version);
    return comparison === ">=" ? order < 0 : order >= 0;
  });
  if (unmet) {
    const notJudged = `not judged here: speaks of nginx ${unmet.comparison} ${unmet.version}, this is ${nginx.version}`;
    return { disagreements: [], judged: 0, skipped: 0, notJudged };
  }
  if (usesStream(fixture) && !nginx.hasStream) {
    return { disagreements: [], judged: 0, skipped: 0, notJudged: "not judged here: this nginx has no stream" };
  }
  const asked = truths.filter((truth): truth is Question => "target" in truth);
  const possible = asked.filter((truth) => findObstacle(truth) === undefined);
  const kinds = new Set<BackendKind>(possible.map(backendOf));
  if (kinds.size === 0) kinds.add("strict");
  const disagreements: Disagreement[] = [];
  let written = "";
  for (const kind of kinds) {
    const extent = kind === [...kinds][0] ? "verdict first" : "start only";
    const run = await runWithBackend(
      fixture,
      nginx,
      kind,
      possible.filter((truth) => backendOf(truth) === kind),
      extent,
    );
    disagreements.push(...run.disagreements);
    if (run.disagreements.some(({ judge }) => judge === "nginx -t")) break;
    written += run.log;
  }
  if (!disagreements.some(({ judge }) => judge === "nginx -t")) disagreements.push(...judgeLog(truths, written));
  const skipped = asked.length - possible.length;
  return { disagreements, judged: countTruths(fixture) - skipped, skipped };
}

/** Whether a fixture has a `stream` block, which not every nginx is built for. */
function usesStream({ files }: Fixture): boolean {
  return [...files.values()].some((text) => /^stream\s*\{/m.test(text));
}

/** What one nginx did with one kind of backend behind it. */
interface Run {
  readonly disagreements: readonly Disagreement[];
  /** Its error log, with the ports that the fixture writes. */
  readonly log: string;
}

async function runWithBackend(
  fixture: Fixture,
  nginx: Nginx,
  kind: BackendKind,
  truths: readonly Question[],
  extent: "verdict first" | "start only",
): Promise<Run> {
  const addresses = listenAddressesOf(fixture);
  const behind = await startBackends(kind, [...fixture.files.values()]);
  const listeners = await Promise.all(addresses.map(openListener));
  const ports = new PortMap(addresses, listeners, behind.ports);
  const copy = writeCopy(fixture, nginx, ports);
  try {
    const wrong = extent === "verdict first" ? await judgeVerdict(fixture, nginx, copy.prefix) : [];
    if (wrong.length > 0) return { disagreements: wrong.map((message) => ({ judge: "nginx -t", message })), log: "" };
    const { truths: stated } = fixture.statement;
    if (truths.length === 0 && !stated.some(({ kind }) => kind === "logs")) return { disagreements: [], log: "" };
    const server = startNginx(nginx, copy.prefix, fixture.root, listeners);
    const found = await judgeTruths(truths, ports, behind.backends);
    const failure = await server.stop();
    if (failure !== undefined) found.push(failure);
    const said = `nginx ${nginx.version}: ${lastErrors(copy.prefix)}`;
    const disagreements = found.map((message): Disagreement => ({ judge: "nginx", message: `${message}. ${said}` }));
    return { disagreements, log: ports.restore(readLog(copy.prefix)) };
  } finally {
    closeListeners(listeners);
    copy.remove();
    await behind.close();
  }
}

/** What the error log must say when everything else has been asked. */
function judgeLog(truths: readonly Truth[], log: string): Disagreement[] {
  const lines = log.split("\n");
  return truths.flatMap((truth): Disagreement[] => {
    if (truth.kind !== "logs") return [];
    if (lines.some((line) => line.includes(`[${truth.level}]`) && line.includes(truth.text))) return [];
    const likely = lines
      .filter((line) => line.includes(`[${truth.level}]`))
      .slice(-2)
      .join(" | ");
    const wrong = `nginx logged ${likely === "" ? "nothing at this level" : likely}`;
    return [{ judge: "nginx", message: complain(truth, wrong)! }];
  });
}

async function judgeVerdict(fixture: Fixture, nginx: Nginx, prefix: string): Promise<string[]> {
  const { fails, truths } = fixture.statement;
  const verdict = await testConfig(nginx, prefix, fixture.root);
  const says = `nginx ${nginx.version} -t says: ${verdict.message}`;
  if (fails === undefined) {
    if (!verdict.ok) return [`the fixture says that nginx accepts it. ${says}`];
    return truths.flatMap((truth) => {
      if (truth.kind !== "warns" || verdict.warnings.some((warning) => warning.includes(truth.text))) return [];
      return [complain(truth, `nginx -t warns of ${verdict.warnings.join(" | ") || "nothing"}`)!];
    });
  }
  if (verdict.ok)
    return [`the fixture says that nginx -t fails with "${fails}", but nginx ${nginx.version} accepts it`];
  return verdict.message.includes(fails) ? [] : [`the fixture says that nginx -t fails with "${fails}". ${says}`];
}

/** One after the other, because what a backend received must belong to one truth; the idle ones then all at once. */
async function judgeTruths(
  truths: readonly Question[],
  ports: PortMap,
  backends: readonly Backend[],
): Promise<string[]> {
  const judge = async (truth: Question): Promise<string | undefined> => {
    const address = ports.resolve(truth.target);
    if (address === undefined) return complain(truth, `nothing in the fixture listens for ${truth.target}`);
    const wrong = await judgeQuestion(truth, { address, ports, backends }).catch((error: Error) => error.message);
    return complain(truth, wrong);
  };
  const found: (string | undefined)[] = [];
  const isIdle = (truth: Truth): boolean => truth.kind === "closes" || truth.kind === "stays";
  for (const truth of truths) if (!isIdle(truth)) found.push(await judge(truth));
  found.push(...(await Promise.all(truths.filter(isIdle).map(judge))));
  return found.filter((wrong) => wrong !== undefined);
}

function complain(truth: Truth, wrong: string | undefined): string | undefined {
  return wrong === undefined ? undefined : `line ${truth.line}, "${sayTruth(truth)}": ${wrong}`;
}
