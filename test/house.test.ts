// The invariants of ARCHITECTURE.md that can be read off the sources.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path/posix";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => `${folder}/${String(name).replaceAll("\\", "/")}`)
    .filter((name) => name.endsWith(".ts"));
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/^(?:import|export)\b[^;]*?\bfrom\s+"([^"]+)"/gm)].map((match) => match[1] ?? "");
}

/** The folders of the core that a folder may import from, itself and what is in it left out. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  text: ["."],
  nginx: [],
  syntax: ["text", "nginx", "."],
  model: ["syntax", "nginx", "text", "."],
  edits: ["model", "syntax", "nginx", "rules", "."],
  rules: ["model", "edits", "syntax", "nginx", "text", "."],
  symptoms: ["model", "nginx", "."],
  features: ["model", "syntax", "nginx", "text", "symptoms", "."],
  ".": ["text", "nginx", "syntax", "model", "edits", "rules", "features", "symptoms"],
};

const core = "server/core";

function folderInCore(file: string): string {
  const [folder = ""] = dirname(file)
    .slice(core.length + 1)
    .split("/");
  return folder === "" ? "." : folder;
}

test("the core imports only in the direction text, nginx ← syntax ← model ← edits, rules, features ← façade", () => {
  for (const file of sources(core)) {
    const folder = folderInCore(file);
    for (const name of importsOf(file)) {
      assert.ok(name.startsWith("."), `${file} imports ${name}: the core has no dependencies and no host`);
      const target = normalize(join(dirname(file), name));
      assert.ok(target.startsWith(`${core}/`), `${file} imports ${name} from outside the core`);
      const other = folderInCore(target);
      if (other === folder) continue;
      assert.ok(allowed[folder]?.includes(other), `${file} must not import ${name}`);
      if (other === "." && folder !== ".") {
        const leaf = ["finding.ts", "files.ts", "settings.ts"].some((shared) => target.endsWith(`/${shared}`));
        assert.ok(leaf, `${file} must not import ${name}: only finding.ts and files.ts are shared downwards`);
      }
    }
  }
});

test("edits know the rules only by their types", () => {
  for (const file of sources(`${core}/edits`)) {
    const text = readFileSync(file, "utf8");
    for (const line of text.split("\n").filter((candidate) => candidate.includes('"../rules/'))) {
      assert.match(line, /^import type /, `${file}: ${line}`);
    }
  }
});

test("the core has no clock, no randomness, no console and no host", () => {
  const banned =
    /\b(?:console|Date|setTimeout|setInterval|process|require|globalThis|performance)\b\s*[.(]|Math\.random/;
  for (const file of sources(core)) {
    const code = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
    assert.doesNotMatch(code, banned, file);
  }
});

test("only the language server knows LSP, and only the client knows VS Code", () => {
  for (const file of sources("server")) {
    for (const name of importsOf(file)) {
      assert.notEqual(name, "vscode", file);
      if (name.startsWith("vscode-languageserver")) assert.match(file, /^server\/lsp\//);
    }
  }
  for (const file of sources("client")) {
    for (const name of importsOf(file)) {
      // What recognises nginx configuration does so in the editor and in the server.
      if (name.endsWith("/server/core/syntax/sniff.ts")) continue;
      assert.ok(!name.includes("server/"), `${file} imports ${name}`);
    }
  }
});

test("what belongs to one kind of host is imported when it is known that this is it", () => {
  for (const file of [...sources("server/lsp"), ...sources("client")]) {
    for (const name of importsOf(file)) {
      const isOfHost = /^node:|\/(?:node|browser)$/.test(name);
      if (isOfHost) assert.match(file, /\/(?:node|browser)(?:-host)?\.ts$/, `${file} imports ${name}`);
    }
  }
});

test("what the editor loads for every .conf file stays small", async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: ["client/node.ts"],
    bundle: true,
    minify: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    external: ["vscode", "./client.js"],
    write: false,
    metafile: true,
  });
  const packages = Object.keys(metafile.inputs).filter((name) => name.includes("node_modules"));
  assert.deepEqual(packages, []);
  const size = outputFiles[0]!.contents.length;
  assert.ok(size <= 8192, `${size} bytes`);
});

test("no default exports, no enums, no class called Manager, Service, Helper or Util", () => {
  for (const file of [...sources("server"), ...sources("client")]) {
    const text = readFileSync(file, "utf8");
    assert.doesNotMatch(text, /^export default /m, file);
    assert.doesNotMatch(text, /^(?:export )?(?:const )?enum /m, file);
    assert.doesNotMatch(text, /\bclass \w*(?:Manager|Service|Helper|Util)s?\b/, file);
  }
});

test("every exported symbol says what it is", () => {
  for (const file of [...sources("server"), ...sources("client")]) {
    const lines = readFileSync(file, "utf8").split("\n");
    for (const [index, line] of lines.entries()) {
      if (!/^export (?:async )?(?:abstract )?(?:function|class|const|interface|type) /.test(line)) continue;
      if (/^export type .* from /.test(line) || /^export type \{/.test(line) || /^export type \*/.test(line)) continue;
      const before = lines[index - 1] ?? "";
      assert.match(before, /\*\/$/, `${file}:${index + 1} has no doc comment: ${line}`);
    }
  }
});

test("the shipped manifest asks for nothing at run time", () => {
  const manifest = JSON.parse(readFileSync("package.json", "utf8"));
  assert.deepEqual(Object.keys(manifest.dependencies ?? {}), []);
});

test("the editor's version is what the client's library needs, which does not check it itself", () => {
  const needs = (path: string): string => JSON.parse(readFileSync(path, "utf8")).engines.vscode;
  assert.equal(needs("package.json"), needs("node_modules/vscode-languageclient/package.json"));
});

test("the server asks for nothing that the client's bundle leaves out", () => {
  for (const file of sources("server/lsp")) {
    assert.doesNotMatch(
      readFileSync(file, "utf8"),
      /\b(?:diagnosticProvider|notebookDocumentSync|fileOperations)\b/,
      file,
    );
  }
});

test("the pictures of the walkthrough ship, and no others", async () => {
  const shown = readFileSync("package.json", "utf8").match(/docs\/walkthrough\/[\w-]+\.webp/g) ?? [];
  const present = readdirSync("docs/walkthrough").flatMap((name) =>
    name.endsWith(".webp") ? [`docs/walkthrough/${name}`] : [],
  );
  assert.deepEqual(present.toSorted(), [...new Set(shown)].toSorted());
  const { extensionFiles } = await import(pathToFileURL("scripts/shipped.mjs").href);
  const shipped: string[] = extensionFiles(".");
  assert.deepEqual(
    shipped.filter((name) => name.endsWith(".webp")),
    present.toSorted(),
  );
  assert.ok(!shipped.some((name) => name.startsWith("docs/images/")), "those of the README are for the web");
});
