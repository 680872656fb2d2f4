// `npm run package`: builds the two artefacts that people install, into out/package/:
//   nginx-websocket-VERSION.vsix   the extension, for VS Code and everything that reads its format
//   nginx-websocket-VERSION.tgz    the command line and the language server, for npm
//   nginx-websocket-VERSION.cdx.json   what is bundled in them (CycloneDX)
//   SHA256SUMS
// Each artefact is made from a folder that holds just what ships, so nothing can slip in, and from a manifest without
// anything that is for development only. Where GITHUB_REPOSITORY is set (OWNER/NAME, as in GitHub Actions), the manifests
// name the repository, and the README's pictures and links lead there.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { buildShipped } from "../build.mjs";
import { root, runNpm, setUp } from "./setup.mjs";
import { extensionFiles, npmFiles } from "./shipped.mjs";

const out = join(root, "out", "package");
/** A .vsix must not be larger than this, in bytes: it is downloaded again with each update. */
const vsixBudget = 600 * 1000;

const manifest = readJson("package.json");
const repository = process.env.GITHUB_REPOSITORY;
const name = `${manifest.name}-${manifest.version}`;

setUp();
say("Building …");
const bundled = await buildShipped({ sourcemap: false });
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const artefacts = [packExtension(), packForNpm(), writeBillOfMaterials()];
const sums = artefacts.map((file) => `${sha256(file)}  ${basename(file)}\n`);
writeFileSync(join(out, "SHA256SUMS"), sums.join(""));
for (const file of artefacts) say(`${relative(root, file)}  ${(statSync(file).size / 1000).toFixed(0)} kB`);

function packExtension() {
  const stage = join(out, "extension");
  const { scripts: _, devDependencies: __, bin: ___, type: ____, ...shipped } = manifest;
  writeManifest(stage, shipped);
  copyInto(stage, extensionFiles(root));
  if (repository === undefined) makeSelfContained(stage);
  const links = repository === undefined ? ["--no-rewrite-relative-links"] : linksToRepository();
  installTools();
  say("Packing the extension …");
  const artefact = join(out, `${name}.vsix`);
  const vsce = join(root, ".packaging", "node_modules", "@vscode", "vsce", "vsce");
  runTool(vsce, ["package", "--no-dependencies", "--allow-missing-repository", ...links, "--out", artefact], stage);
  const { size } = statSync(artefact);
  if (size > vsixBudget) giveUp(`${artefact} has ${size} bytes; the budget is ${vsixBudget}`);
  return artefact;
}

function packForNpm() {
  const stage = join(out, "npm");
  const { name: id, version, description, license, keywords, homepage, bugs, bin } = manifest;
  const engines = { node: manifest.engines.node };
  const publishConfig = { access: "public" };
  writeManifest(stage, {
    name: id,
    version,
    description,
    license,
    keywords,
    homepage,
    bugs,
    engines,
    bin,
    publishConfig,
  });
  copyInto(stage, npmFiles(root));
  if (repository === undefined) makeSelfContained(stage);
  say("Packing for npm …");
  const packed = runNpm(["pack", "--silent", "--ignore-scripts", `--pack-destination=${out}`], stage);
  if (packed.status !== 0) giveUp(`npm pack failed: ${packed.stderr || packed.stdout}`);
  return join(out, `${name}.tgz`);
}

/** Lists the libraries inside the bundles: npm knows their licences, addresses and hashes, the bundler which ones they are. */
function writeBillOfMaterials() {
  const listed = runNpm(["sbom", "--sbom-format=cyclonedx", "--sbom-type=application"], root);
  if (listed.status !== 0) giveUp(`npm sbom failed: ${listed.stderr || listed.stdout}`);
  const bill = JSON.parse(listed.stdout);
  const isBundled = (component) => bundled.some((one) => component["bom-ref"] === `${one.name}@${one.version}`);
  const components = bill.components.filter(isBundled).map(withoutDevelopmentMark);
  if (components.length !== bundled.length) {
    giveUp(`npm sbom knows ${components.length} of the ${bundled.length} libraries in the bundles`);
  }
  const references = new Set([bill.metadata.component["bom-ref"], ...components.map((one) => one["bom-ref"])]);
  const dependencies = bill.dependencies
    .filter(({ ref }) => references.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((other) => references.has(other)) }));
  const artefact = join(out, `${name}.cdx.json`);
  // npm calls the project what its folder is called.
  const metadata = { ...bill.metadata, component: { ...bill.metadata.component, name: manifest.name } };
  writeFileSync(artefact, `${JSON.stringify({ ...bill, metadata, components, dependencies }, undefined, 2)}\n`);
  return artefact;
}

/** What is bundled is no development dependency of the thing that ships. */
function withoutDevelopmentMark(component) {
  const { properties = [], ...rest } = component;
  const kept = properties.filter((property) => property.name !== "cdx:npm:package:development");
  return { ...rest, scope: "required", ...(kept.length > 0 ? { properties: kept } : {}) };
}

/**
 * Where the repository is not known, what does not ship cannot be linked: the page does without pictures, and a link to
 * a file for contributors becomes its text.
 */
function makeSelfContained(stage) {
  const readme = join(stage, "README.md");
  const isPicture = /^(?:!\[[^\]]*\]\([^)]*\)|<\/?(?:picture|source|img|p)\b[^>]*>)+$/;
  const text = readFileSync(readme, "utf8")
    .split("\n")
    .filter((line) => !isPicture.test(line.trim()))
    .join("\n");
  const linked = text.replace(/\[([^\]]+)\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g, (link, label, path) => {
    return existsSync(join(stage, path)) ? link : label;
  });
  writeFileSync(readme, linked);
}

function linksToRepository() {
  const at = `https://github.com/${repository}`;
  return [`--baseContentUrl=${at}/blob/v${manifest.version}`, `--baseImagesUrl=${at}/raw/v${manifest.version}`];
}

function writeManifest(stage, content) {
  mkdirSync(stage, { recursive: true });
  const at = `https://github.com/${repository}`;
  const known =
    repository === undefined
      ? {}
      : {
          repository: { type: "git", url: `git+${at}.git` },
          homepage: content.homepage ?? `${at}#readme`,
          bugs: content.bugs ?? { url: `${at}/issues` },
        };
  writeFileSync(join(stage, "package.json"), `${JSON.stringify({ ...content, ...known }, undefined, 2)}\n`);
}

function copyInto(stage, files) {
  for (const file of files) {
    if (!existsSync(join(root, file))) giveUp(`${file} should ship, but it is not there`);
    cpSync(join(root, file), join(stage, file));
  }
}

/** Brings vsce, as the lockfile beside this says, into .packaging/ once. */
function installTools() {
  const recipe = join(root, "scripts", "packaging");
  const target = join(root, ".packaging");
  const lock = readFileSync(join(recipe, "package-lock.json"), "utf8");
  const stamp = join(target, "installed");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  say("Installing vsce from the npm registry into .packaging/ (about 130 MB, once) …");
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const file of ["package.json", "package-lock.json"]) cpSync(join(recipe, file), join(target, file));
  const options = ["--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", "--loglevel=error"];
  const installed = runNpm(["ci", ...options], target);
  if (installed.status !== 0) giveUp(`vsce could not be installed (needs the npm registry): ${installed.stderr}`);
  writeFileSync(stamp, lock);
}

function runTool(tool, args, cwd) {
  const result = spawnSync(process.execPath, [tool, ...args], { cwd, encoding: "utf8" });
  if (result.status !== 0) giveUp(`${basename(tool)} ${args[0]} failed:\n${result.stdout}${result.stderr}`);
}

function readJson(path) {
  return JSON.parse(readFileSync(join(root, path), "utf8"));
}

function sha256(file) {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

function say(text) {
  process.stdout.write(`${text}\n`);
}

function giveUp(reason) {
  process.stderr.write(`nginx-websocket: ${reason}\n`);
  process.exit(1);
}
