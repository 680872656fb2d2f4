#!/usr/bin/env node
// Stands in for the VS Code executable: takes the arguments that @vscode/test-electron passes, runs the extension and its
// tests in the VS Code server with its workbench in headless Chromium, and exits with the result of the tests:
// 0 passed, 1 failed, 124 out of time. `--in-browser` runs them in a web worker instead, without a server; `--restricted`
// trusts nothing.
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { locate } from "./install.mjs";
import { openWorkbench, workbenchAddress } from "./page.mjs";
import { answerRequests } from "./screen.mjs";
import { startServer } from "./server.mjs";
import { startStatic } from "./static.mjs";

const { values, positionals } = parseArgs({
  args: process.argv.slice(2),
  strict: false,
  options: {
    extensionDevelopmentPath: { type: "string" },
    extensionTestsPath: { type: "string" },
    "user-data-dir": { type: "string" },
    "extensions-dir": { type: "string" },
    "in-browser": { type: "boolean" },
    restricted: { type: "boolean" },
  },
});

const outOfTime = "the editor tests did not end";

process.exitCode = await run();

async function run() {
  const seconds = Number(process.env.NGINX_WEBSOCKET_VSCODE_TIMEOUT ?? 900);
  const state = mkdtempSync(join(tmpdir(), "nginx-websocket-vscode-"));
  const log = openLog(process.env.NGINX_WEBSOCKET_VSCODE_LOG ?? join(state, "workbench.log"));
  const cleanups = [() => rmSync(state, { recursive: true, force: true, maxRetries: 5 })];
  const interrupted = new Promise((resolve) => {
    const timer = setTimeout(() => resolve(outOfTime), seconds * 1000);
    cleanups.push(() => clearTimeout(timer));
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(name, () => resolve(`ended by ${name}`));
  });
  try {
    const result = await Promise.race([interrupted, runTests(state, log.write, cleanups)]);
    if (result === 0) return 0;
    if (typeof result === "string") console.error(result === outOfTime ? `${outOfTime} after ${seconds} s` : result);
    console.error(log.lastWords());
    return result === outOfTime ? 124 : 1;
  } catch (error) {
    console.error(error);
    return 1;
  } finally {
    for (const clean of cleanups.reverse()) await clean();
  }
}

/** Gives what the tests reported, or a sentence about what went wrong; everything it starts gets a cleanup. */
async function runTests(state, log, cleanups) {
  const harness = locate();
  const { address, ended, requests } = await (values["in-browser"] ? openStatic : openOnServer)(
    harness,
    state,
    log,
    cleanups,
  );
  const workbench = await openWorkbench(harness, { address, log });
  cleanups.push(workbench.close);
  console.log(`VS Code ${harness.version} (npm build) in Chromium ${workbench.browserVersion}`);
  if (requests !== undefined) cleanups.push(answerRequests(requests, workbench.page));
  return Promise.race([workbench.result, ended]);
}

async function openOnServer(harness, state, log, cleanups) {
  const userData = resolve(values["user-data-dir"] ?? join(state, "user"));
  const requests = join(state, "screen");
  for (const folder of [userData, requests]) mkdirSync(folder, { recursive: true });
  const server = await startServer(harness, {
    state,
    userData,
    log,
    extensions: resolve(values["extensions-dir"] ?? join(state, "extensions")),
    // The runner of the tests always asks for it.
    serverArguments: values.restricted ? [] : ["--disable-workspace-trust"],
    environment: { NGINX_WEBSOCKET_SCREEN: requests },
  });
  cleanups.push(server.stop);
  const address = workbenchAddress({
    port: server.port,
    folder: positionals[0] === undefined ? undefined : resolve(positionals[0]),
    extension: resolve(values.extensionDevelopmentPath),
    tests: resolve(values.extensionTestsPath),
  });
  return { address, requests, ended: server.ended.then((code) => `the VS Code server ended with ${code}`) };
}

async function openStatic(harness, _state, log, cleanups) {
  const { address, stop } = await startStatic(harness, {
    log,
    extension: resolve(values.extensionDevelopmentPath),
    tests: dirname(resolve(values.extensionTestsPath)),
    settings: JSON.parse(readFileSync(join(values["user-data-dir"], "User/settings.json"), "utf8")),
    folder: basename(positionals[0]),
    report: process.env.NGINX_WEBSOCKET_REPORT,
  });
  cleanups.push(stop);
  return { address, ended: new Promise(() => {}) };
}

function openLog(path) {
  writeFileSync(path, "");
  return {
    write: (line) => appendFileSync(path, `${line}\n`),
    /** The end of the log without the lines of stack traces that lie inside VS Code. */
    lastWords() {
      const lines = readFileSync(path, "utf8").split("\n");
      const ours = lines.filter(
        (line) => !/^\s+at .*(extensionHostProcess|workbench)\.js|ChatModelSelection/.test(line),
      );
      return ours.slice(-40).join("\n");
    },
  };
}
