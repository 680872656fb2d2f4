// `node scripts/release.mjs vX.Y.Z`: checks that the tag, the manifest and the changelog agree, writes the changelog's
// section for the release to out/package/NOTES.md, and prints what the release workflow needs, as `name=value` lines.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./setup.mjs";

const tag = process.argv[2] ?? "";
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
if (tag !== `v${version}`) giveUp(`the tag is ${tag || "missing"}, but package.json has the version ${version}`);

const notes = sectionOf(readFileSync(join(root, "CHANGELOG.md"), "utf8"));
if (notes === "") giveUp(`CHANGELOG.md has no section "## [${version}]" with text in it`);
const folder = join(root, "out", "package");
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "NOTES.md"), `${notes}\n`);

const isPrerelease = Number(version.split(".")[1]) % 2 === 1;
process.stdout.write(`version=${version}\nprerelease=${isPrerelease ? "--pre-release" : ""}\n`);

function sectionOf(changelog) {
  const lines = changelog.split("\n");
  const start = lines.findIndex((line) => line.startsWith(`## [${version}]`));
  if (start < 0) return "";
  const length = lines.slice(start + 1).findIndex((line) => line.startsWith("## "));
  return lines
    .slice(start + 1, length < 0 ? undefined : start + 1 + length)
    .join("\n")
    .trim();
}

function giveUp(reason) {
  process.stderr.write(`nginx-websocket: ${reason}\n`);
  process.exit(1);
}
