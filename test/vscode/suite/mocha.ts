import { appendFileSync, writeFileSync } from "node:fs";
import { format } from "node:util";
import Mocha from "mocha";
import * as vscode from "vscode";

/** Runs the tests that `define` defines, with `describe` and `it`, and reports into a file; throws when one fails. */
export async function runSuites(define: () => Promise<unknown>): Promise<void> {
  const report = process.env.NGINX_WEBSOCKET_REPORT!;
  writeFileSync(report, "");
  // The console of an extension host mixes with VS Code's own messages, a file does not.
  const write = (...parts: unknown[]): void => appendFileSync(report, `${format(...parts)}\n`);
  Mocha.reporters.Base.consoleLog = write;
  write(`${vscode.env.appName} ${vscode.version}, extension host on Node.js ${process.versions.node}`);

  const mocha = new Mocha({ ui: "bdd", timeout: 300_000, color: false });
  const wanted = process.env.NGINX_WEBSOCKET_VSCODE_TESTS;
  if (wanted) mocha.fgrep(wanted);
  // Makes describe and it global; the files that use them are evaluated after that.
  mocha.suite.emit("pre-require", globalThis, "suite", mocha);
  await define();

  const stats = await new Promise<Mocha.Stats>((resolve) => {
    const runner = mocha.run(() => resolve(runner.stats!));
  });
  write(`${stats.passes} passed, ${stats.failures} failed, ${stats.pending} skipped`);
  if (stats.failures > 0) throw new Error(`${stats.failures} of ${stats.tests} editor tests failed`);
  if (stats.passes === 0) throw new Error("no editor test ran");
}
