// A server without a disk: what it reads through the editor, and what it makes of bad answers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultSettings, Project } from "../server/core/index.ts";
import { type AskClient, lentFiles, lentRoots } from "../server/lsp/lent-files.ts";

const root = "vscode-vfs://github/owner/repo";

/** Answers as our client does, from files in memory. */
function lend(files: Readonly<Record<string, string>>): AskClient {
  return async (method, { uri }) => {
    const path = decodeURIComponent(uri);
    if (method === "nginxWebsocket/readFile") {
      const text = files[path];
      return text === undefined ? { error: "does not exist", isMissing: true } : { text };
    }
    const names = new Map<string, boolean>();
    for (const name of Object.keys(files)) {
      if (!name.startsWith(`${path}/`)) continue;
      const [first = "", ...rest] = name.slice(path.length + 1).split("/");
      names.set(first, rest.length > 0);
    }
    return [...names];
  };
}

const texts = {
  [`${root}/nginx.conf`]: "events {}\nhttp {\n    include sites/*/on-*.conf;\n}\n",
  [`${root}/sites/b/on-2.conf`]: "server {\n    location /ws {\n        proxy_pass http://127.0.0.1:8080;\n    }\n}\n",
  [`${root}/sites/a/on-ä.conf`]: "# nothing\n",
  [`${root}/sites/a/on-1.conf`]: "# nothing\n",
  [`${root}/sites/a/.on-0.conf`]: "# hidden\n",
  [`${root}/sites/a/off.conf`]: "# off\n",
  [`${root}/other/main.conf`]: "http {\n    include gone.conf;\n}\n",
  [`${root}/other/redis.conf`]: "port 6379\n",
  [`${root}/node_modules/x/nginx.conf`]: "events {}\n",
};

test("patterns match as in nginx, in the order of bytes", async () => {
  const { glob } = lentFiles(lend(texts));
  assert.deepEqual(await glob(`${root}/sites/*/on-*.conf`), [
    `${root}/sites/a/on-1.conf`,
    `${root}/sites/a/on-ä.conf`,
    `${root}/sites/b/on-2.conf`,
  ]);
  assert.deepEqual(await glob(`${root}/sites/a/o??.conf`), [`${root}/sites/a/off.conf`]);
  assert.deepEqual(await glob(`${root}/sites/c/*`), []);
  assert.deepEqual(await glob("relative/*"), []);
});

test("a configuration is judged with what it includes", async () => {
  const project = new Project(lentFiles(lend(texts)), defaultSettings);
  await project.load([`${root}/nginx.conf`, `${root}/other/main.conf`]);
  const found = project.findings(`${root}/sites/b/on-2.conf`).map(({ rule }) => rule);
  assert.ok(found.includes("missing-upgrade-headers"), found.join());
  const missing = project.findings(`${root}/other/main.conf`).map(({ rule }) => rule);
  assert.ok(missing.includes("include-not-found"), missing.join());
});

test("whole configurations are found", async () => {
  const find = lentRoots(lend(texts));
  const expected = [`${root}/nginx.conf`, `${root}/other/main.conf`];
  assert.deepEqual([...(await find([root], { isCancelled: false }))].sort(), expected);
  assert.deepEqual(await find([root], { isCancelled: true }), []);
});

test("answers that are none become errors, and nothing throws", async () => {
  for (const answer of [null, undefined, 5, "text", [], {}, { text: 5 }, [[1, 2]], [null]]) {
    const { read, glob } = lentFiles(async () => answer);
    assert.ok("error" in (await read(`${root}/nginx.conf`)), JSON.stringify(answer));
    assert.deepEqual(await glob(`${root}/*`), [], JSON.stringify(answer));
  }
  const { read, glob } = lentFiles(() => Promise.reject(new Error("gone")));
  const result = await read(`${root}/nginx.conf`);
  assert.ok("error" in result && result.isMissing === undefined);
  assert.deepEqual(await glob(`${root}/*`), []);
});
