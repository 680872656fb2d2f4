// Bundles the tests that run inside VS Code.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../../", import.meta.url));
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const common = {
  absWorkingDir: root,
  bundle: true,
  // The oldest supported VS Code, 1.91, runs extensions in Node.js 20.
  target: "node20",
  format: "cjs",
  sourcemap: "inline",
  external: ["vscode"],
  logLevel: "warning",
};

/** A suite for a host with Node.js; gives the path of the bundle. */
export async function buildSuite(entry, folder) {
  const outfile = join(folder, "suite.cjs");
  await build({ ...common, entryPoints: [here(`suite/${entry}`)], outfile, platform: "node", packages: "external" });
  return outfile;
}

/** The suite for a web worker: one file, with mocha as its makers bundle it for browsers and the workspace inside. */
export async function buildWebSuite(folder) {
  const outfile = join(folder, "suite.js");
  await build({
    ...common,
    entryPoints: [here("suite/web.ts")],
    outfile,
    platform: "browser",
    alias: { "node:assert/strict": here("suite/web-assert.ts") },
    define: {
      WORKSPACE: JSON.stringify(textsIn(here("workspace"))),
      ONLY: JSON.stringify(process.env.NGINX_WEBSOCKET_VSCODE_TESTS ?? ""),
    },
  });
  // Bundled as a module, mocha would take the exports of the suite for its own.
  const mocha = readFileSync(join(root, "node_modules/mocha/mocha.js"), "utf8");
  const suite = readFileSync(outfile, "utf8");
  writeFileSync(outfile, `(function (module, exports, define) {\n${mocha}\n}).call(globalThis);\n${suite}`);
  return outfile;
}

function textsIn(folder) {
  const names = readdirSync(folder, { recursive: true }).map((name) => String(name).replaceAll("\\", "/"));
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}
