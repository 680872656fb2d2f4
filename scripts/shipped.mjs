// What ships besides the manifest, as names of files of the project.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const common = ["LICENSE", "README.md", "CHANGELOG.md", "dist/THIRD-PARTY-LICENSES.txt"];

/** What the bundles of the extension read when they run; the rest is named in its manifest. */
const readByExtension = ["dist/server.cjs", "dist/rule-pages.json", "docs/walkthrough/example.conf"];

/** The files of the .vsix, for the project in the folder `root`. */
export function extensionFiles(root) {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return expand(root, [...common, ...readByExtension, ...filesNamedIn(root, manifest)]);
}

/** The files of the npm package. */
export function npmFiles(root) {
  return expand(root, [...common, "dist/cli.cjs", "dist/server.cjs", "docs/rules/*.md"]);
}

/** The files of the project that the manifest of an extension points to. */
function filesNamedIn(root, { scripts: _, devDependencies: __, bin: ___, ...manifest }) {
  const named = stringsIn(manifest)
    .filter((text) => /^(?:\.\/)?[\w@.-]+(?:\/[\w@.-]+)*\.[a-z]+$/i.test(text))
    .map((text) => text.replace(/^\.\//, ""));
  const files = named.filter((path) => existsSync(join(root, path)) && statSync(join(root, path)).isFile());
  // The strings of the manifest lie beside it, those of the code in the folder that it names.
  return manifest.l10n === undefined
    ? files
    : [...files, "package.nls*.json", `${manifest.l10n.replace(/^\.\//, "")}/*.json`];
}

function stringsIn(value) {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

/** The names behind the patterns, each once; `*` stands for part of a name. */
function expand(root, patterns) {
  const files = patterns.flatMap((pattern) => {
    if (!pattern.includes("*")) return pattern;
    const folder = dirname(pattern);
    const wanted = new RegExp(`^${basename(pattern).replaceAll(".", "\\.").replaceAll("*", ".*")}$`);
    const names = readdirSync(join(root, folder)).filter((file) => wanted.test(file));
    if (names.length === 0) throw new Error(`${pattern} should ship, but there is none`);
    return names.map((name) => (folder === "." ? name : `${folder}/${name}`));
  });
  return [...new Set(files)].sort();
}
