// Bundles the sources: one CommonJS file per entry point, because the VS Code hosts load CommonJS mains.
// `node build.mjs` builds what ships into dist/; `node build.mjs --tests` builds the test bundles into out/test/.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const common = {
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  sourcemap: "linked",
  legalComments: "none",
  logLevel: "warning",
};

/** What ships: bundle → entry point. Each is minified and self-contained. */
const shipped = {
  "dist/extension.js": "client/node.ts",
  "dist/client.js": "client/browser.ts",
  "dist/server.cjs": "server/lsp/main.ts",
  "dist/cli.cjs": "server/cli/main.ts",
};

/** What npm links as a program. */
const programs = new Set(["dist/cli.cjs", "dist/server.cjs"]);

/** Libraries of vscode-languageclient that we never reach, 18 kB of a compressed package, and what stands in for them. */
const leftOut = {
  // VS Code itself compares its version with the manifest's `engines`, before it loads an extension.
  "semver/functions/parse": "module.exports = () => ({});",
  "semver/functions/satisfies": "module.exports = () => true;",
  // For file operations, notebooks and pulled diagnostics, if a server asks for them by path; ours does not.
  minimatch: `exports.Minimatch = class {
    constructor() {
      throw new Error("minimatch is left out of this bundle: see build.mjs");
    }
  };`,
};

const leaveOut = {
  name: "leave out",
  setup({ onResolve, onLoad }) {
    const filter = new RegExp(`^(?:${Object.keys(leftOut).join("|")})$`);
    onResolve({ filter }, ({ path }) => ({ path, namespace: "left-out" }));
    onLoad({ filter, namespace: "left-out" }, ({ path }) => ({ contents: leftOut[path] }));
  },
};

/** Builds what ships, and the licences of the libraries that are inside; gives the libraries' names and versions. */
export async function buildShipped({ sourcemap = common.sourcemap } = {}) {
  rmSync("dist", { recursive: true, force: true });
  const packages = new Set();
  for (const [outfile, entry] of Object.entries(shipped)) {
    const { metafile } = await build({
      ...common,
      entryPoints: [entry],
      outfile,
      minify: true,
      sourcemap,
      metafile: true,
      external: ["vscode", "./client.js"],
      // Client and server serve Node and browsers with one bundle each: both halves of their libraries are inside.
      conditions: ["browser"],
      // The UMD builds of some dependencies hide their imports from the bundler; their ES modules do not.
      mainFields: ["module", "main"],
      plugins: [leaveOut],
      ...(programs.has(outfile) ? { banner: { js: "#!/usr/bin/env node" } } : {}),
    });
    for (const input of Object.keys(metafile.inputs)) {
      const match = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
      if (match) packages.add(match[0]);
    }
  }
  const folders = [...packages].sort();
  const tables = `${readFileSync("server/core/nginx/reference-licence.txt", "utf8").trim()}\n`;
  writeFileSync("dist/THIRD-PARTY-LICENSES.txt", [...folders.map(licenceOf), tables].join("\n"));
  writeFileSync("dist/rule-pages.json", JSON.stringify(readRulePages()));
  return folders.map((folder) => {
    const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return { name, version };
  });
}

/**
 * The rule pages by name, for the editor: one file compresses to little more than half of what a hundred files do. They come
 * in the order of the overview, because pages about one cause have much in common.
 */
function readRulePages() {
  const read = (name) => readFileSync(join("docs/rules", name), "utf8");
  const overview = read("README.md");
  const listed = [...overview.matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, name]) => name);
  const pages = readdirSync("docs/rules").filter((name) => name.endsWith(".md"));
  return Object.fromEntries([...new Set([...listed, ...pages])].map((name) => [name, read(name)]));
}

/** The name, version and licence text of a package folder; a bundle must not ship without it. */
function licenceOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((candidate) => /^(?:licen[cs]e|copying)/i.test(candidate));
  if (file === undefined) throw new Error(`${name} ${version} is bundled but has no licence file`);
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}\n\n${"-".repeat(78)}\n`;
}

/** Every `*.test.ts` under test/ (those inside VS Code left out) becomes one bundle; packages stay external. */
export async function buildTests() {
  const entryPoints = readdirSync("test", { recursive: true })
    .map((name) => `test/${String(name).replaceAll("\\", "/")}`)
    .filter((name) => name.endsWith(".test.ts") && !name.startsWith("test/vscode/"));
  rmSync("out/test", { recursive: true, force: true });
  const outExtension = { ".js": ".cjs" };
  await build({ ...common, entryPoints, outdir: "out/test", outbase: "test", outExtension, packages: "external" });
}

const isMain = process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href;
if (isMain) {
  if (process.argv.includes("--tests")) await buildTests();
  else await buildShipped();
}
