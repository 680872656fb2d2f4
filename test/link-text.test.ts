// A checkout without symbolic links: a file that holds the path of a link stands for the file that the path names.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { Project } from "../server/core/index.ts";
import { nodeFiles } from "../server/host/files.ts";
import { writeFolder } from "./support/folder.ts";

const main = "events {}\nhttp {\n  include sites-enabled/*;\n}\n";
const map = "map $http_upgrade $connection_upgrade {\n  default upgrade;\n  '' '';\n}\n";
const site = (headers: string) => `server {
  listen 80;
  location /ws {
    proxy_pass http://127.0.0.1:8080;
    proxy_http_version 1.1;
    proxy_read_timeout 1h;
    proxy_set_header Host $http_host;
    ${headers}
  }
}
`;
const upgrade = "proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade;";

async function judge(t: TestContext, files: Readonly<Record<string, string>>) {
  const folder = writeFolder(t, files);
  const root = `${folder}/nginx.conf`;
  const project = new Project(nodeFiles());
  await project.load([root]);
  return project.files().flatMap((file) =>
    project
      .findings(file)
      .filter(({ severity }) => severity === "error" || severity === "warning")
      .map(({ rule }) => `${file.slice(folder.length + 1)} ${rule}`),
  );
}

test("what the link leads to is judged, and the file that holds the path is no mistake", async (t) => {
  const found = await judge(t, {
    "nginx.conf": main,
    "sites-available/app": site(""),
    "sites-enabled/app": "../sites-available/app",
  });
  assert.deepEqual(found, ["sites-available/app missing-upgrade-headers"]);
});

test("a map behind a link defines its variable for the others", async (t) => {
  const found = await judge(t, {
    "nginx.conf": main,
    "sites-available/map": map,
    "sites-enabled/map": "../sites-available/map",
    "sites-enabled/app": site(upgrade),
  });
  assert.deepEqual(found, []);
});

test("behind a link that leads nowhere anything may stand", async (t) => {
  const found = await judge(t, {
    "nginx.conf": main,
    "sites-enabled/map": "/nowhere/sites-available/map",
    "sites-enabled/app": site(upgrade),
  });
  assert.deepEqual(found, []);
});

test("a path with anything else is a mistake as ever", async (t) => {
  for (const text of ["../sites-available/app\n", "../sites-available/app server", "./"]) {
    const found = await judge(t, { "nginx.conf": main, "sites-enabled/app": text });
    assert.deepEqual(found, ["sites-enabled/app syntax-error"], JSON.stringify(text));
  }
});
