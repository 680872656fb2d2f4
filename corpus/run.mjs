// `npm run corpus -- DIR`: measures the analyser on real configurations that lie outside of this project.
// The bundle is built each time: what is measured are the sources as they stand.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const outfile = join(root, "out/corpus/main.cjs");
await build({
  absWorkingDir: root,
  entryPoints: ["corpus/main.ts"],
  outfile,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  packages: "external",
  sourcemap: "linked",
  logLevel: "warning",
});
// npm changes to the package's folder before it runs a script and keeps the user's in INIT_CWD.
const cwd = process.env.npm_lifecycle_event === undefined ? process.cwd() : (process.env.INIT_CWD ?? process.cwd());
const args = ["--enable-source-maps", outfile, ...process.argv.slice(2)];
process.exitCode = spawnSync(process.execPath, args, { cwd, stdio: "inherit" }).status ?? 2;
