// `npm run bench`: builds and runs every bench of this folder, or those that are named: `npm run bench -- parse`.
// What ships is built anew when it is older than its sources, so that never an old program is measured.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { setUp } from "../scripts/setup.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

/** The benches in the order in which they run; each is a file of this folder. */
const BENCHES = ["parse", "rules", "analysis", "trees", "keystroke"];
const named = process.argv.slice(2);
const unknown = named.filter((name) => !BENCHES.includes(name));
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(", ")}; there are ${BENCHES.join(", ")}.`);
  process.exit(2);
}

setUp();
installPeers();
for (const name of named.length > 0 ? named : BENCHES) {
  const outfile = join("out/bench", `${name}.cjs`);
  await build({
    entryPoints: [join("bench", `${name}.ts`)],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    packages: "external",
    logLevel: "warning",
  });
  console.log(`\n${name} (Node ${process.versions.node})`);
  const { status } = spawnSync(process.execPath, ["--expose-gc", outfile], { stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}

/** Installs what the benches compare with, apart from the project's own dependencies. */
function installPeers() {
  const folder = join("out", "bench-peers");
  const wanted = readFileSync("bench/package.json", "utf8");
  const marker = join(folder, "package.json");
  const isPresent = existsSync(join(folder, "node_modules")) && readFileSync(marker, "utf8") === wanted;
  if (isPresent) return;
  mkdirSync(folder, { recursive: true });
  cpSync("bench/package.json", marker);
  const { status } = spawnSync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder], {
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error("What the benches compare with could not be installed (npm install failed).");
}
