import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { Config } from "../server/core/model/config.ts";
import { scopesWithin } from "../server/core/model/scope.ts";
import { Project } from "../server/core/project.ts";
import { Sources } from "../server/core/sources.ts";
import { nodeFiles } from "../server/host/files.ts";
import { findNginx, openListener, startNginx, testConfig } from "./support/nginx.ts";
import { Random } from "./syntax/mutate.ts";

// Includes bring the same statements in the same order as in nginx: relative paths, patterns, hidden and odd names, files in
// files, files that come several times. Set TREES for more trees, SEED for others.

const count = Number(process.env.TREES ?? 300);
const random = new Random(Number(process.env.SEED ?? 20_264));

const NAMES = ["a", "b", "B", "ab", "10", "9", "-", ".hidden", "é", "a-b", "x y", "_", "[c]", "{a,b}"];
const ENDINGS = [".conf", ".conf", ".conf", ".conf.bak", ""];
const FOLDERS = ["", "", "one/", "two/", ".dot/"];
const PATTERNS = [
  "*.conf",
  "*.conf",
  "?.conf",
  "[ab]*.conf",
  "[a-c].conf",
  "[!a]*.conf",
  "*b*.co*",
  ".h*",
  "*.none",
  "\\[c\\].conf*",
  "{a,b}.con?",
  "*/*.conf",
  "o*/[ab].conf",
  "one/*.conf",
  ".dot/*",
  "missing/*.conf",
  "*y.conf",
];

/** Puts a tree of four layers on the disk; each file includes files of the next layer, so that none includes itself. */
function writeTree(prefix: string, name: string): void {
  const layers: string[][] = [];
  for (let layer = 3; layer >= 0; layer--) {
    const below = layers[0] ?? [];
    const files = new Set<string>();
    for (let number = layer === 0 ? 1 : 1 + random.below(6); number > 0; number--) {
      const file = layer === 0 ? "start" : random.pick(FOLDERS) + random.pick(NAMES) + random.pick(ENDINGS);
      files.add(`${name}/${layer}/${file}`);
    }
    for (const file of files) {
      const lines: string[] = [];
      for (let number = layer === 0 ? 6 : random.below(4); number > 0; number--) {
        const kind = layer === 3 ? 0 : random.below(3);
        if (kind === 0) lines.push(`add_header X "${file}:${lines.length}";`);
        else if (kind === 1 && below.length > 0) lines.push(`include ${quote(random.pick(below))};`);
        else lines.push(`include ${quote(`${name}/${layer + 1}/${random.pick(PATTERNS)}`)};`);
      }
      mkdirSync(dirname(join(prefix, file)), { recursive: true });
      writeFileSync(join(prefix, file), `${lines.join("\n")}\n`);
    }
    // A path with one of these characters is a pattern and need not match.
    layers.unshift([...files].filter((file) => !/[*?[]/.test(file)));
  }
}

function quote(text: string): string {
  return `"${text.replaceAll("\\", "\\\\")}"`;
}

async function ourHeaders(root: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const sources = new Sources(nodeFiles());
  await sources.readClosure(root, {});
  const document = sources.document(root);
  assert.ok(document);
  const config = new Config(document, (include) => sources.included(root, include, {}));
  const found = new Map<string, readonly string[]>();
  for (const scope of scopesWithin(config.update("main", undefined).scope)) {
    if (scope.kind !== "location") continue;
    const headers = scope.own("add_header").map(({ directive }) => directive.arg(1) ?? "");
    found.set(scope.directive?.arg(0) ?? "", headers);
  }
  return found;
}

function theirHeaders(port: number, path: string): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const request = get({ host: "127.0.0.1", port, path, maxHeaderSize: 1_000_000 }, (response) => {
      response.resume();
      const raw = response.rawHeaders;
      resolve(raw.filter((_, at) => raw[at - 1] === "X").map((value) => Buffer.from(value, "latin1").toString()));
    });
    request.on("error", reject);
  });
}

function configuration(listen: string, body: string): string {
  return `events {}\nhttp {\naccess_log off;\nserver {\nlisten ${listen};\n${body}\n}\n}\n`;
}

test("what includes bring is what nginx reads, in its order", async (t) => {
  const nginxes = await findNginx();
  if (nginxes.length === 0) return t.skip(`no nginx here to judge ${count} trees`);
  const prefix = mkdtempSync(join(tmpdir(), "nginx-includes-"));
  try {
    const locations: string[] = [];
    for (let number = 0; number < count; number++) {
      writeTree(prefix, `t${number}`);
      locations.push(`location /t${number} { return 204; include t${number}/0/start; }`);
    }
    for (const nginx of nginxes) {
      const listener = await openListener();
      const root = join(prefix, "nginx.conf");
      writeFileSync(root, configuration(`127.0.0.1:${listener.port}`, locations.join("\n")));
      const ours = await ourHeaders(root);
      const running = startNginx(nginx, prefix, "nginx.conf", [listener]);
      let statements = 0;
      const wrong: string[] = [];
      try {
        for (const [path, headers] of ours) {
          const theirs = await theirHeaders(listener.port, path);
          statements += theirs.length;
          if (theirs.join("\n") !== headers.join("\n")) wrong.push(`${path}: nginx ${theirs}\nwe ${headers}`);
        }
      } finally {
        assert.equal(await running.stop(), undefined);
      }
      assert.deepEqual(wrong.slice(0, 3), [], `${wrong.length} trees differ`);
      assert.equal(ours.size, count);
      assert.ok(statements > 4 * count, `only ${statements} statements`);
      t.diagnostic(`nginx ${nginx.version}: ${count} trees, ${statements} statements`);
    }
  } finally {
    rmSync(prefix, { recursive: true, force: true });
  }
});

/** A name to where it leads. */
const LINKS: Readonly<Record<string, string>> = {
  "links/dead.conf": "../parts/none.conf",
  "links/live.conf": "../parts/x.conf",
  "links/live-too.conf": "live.conf",
  "links/round.conf": "round.conf",
  "links/far": "dead.conf",
};

/** Includes that nginx refuses or accepts, and whether we say so. */
const VERDICTS: readonly { readonly include: string; readonly isAccepted: boolean }[] = [
  { include: "include none.conf;", isAccepted: false },
  { include: "include none/*.conf;", isAccepted: true },
  { include: "include parts/none.conf;", isAccepted: false },
  { include: "include parts/x.conf/none.conf;", isAccepted: false },
  { include: "include parts/x.conf;", isAccepted: true },
  { include: "include ./parts/../parts//x.conf;", isAccepted: true },
  { include: "include 'parts/x.conf';", isAccepted: true },
  { include: "include parts/in-folder.conf;", isAccepted: true },
  { include: "include parts/circle.conf;", isAccepted: false },
  { include: "include parts/long-circle.conf;", isAccepted: false },
  { include: "include circle/*.conf;", isAccepted: false },
  // What a pattern matches is opened, whatever it is.
  { include: "include links/dead*;", isAccepted: false },
  { include: "include links/*;", isAccepted: false },
  { include: "include links/live*;", isAccepted: true },
  { include: "include links/round*;", isAccepted: false },
  { include: "include links/far;", isAccepted: false },
  { include: "include folders/*;", isAccepted: false },
  { include: "include folders/*.conf;", isAccepted: true },
  { include: "include folders;", isAccepted: false },
  { include: "include folders/inner/;", isAccepted: false },
];

const PARTS: Readonly<Record<string, string>> = {
  "parts/x.conf": "add_header X 1;\n",
  // Relative to the main file, not to the file that says it.
  "parts/in-folder.conf": "include parts/x.conf;\n",
  "parts/circle.conf": "include parts/circle.conf;\n",
  "parts/long-circle.conf": "include parts/back.conf;\n",
  "parts/back.conf": "include parts/long-circle.conf;\n",
  "circle/a.conf": "include circle/*.conf;\n",
  "folders/x.conf": "add_header X 2;\n",
  "folders/inner/y": "add_header X 3;\n",
};

test("an include that is an error for nginx is one for us", async (t) => {
  const nginxes = await findNginx();
  if (nginxes.length === 0) return t.skip("no nginx here to judge includes");
  const prefix = mkdtempSync(join(tmpdir(), "nginx-includes-"));
  try {
    for (const [name, text] of Object.entries(PARTS)) {
      mkdirSync(dirname(join(prefix, name)), { recursive: true });
      writeFileSync(join(prefix, name), text);
    }
    mkdirSync(join(prefix, "links"));
    for (const [name, target] of Object.entries(LINKS)) symlinkSync(target, join(prefix, name));
    const root = join(prefix, "nginx.conf");
    for (const { include, isAccepted } of VERDICTS) {
      writeFileSync(root, configuration("unix:http.sock", `location / { ${include} }`));
      const project = new Project(nodeFiles());
      await project.load([root]);
      const found = project.files().flatMap((file) => project.findings(file));
      const errors = found.filter(({ rule }) => rule === "include-not-found");
      assert.equal(errors.length === 0, isAccepted, `${include}: we find ${errors.map(({ message }) => message)}`);
      for (const nginx of nginxes)
        assert.equal((await testConfig(nginx, prefix, "nginx.conf")).ok, isAccepted, include);
    }
  } finally {
    rmSync(prefix, { recursive: true, force: true });
  }
});
