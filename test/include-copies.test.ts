// `include /etc/nginx/…` in a copy of nginx's folder leads into the copy, and never raises a claim about what is not there.
import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { defaultSettings, type Files, Project } from "../server/core/index.ts";
import { nodeFiles } from "../server/host/files.ts";
import { writeFolder } from "./support/folder.ts";

const USUAL = [
  "/etc/nginx",
  "/usr/local/nginx/conf",
  "/usr/local/etc/nginx",
  "/opt/homebrew/etc/nginx",
  "/etc/openresty",
  "/usr/local/openresty/nginx/conf",
];
/** The one of them that hardly any machine has. */
const FAR = "/usr/local/openresty/nginx/conf";
const MAP = "map $http_upgrade $connection_upgrade {\n  default upgrade;\n  '' close;\n}\n";
const HEADERS = "proxy_http_version 1.1;\nproxy_set_header Upgrade $http_upgrade;\n";
const site = (folder: string) => `server {
  listen 80;
  location /ws {
    proxy_pass http://127.0.0.1:8080;
    proxy_read_timeout 3600s;
    include ${folder}/snippets/none-here/../ws.conf;
  }
}
`;
const tree = (folder: string) => ({
  "nginx.conf": `events {}\nhttp {\n  include ${folder}/mime.types;\n  include ${folder}/conf.d/*.conf;\n  include "${folder}/sites-enabled/*";\n}\n`,
  "conf.d/map.conf": MAP,
  "sites-enabled/app": site(folder),
  "snippets/ws.conf": HEADERS,
});

async function judge(root: string, includeRoots: Readonly<Record<string, string>>, files: Files = nodeFiles()) {
  const project = new Project(files, { ...defaultSettings, includeRoots }, (message) => assert.fail(message));
  await project.load([root]);
  const findings = project
    .files()
    .flatMap((file) => project.findings(file))
    .filter(({ severity }) => severity === "error" || severity === "warning");
  return { files: project.files(), findings: findings.map(({ rule, severity, span }) => ({ rule, severity, span })) };
}

for (const folder of USUAL) {
  test(`a copy of ${folder} is read as it is with a setting that says so`, async (t) => {
    const copy = writeFolder(t, { ...tree(folder), "mime.types": "types { text/html html; }\n" });
    const guessed = await judge(`${copy}/nginx.conf`, {});
    assert.deepEqual(guessed, await judge(`${copy}/nginx.conf`, { [folder]: copy }));
    assert.deepEqual(
      guessed.files.map((file) => file.slice(copy.length + 1)),
      ["nginx.conf", "mime.types", "conf.d/map.conf", "sites-enabled/app", "snippets/ws.conf"],
    );
    assert.deepEqual(
      guessed.findings.map(({ rule }) => rule),
      ["missing-connection-header"],
    );
  });
}

test("what the copy does not have is on the machine, and nothing is said about it", async (t) => {
  const copy = writeFolder(t, { "nginx.conf": tree(FAR)["nginx.conf"], "sites-enabled/app": site(FAR) });
  const { findings } = await judge(`${copy}/nginx.conf`, {});
  assert.deepEqual(findings, []);
});

test("a fragment in conf.d finds the copy around its folder", async (t) => {
  const copy = writeFolder(t, { "conf.d/app.conf": site(FAR), "snippets/ws.conf": HEADERS });
  const { files, findings } = await judge(`${copy}/conf.d/app.conf`, {});
  assert.deepEqual(
    files.map((file) => file.slice(copy.length + 1)),
    ["conf.d/app.conf", "snippets/ws.conf"],
  );
  assert.deepEqual(
    findings.map(({ rule }) => rule),
    ["missing-connection-header"],
  );
});

test("a setting wins over the copy, and so does an installed nginx", async (t) => {
  const copy = writeFolder(t, { ...tree("/etc/nginx"), "other/conf.d/x.conf": "# other\n" });
  const { files } = await judge(`${copy}/nginx.conf`, { "/etc/nginx": `${copy}/other` });
  assert.deepEqual(
    files.map((file) => file.slice(copy.length + 1)),
    ["nginx.conf", "other/conf.d/x.conf"],
  );
  const installed = new Map([
    ["/usr/local/nginx/conf/nginx.conf", "http { include /etc/nginx/a.conf; }\n"],
    ["/usr/local/nginx/conf/a.conf", "# wrong\n"],
    ["/etc/nginx/a.conf", "# right\n"],
  ]);
  const inMemory: Files = {
    read: async (file) => {
      const text = installed.get(file);
      return text === undefined ? { error: "does not exist", isMissing: true } : { text };
    },
    glob: async () => [],
  };
  const { files: read } = await judge("/usr/local/nginx/conf/nginx.conf", {}, inMemory);
  assert.deepEqual(read, ["/usr/local/nginx/conf/nginx.conf", "/etc/nginx/a.conf"]);
});

test("a path that leads out of the copy is not followed there", async (t) => {
  const outer = writeFolder(t, {
    "copy/nginx.conf": "http { include /etc/nginx/../secret.conf; }\n",
    "secret.conf": "# no\n",
  });
  const { files } = await judge(`${outer}/copy/nginx.conf`, {});
  assert.deepEqual(files, [`${outer}/copy/nginx.conf`]);
});

test("a file that appears in the copy, and vanishes, is taken and let go", async (t) => {
  const copy = writeFolder(t, tree(FAR));
  const root = `${copy}/nginx.conf`;
  const project = new Project(nodeFiles());
  await project.load([root]);
  assert.ok(project.files().includes(`${copy}/snippets/ws.conf`));
  rmSync(`${copy}/snippets/ws.conf`);
  project.invalidate(`${copy}/snippets/ws.conf`);
  await project.load([root]);
  assert.ok(!project.files().includes(`${copy}/snippets/ws.conf`));
  assert.deepEqual(project.findings(`${copy}/sites-enabled/app`), []);
  writeFileSync(`${copy}/snippets/ws.conf`, HEADERS);
  writeFileSync(`${copy}/conf.d/more.conf`, "# more\n");
  for (const name of ["snippets/ws.conf", "conf.d/more.conf"]) project.invalidate(`${copy}/${name}`);
  await project.load([root]);
  assert.ok(project.files().includes(`${copy}/snippets/ws.conf`));
  assert.ok(project.files().includes(`${copy}/conf.d/more.conf`));
});
