// The artefacts of `npm run package`: what is in them, and that the installed thing works.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import { unzipSync } from "fflate";
import { rules } from "../server/core/index.ts";
import { Session } from "./lsp-session.ts";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
const folder = join("out", "package");
const artefact = (end: string) => join(folder, `nginx-websocket-${version}${end}`);
const skip = existsSync(artefact(".vsix")) ? false : "the artefacts are not built: npm run package";

/** A .vsix is downloaded again with each update, so it stays below this many bytes. */
const vsixBudget = 600_000;

function filesOf(archive: string): Map<string, string> {
  const entries = Object.entries(unzipSync(readFileSync(archive)));
  return new Map(entries.map(([name, bytes]) => [name, Buffer.from(bytes).toString("utf8")]));
}

function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

test("the .vsix is small", { skip }, () => {
  const size = readFileSync(artefact(".vsix")).length;
  assert.ok(size < vsixBudget, `${size} bytes`);
});

test("the .vsix holds what ships and nothing else", { skip }, async () => {
  const { extensionFiles } = await import(pathToFileURL("scripts/shipped.mjs").href);
  const expected = new Set<string>(["package.json", ...extensionFiles(".")].map((name) => name.toLowerCase()));
  // vsce gives the licence an ending.
  expected.delete("license");
  expected.add("license.txt");
  const names = [...filesOf(artefact(".vsix")).keys()].map((name) => name.toLowerCase());
  const ours = names.flatMap((name) => (name.startsWith("extension/") ? name.slice("extension/".length) : []));
  assert.deepEqual(ours.toSorted(), [...expected].toSorted());
  const others = names.filter((name) => !name.startsWith("extension/"));
  assert.deepEqual(others.toSorted(), ["[content_types].xml", "extension.vsixmanifest"]);
  for (const name of names)
    assert.doesNotMatch(name, /\.(?:map|ts|mjs)$|docs\/images|^extension\/(?:test|server|node_modules)\//);
});

test("the .vsix has the page of every rule, as it is in the sources", { skip }, () => {
  const pages = JSON.parse(filesOf(artefact(".vsix")).get("extension/dist/rule-pages.json") ?? "{}");
  const names = ["README", ...rules.map(({ id }) => id)].map((name) => `${name}.md`);
  assert.deepEqual(Object.keys(pages).toSorted(), names.toSorted());
  for (const name of names) assert.equal(pages[name], readFileSync(join("docs/rules", name), "utf8"), name);
});

test("everything the manifest, the pages and the bundles point to is in the .vsix", { skip }, () => {
  const files = filesOf(artefact(".vsix"));
  const manifest = JSON.parse(files.get("extension/package.json") ?? "");
  for (const key of ["dependencies", "devDependencies", "scripts"]) assert.equal(manifest[key], undefined, key);
  const named = stringsIn(manifest).filter((text) => /^(?:\.\/[\w./-]+|[\w-]+(?:\/[\w.-]+)+)\.\w+$/.test(text));
  assert.ok(named.length > 10, named.join(" "));
  for (const path of named) assert.ok(files.has(posix.join("extension", path)), path);
  for (const path of filesReadBy("client")) assert.ok(files.has(posix.join("extension", path)), path);
  for (const [name, text] of files) {
    if (!name.endsWith(".md")) continue;
    for (const link of linksIn(text)) {
      const target = posix.join(posix.dirname(name), link);
      const known = [...files.keys()].some((other) => other.toLowerCase() === target.toLowerCase());
      assert.ok(known || /^extension\/LICENSE$/.test(target), `${name} links to ${link}`);
    }
  }
  const pages = JSON.parse(files.get("extension/dist/rule-pages.json") ?? "{}") as Record<string, string>;
  for (const [name, text] of Object.entries(pages)) {
    for (const link of linksIn(text)) assert.ok(Object.hasOwn(pages, link), `${name} links to ${link}`);
  }
});

function linksIn(markdown: string): string[] {
  return [...markdown.matchAll(/\]\((?!https?:|#|command:|mailto:)([^)#\s]+)/g)].map((match) => match[1] ?? "");
}

/** The files of the extension that sources of its client open. */
function filesReadBy(sources: string): string[] {
  const text = readdirSync(sources)
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join(sources, name), "utf8"))
    .join("\n");
  const joined = [...text.matchAll(/joinPath\((?:context\.)?extensionUri, ((?:"[^"]+"(?:, )?)+)\)/g)];
  const absolute = [...text.matchAll(/asAbsolutePath\("([^"]+)"\)/g)];
  const paths = [
    ...joined.map((match) => JSON.parse(`[${match[1]}]`).join("/")),
    ...absolute.map((match) => match[1] ?? ""),
  ];
  assert.ok(paths.includes("dist/server.cjs") && paths.length > 2, paths.join(" "));
  return paths;
}

test("every library inside the bundles comes with its licence and is in the bill of materials", { skip }, () => {
  const licences = filesOf(artefact(".vsix")).get("extension/dist/THIRD-PARTY-LICENSES.txt") ?? "";
  const bill = JSON.parse(readFileSync(artefact(".cdx.json"), "utf8")) as {
    components: { name: string; version: string; licenses: unknown[]; purl: string }[];
  };
  assert.ok(bill.components.length > 5);
  for (const { name, version: its, licenses, purl } of bill.components) {
    assert.ok(licenses.length > 0, name);
    assert.match(purl, /^pkg:npm\//);
    assert.match(licences, new RegExp(`^${name.replace(/[/.]/g, "\\$&")} ${its.replaceAll(".", "\\.")} \\(`, "m"));
  }
});

test("SHA256SUMS is about these artefacts", { skip }, () => {
  const lines = readFileSync(join(folder, "SHA256SUMS"), "utf8").trim().split("\n");
  assert.deepEqual(
    lines.map((line) => line.split("  ")[1]).sort(),
    readdirSync(folder)
      .filter((name) => /\.(?:vsix|tgz|json)$/.test(name))
      .sort(),
  );
});

/** Installs the tarball as a user does, without the registry: it must not need anything else. */
function install(t: TestContext): string {
  const place = mkdtempSync(join(tmpdir(), "nginx-websocket-package-"));
  t.after(() => rmSync(place, { recursive: true, force: true, maxRetries: 5 }));
  const tarball = join(process.cwd(), artefact(".tgz"));
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  execFileSync(npm, ["install", "--offline", "--no-audit", "--no-fund", "--prefix", place, tarball], {
    cwd: place,
    stdio: "pipe",
    shell: process.platform === "win32",
  });
  return place;
}

test("the npm package, installed: its programs check, explain and serve", { skip }, async (t) => {
  const place = install(t);
  const program = (name: string) =>
    join(place, "node_modules", ".bin", process.platform === "win32" ? `${name}.cmd` : name);
  const run = (...args: string[]) => {
    const shell = process.platform === "win32";
    return spawnSync(program("nginx-websocket"), args, { encoding: "utf8", shell });
  };
  assert.equal(run("--version").stdout, `${version}\n`);
  assert.match(run("explain", "missing-upgrade-headers").stdout, /proxy_set_header Upgrade/);

  const checked = run("check", "examples", "--format", "json");
  const here = spawnSync(process.execPath, ["dist/cli.cjs", "check", "examples", "--format", "json"], {
    encoding: "utf8",
  });
  assert.equal(checked.status, 1, checked.stderr);
  assert.deepEqual(JSON.parse(checked.stdout), JSON.parse(here.stdout));

  const session = await Session.start({ program: program("nginx-websocket-language-server") });
  t.after(() => session.kill());
  const uri = pathToFileURL(join(place, "nginx.conf")).toString();
  const found = session.next(uri);
  await session.open(uri, "events { }\nhttp { server { location /ws { proxy_pass http://127.0.0.1:8080; } } }\n");
  const finding = (await found).find(({ code }) => code === "missing-upgrade-headers");
  const page = new URL(finding?.codeDescription?.href ?? "");
  assert.match(readFileSync(page, "utf8"), /^# missing-upgrade-headers/);
  assert.equal(await session.stop(), 0);
});
