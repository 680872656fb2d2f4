// Whole configurations of the workspace: who waits for the search, and what is in force meanwhile.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Connection } from "vscode-languageserver";
import { withProgress } from "../server/lsp/progress.ts";
import { type FindRoots, Roots } from "../server/lsp/roots.ts";

/** A promise that is kept when somebody says so. */
function deferred<Value>() {
  let keep: (value: Value) => void = () => {};
  const promise = new Promise<Value>((resolve) => {
    keep = resolve;
  });
  return { promise, keep: (value: Value) => keep(value) };
}

/** Searches and reading that end when the test says so. */
function arrange() {
  const searches: ReturnType<typeof deferred<readonly string[]>>[] = [];
  const readings: ReturnType<typeof deferred<void>>[] = [];
  let late = 0;
  const find: FindRoots = () => {
    searches.push(deferred());
    return (searches.at(-1) as (typeof searches)[number]).promise;
  };
  const read = () => {
    readings.push(deferred());
    return (readings.at(-1) as (typeof readings)[number]).promise;
  };
  const roots = new Roots(find, read, () => late++);
  roots.follow(["/srv"]);
  return { roots, searches, readings, late: () => late };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test("the first answer waits until what was found has been read", async () => {
  const { roots, searches, readings, late } = arrange();
  let answer: readonly string[] | undefined;
  const asked = roots.candidates().then((found) => {
    answer = found;
  });
  searches[0]?.keep(["/srv/nginx.conf"]);
  await turn();
  assert.equal(answer, undefined);
  readings[0]?.keep();
  await asked;
  assert.deepEqual(answer, ["/srv/nginx.conf"]);
  assert.equal(late(), 0, "nobody has to be told what was waited for");
});

test("a new search leaves in force what the one before found, and says when it is done", async (t) => {
  // Timers may end before the clock says so: only who was answered counts.
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { roots, searches, readings, late } = arrange();
  const first = roots.candidates();
  searches[0]?.keep(["/srv/nginx.conf"]);
  await turn();
  readings[0]?.keep();
  await first;
  roots.forget();
  const meanwhile = roots.candidates();
  t.mock.timers.tick(200);
  assert.deepEqual(await meanwhile, ["/srv/nginx.conf"]);
  searches[1]?.keep([]);
  await turn();
  readings[1]?.keep();
  await turn();
  assert.equal(late(), 1, "also when nothing is left");
  assert.deepEqual(await roots.candidates(), []);
});

test("of a search that was called off nothing is kept, and in other folders all begins anew", async () => {
  const { roots, searches, readings } = arrange();
  const asked = roots.candidates();
  roots.follow(["/other"]);
  searches[0]?.keep(["/srv/nginx.conf"]);
  const again = roots.candidates();
  searches[1]?.keep(["/other/nginx.conf"]);
  await turn();
  readings[0]?.keep();
  assert.deepEqual(await again, ["/other/nginx.conf"]);
  assert.deepEqual(await asked, ["/other/nginx.conf"]);
});

/** A client that writes down what it is shown. */
function client(t: TestContext) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const shown: string[] = [];
  const createWorkDoneProgress = async () => ({
    begin: (title: string) => shown.push(`begin ${title}`),
    done: () => shown.push("done"),
  });
  return { shown, connection: { window: { createWorkDoneProgress } } as unknown as Connection };
}

test("work that takes long is shown, and no other", async (t) => {
  const { shown, connection } = client(t);
  assert.equal(await withProgress(connection, { isShown: true, title: "reading" }, async () => 1), 1);
  t.mock.timers.tick(5000);
  await turn();
  assert.deepEqual(shown, []);
  const work = deferred<number>();
  const result = withProgress(connection, { isShown: true, title: "reading" }, () => work.promise);
  t.mock.timers.tick(1000);
  await turn();
  assert.deepEqual(shown, ["begin reading"]);
  work.keep(2);
  assert.equal(await result, 2);
  assert.deepEqual(shown, ["begin reading", "done"]);
  const failing = withProgress(connection, { isShown: false, title: "reading" }, async () => {
    throw new Error("broken");
  });
  await assert.rejects(failing, /broken/);
});
