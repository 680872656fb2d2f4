// `npm test`: everything that can be tested on this machine, and at the end what ran on what, and what could not run.
// `--update` (or UPDATE=1) writes the generated files anew instead of comparing them.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describeNginx, installNginx, installStream, lacksStream, streamRemedy } from "./nginx.mjs";
import { root, setUp } from "./setup.mjs";

/** What ran: { name, on, seconds, passed?, failed?, skipped?, ok }. */
const suites = [];
/** What did not run although it should: { what, remedy }. */
const missing = [];
/** Milliseconds: for one file of tests (the fixtures ask nginx thousands of times), and for everything that one process does. */
const testLimit = 1_200_000;
const processLimit = 2_700_000;
const isContinuousIntegration = /^(?:1|true)$/i.test(process.env.CI ?? "");
if (process.argv.includes("--update")) process.env.UPDATE = "1";

setUp();
const nginx = prepareNginx();
await runTool("format and lint", `biome ${versionOf("@biomejs/biome")}`, "@biomejs/biome/bin/biome", ["check", "."]);
await runTool("types", `TypeScript ${versionOf("typescript")}`, "typescript/bin/tsc", ["-b"]);
const hasPackages = await runPackaging();
await runStep("build", `esbuild ${versionOf("esbuild")}`, ["build.mjs"]);
const built = await runStep("build of the tests", `esbuild ${versionOf("esbuild")}`, ["build.mjs", "--tests"]);
if (built) await runNodeTests();
await runEditorTests();
report();

function prepareNginx() {
  const isPresent = describeNginx() !== undefined;
  const remedy = isPresent ? undefined : installNginx(announce);
  const found = describeNginx();
  if (found === undefined) {
    // The tests hand nginx the sockets it listens on, which nginx for Windows cannot take: nobody can set that up there.
    const optional = process.platform === "win32";
    missing.push({ what: "every test that asks a real nginx: there is none here", remedy, optional });
  }
  // Somebody's own nginx is left as it is.
  if ((!isPresent || process.env.CI) && lacksStream()) installStream(announce);
  return found;
}

function runTool(name, on, tool, args) {
  return runStep(name, on, [join(root, "node_modules", tool), ...args]);
}

async function runStep(name, on, args) {
  announce(name);
  const { code, seconds } = await run(args, { echo: "on failure" });
  suites.push({ name, on, seconds, ok: code === 0 });
  return code === 0;
}

/** Whether the artefacts could be made, which their tests need; without the registry there is no vsce to do it with. */
async function runPackaging() {
  announce("packages");
  const { code, seconds, output } = await run(["scripts/package.mjs"], { echo: "live" });
  if (code !== 0 && output.includes("needs the npm registry")) {
    const what = "the tests of the packages and of the installed extension: vsce could not be installed";
    missing.push({ what, remedy: "npm run package, with a network" });
    return false;
  }
  suites.push({ name: "packages", on: "vsce", seconds, ok: code === 0 });
  return true;
}

async function runNodeTests() {
  announce("tests under Node");
  const files = await listTests();
  const results = join(root, "out", "node-tests.tap");
  mkdirSync(join(root, "out"), { recursive: true });
  const reporters = [`--test-timeout=${testLimit}`, "--test-reporter=spec", "--test-reporter-destination=stdout"];
  reporters.push("--test-reporter=tap", `--test-reporter-destination=${results}`);
  const { code, seconds } = await run(["--test", ...reporters, ...files], { echo: "live" });
  const tap = existsSync(results) ? readFileSync(results, "utf8") : "";
  const passed = sumOf(tap, /^# pass (\d+)$/gm);
  const failed = sumOf(tap, /^# (?:fail|cancelled) (\d+)$/gm);
  const skips = [...tap.matchAll(/^\s*ok \d+ - (.*?) # SKIP(?: (.*))?$/gm)].map(([, title, reason]) => reason || title);
  for (const reason of new Set(skips)) {
    // That there is no nginx is said already.
    if (nginx === undefined && reason.includes("no nginx")) continue;
    const number = skips.filter((other) => other === reason).length;
    const remedy = remedyFor(reason);
    missing.push({ what: `${number} of the tests under Node: ${reason}`, remedy, optional: true });
  }
  const on = `Node ${process.versions.node}, ${nginx ?? "no nginx"}`;
  suites.push({
    name: "tests under Node",
    on,
    seconds,
    passed,
    failed,
    skipped: skips.length,
    ok: code === 0 && passed > 0,
  });
}

function remedyFor(reason) {
  if (/nginx (?:>=|<) /.test(reason)) return "NGINX_BINARIES=/path/to/that/nginx npm test";
  return reason.includes("no stream") ? streamRemedy : "another machine or user";
}

async function listTests() {
  const { readdirSync } = await import("node:fs");
  const folder = join(root, "out", "test");
  const files = readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)));
  return files.filter((file) => file.endsWith(".test.cjs")).sort();
}

async function runEditorTests() {
  const runner = join(root, "test", "vscode", "run.mjs");
  announce("tests in VS Code");
  const harness = await import(pathToFileURL(join(root, "test", "vscode", "harness", "install.mjs")).href);
  const product = process.env.NGINX_WEBSOCKET_VSCODE || (harness.canRunNpmBuild ? "npm" : "desktop");
  if (product === "npm") {
    const install = `import(${JSON.stringify(pathToFileURL(join(root, "test/vscode/harness/install.mjs")).href)}).then((m) => m.installHarness())`;
    const { code, output } = await run(["-e", install], { echo: "never" });
    if (code !== 0) {
      const reason = /^(?:npm error|Error:|npm ERR!).*$/m.exec(output)?.[0] ?? "its installation failed";
      missing.push({
        what: `the tests in VS Code: ${reason}`,
        remedy: "node test/vscode/run.mjs (needs the npm registry)",
      });
      return;
    }
  }
  const { code, seconds, output } = await run([runner, "--built", ...(hasPackages ? [] : ["--without-package"])], {
    echo: "live",
  });
  const isOffline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT/.test(output);
  if (code !== 0 && product === "desktop" && isOffline && !/\d+ passing/.test(output)) {
    missing.push({
      what: "the tests in VS Code: it could not be downloaded",
      remedy: "node test/vscode/run.mjs, with a network",
    });
    return;
  }
  const passed = sumOf(output, /(\d+) passing\b/g) + sumOf(output, /^(?:#|ℹ) pass (\d+)$/gm);
  const failed = sumOf(output, /(\d+) failing\b/g) + sumOf(output, /^(?:#|ℹ) (?:fail|cancelled) (\d+)$/gm);
  const version = product === "npm" ? harness.locate().version : /\b(\d+\.\d+\.\d+)\b/.exec(output)?.[1];
  const on = `VS Code ${version ?? "of unknown version"} (${product})`;
  suites.push({
    name: "tests in VS Code",
    on,
    seconds,
    passed,
    failed,
    skipped: sumOf(output, /(\d+) pending\b/g),
    ok: code === 0 && passed > 0,
  });
}

function report() {
  const width = Math.max(...suites.map(({ name }) => name.length));
  const lines = suites.map(
    (suite) => `  ${suite.ok ? "ok    " : "FAILED"}  ${suite.name.padEnd(width)}  ${describe(suite)}`,
  );
  process.stdout.write(`\nWhat ran\n${lines.join("\n")}\n`);
  if (missing.length > 0) {
    const list = missing.map(({ what, remedy }) => `  ${what}\n    to set it up: ${remedy}`);
    process.stdout.write(`What could not run\n${list.join("\n")}\n`);
  }
  const isIncomplete = isContinuousIntegration && missing.some(({ optional }) => !optional);
  if (isIncomplete) process.stdout.write("CI is set, so what could not run counts as failed.\n");
  process.exitCode = isIncomplete || suites.some(({ ok }) => !ok) ? 1 : 0;
  process.stdout.write(`${total("passed")} passed, ${total("failed")} failed\n`);
}

function describe({ on, seconds, passed, failed, skipped }) {
  const counts =
    passed === undefined ? "" : `: ${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`;
  return `${on}${counts} (${seconds.toFixed(1)} s)`;
}

function total(key) {
  return suites.reduce((sum, suite) => sum + (suite[key] ?? 0), 0);
}

function sumOf(text, pattern) {
  return [...text.matchAll(pattern)].reduce((sum, match) => sum + Number(match[1]), 0);
}

function versionOf(name) {
  return JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8")).version;
}

function announce(text) {
  process.stdout.write(`\n== ${text}\n`);
}

/** Runs Node with these arguments in the project's folder; `echo` says when its output is shown. */
function run(args, { echo }) {
  const start = performance.now();
  return new Promise((resolve) => {
    // A test that starts under the editor's or another runner's settings would report to that one.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
    const chunks = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        chunks.push(chunk);
        if (echo === "live") process.stdout.write(chunk);
      });
    }
    const limit = setTimeout(() => {
      process.stdout.write(`\n${processLimit / 60_000} minutes are over: stopped.\n`);
      child.kill("SIGKILL");
    }, processLimit);
    child.on("close", (code) => {
      clearTimeout(limit);
      const output = Buffer.concat(chunks).toString("utf8");
      if (echo === "on failure" && code !== 0) process.stdout.write(output);
      resolve({ code: code ?? 1, seconds: (performance.now() - start) / 1000, output });
    });
  });
}
