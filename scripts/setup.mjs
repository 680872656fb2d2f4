// Makes a fresh checkout ready: dependencies and bundles, each only when they are missing or out of date.
// Plain Node without dependencies, and no syntax or import that an older Node would stumble over before it can be told so.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of package.json. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Below this, node:util has no styleText. */
const oldestNode = [20, 12];

/** Does what is needed; ends the process with a plain sentence when it cannot. Speaks on standard error only. */
export function setUp() {
  requireNode();
  if (!hasDependencies()) {
    installDependencies();
  }
  if (isBuildStale()) {
    say("Building dist/ …");
    buildBundles();
  }
}

function buildBundles() {
  const result = spawnSync(process.execPath, ["build.mjs"], { cwd: root, stdio: ["ignore", 2, 2] });
  if (result.status !== 0) giveUp("the build failed; what is above says why");
}

function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const [oldestMajor, oldestMinor] = oldestNode;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  giveUp(`Node ${oldestNode.join(".")} or newer is needed, this is ${process.versions.node}: see https://nodejs.org`);
}

/** Whether node_modules holds what package-lock.json says; times prove nothing after a checkout. */
function hasDependencies() {
  const installed = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installed)) return false;
  const wanted = readLock(join(root, "package-lock.json"));
  const present = readLock(installed);
  return Object.keys(wanted).every((path) => {
    const { version, optional, devOptional, link } = wanted[path];
    if (path === "" || optional || devOptional || link) return true;
    return present[path] !== undefined && present[path].version === version;
  });
}

function readLock(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages || {};
  } catch (error) {
    return giveUp(`${path} cannot be read: ${error.message}`);
  }
}

/** Whether a bundle that package.json names is missing or older than a source. */
function isBuildStale() {
  const { main, bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const sources = ["build.mjs", "package.json", "package-lock.json", "client", "server", "docs/rules"];
  const newest = Math.max(...sources.map((source) => findNewest(join(root, source))));
  const bundles = [main, ...Object.values(bin)].map((bundle) => join(root, bundle));
  return bundles.some((bundle) => !existsSync(bundle) || statSync(bundle).mtimeMs < newest);
}

function findNewest(path) {
  if (!existsSync(path)) return 0;
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  // The folder's own time tells that a file was removed.
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => findNewest(join(path, name))));
}

function installDependencies() {
  const quiet = ["--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  say("Installing the dependencies (npm ci) …");
  const first = runNpm(["ci", ...quiet]);
  if (first.status === 0) return;
  // A mirror that lacks the builds for other platforms makes `npm ci` refuse; `npm install` does without them.
  say("npm ci failed, trying npm install …");
  if (runNpm(["install", "--no-save", ...quiet]).status === 0) return;
  const lines = `${first.stdout || ""}${first.stderr || ""}`
    .split("\n")
    .filter((line) => /\S/.test(line.replace(/^npm \S+/, "")));
  say(lines.slice(0, 8).join("\n"));
  giveUp("the dependencies could not be installed; this needs the npm registry, or a filled npm cache");
}

/** Runs npm and gives what it says; in the project's folder if no other is named. */
export function runNpm(args, cwd = root) {
  // npm tells its scripts where it lives; npm itself is a shell script, and on Windows a batch file.
  const npm = process.env.npm_execpath;
  return npm
    ? spawnSync(process.execPath, [npm, ...args], { cwd, encoding: "utf8" })
    : spawnSync("npm", args, { cwd, encoding: "utf8", shell: process.platform === "win32" });
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

function giveUp(reason) {
  say(`nginx-websocket: ${reason}`);
  process.exit(2);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  setUp();
  say("Ready.");
}
