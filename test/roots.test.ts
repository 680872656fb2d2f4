// A file that is opened alone is judged in the configuration that includes it, if the workspace has one.
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import {
  DidChangeWatchedFilesNotification,
  type DidChangeWatchedFilesParams,
  FileChangeType,
} from "vscode-languageserver/node";
import { defaultSettings, Project } from "../server/core/index.ts";
import { nodeFiles } from "../server/host/files.ts";
import { findRootFiles } from "../server/host/roots.ts";
import { Session } from "./lsp-session.ts";

const MAIN = "events {}\nhttp {\n  proxy_set_header Host $http_host;\n  include conf.d/*.conf;\n}\n";
const MAP = "map $http_upgrade $connection_upgrade {\n  default upgrade;\n  '' close;\n}\n";
const SITE = `server {
  listen 80;
  location /ws {
    proxy_pass http://127.0.0.1:8080;
    proxy_http_version 1.1;
    proxy_read_timeout 3600s;
    proxy_set_header Host $http_host;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $connection_upgrade;
  }
}
`;

function createFolder(t: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "nginx-websocket-roots-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder.replaceAll("\\", "/");
}

/** What is said about undefined variables in a file that is opened alone. */
async function undefinedIn(folder: string, name: string, candidates: readonly string[] = []) {
  const project = new Project(nodeFiles(), defaultSettings, (message) => assert.fail(message));
  const file = `${folder}/${name}`;
  await project.load(
    [file],
    candidates.map((candidate) => `${folder}/${candidate}`),
  );
  const found = project.findings(file).filter(({ rule }) => rule === "undefined-upgrade-variable");
  return found.map(({ severity }) => severity);
}

test("a file alone is judged in the configurations that include it", async (t) => {
  const folder = createFolder(t, {
    "deploy/nginx.conf": MAIN,
    "deploy/conf.d/app.conf": SITE,
    "deploy/conf.d/map.conf": MAP,
    "other/nginx.conf": MAIN,
    "other/conf.d/app.conf": SITE,
    "apart/app.conf": SITE,
  });
  const candidates = ["other/nginx.conf", "deploy/nginx.conf", "none/nginx.conf"];
  assert.deepEqual(await undefinedIn(folder, "deploy/conf.d/app.conf", candidates), []);
  assert.deepEqual(await undefinedIn(folder, "other/conf.d/app.conf", candidates), ["error"]);
  assert.deepEqual(await undefinedIn(folder, "apart/app.conf", candidates), ["information"]);

  const project = new Project(nodeFiles());
  await project.load([`${folder}/apart/app.conf`], [`${folder}/deploy/nginx.conf`]);
  assert.deepEqual(
    project.files(),
    [`${folder}/apart/app.conf`],
    "what does not include it is not part of the project",
  );
});

test("fragments of one folder define variables for each other", async (t) => {
  const folder = createFolder(t, {
    "conf.d/app.conf": SITE,
    "conf.d/map.conf": MAP,
    "sites-enabled/app": SITE,
    "sites-enabled/other": "server { listen 81; }\n",
    "src/app.conf": SITE,
    "src/map.conf": MAP,
  });
  assert.deepEqual(await undefinedIn(folder, "conf.d/app.conf"), []);
  assert.deepEqual(await undefinedIn(folder, "sites-enabled/app"), ["information"]);
  assert.deepEqual(await undefinedIn(folder, "src/app.conf"), ["information"]);
});

test("what a map beside a fragment gives counts, not only its name", async (t) => {
  const bare = SITE.replace(/.*proxy_set_header (?:Upgrade|Connection).*\n/g, "");
  const judge = async (map: string, site: string, more = "") => {
    const folder = createFolder(t, { "conf.d/app.conf": site, "conf.d/map.conf": map, "conf.d/more.conf": more });
    const project = new Project(nodeFiles(), defaultSettings, (message) => assert.fail(message));
    await project.load([`${folder}/conf.d/app.conf`]);
    const [finding] = project
      .findings(`${folder}/conf.d/app.conf`)
      .filter(({ severity }) => severity === "error" || severity === "warning");
    const written = finding?.fixes[0]?.edits.map(({ newText }) => newText).join("");
    return finding && `${finding.severity} ${finding.rule} ${/\$connection_upgrade(?:_\w+)?/.exec(written ?? "")?.[0]}`;
  };
  const never = MAP.replace("upgrade;", "close;");
  const swapped = MAP.replace("upgrade;", "close;").replace("'' close", "'' upgrade");
  assert.equal(await judge(MAP, SITE), undefined);
  assert.equal(await judge(never, SITE), "warning connection-not-upgrade $connection_upgrade_app");
  assert.equal(await judge(swapped, SITE), "warning connection-not-upgrade $connection_upgrade_app");
  // Which of two maps counts is not known, and neither is what a variable of yet another file is.
  assert.equal(await judge(never, SITE, MAP), undefined);
  assert.equal(await judge(MAP.replace("upgrade;", "$elsewhere;"), SITE), undefined);
  // A fix takes the map that is there, if it is right.
  assert.equal(await judge(MAP, bare), "warning missing-upgrade-headers $connection_upgrade");
  assert.equal(await judge(never, bare), "warning missing-upgrade-headers $connection_upgrade_app");
});

test("roots are found in a workspace, and nothing where nobody looks for them", async (t) => {
  const folder = createFolder(t, {
    "deploy/nginx.conf": "",
    "docker/web.conf": MAIN,
    "docker/conf.d/app.conf": SITE,
    "docker/nginx.conf.template": MAIN,
    "huge/big.conf": `${" ".repeat(1_100_000)}\n${MAIN}`,
    "node_modules/x/nginx.conf": MAIN,
    ".git/nginx.conf": MAIN,
    "secret/nginx.conf": MAIN,
  });
  const isBound = process.platform !== "win32" && process.getuid?.() !== 0;
  if (isBound) chmodSync(join(folder, "secret"), 0);
  else rmSync(join(folder, "secret"), { recursive: true });
  symlinkSync("..", join(folder, "docker", "loop"));
  const found = await findRootFiles([folder], { isCancelled: false });
  const names = found.map((file) => file.slice(folder.length + 1)).sort();
  assert.deepEqual(names, ["deploy/nginx.conf", "docker/nginx.conf.template", "docker/web.conf"]);
  if (isBound) chmodSync(join(folder, "secret"), 0o700);
  assert.deepEqual(await findRootFiles([folder], { isCancelled: true }), []);
  assert.deepEqual(await findRootFiles([`${folder}/none`, "vscode-vfs://github/o/r"], { isCancelled: false }), []);
});

test("in the editor a site finds its map, and loses it when the file is deleted", async (t) => {
  const folder = createFolder(t, { "nginx.conf": MAIN, "conf.d/app.conf": SITE, "conf.d/map.conf": MAP });
  const session = await Session.start({ workspaceFolder: pathToFileURL(folder).toString() });
  t.after(() => session.kill());
  const uri = pathToFileURL(`${folder}/conf.d/app.conf`).toString();
  const mapUri = pathToFileURL(`${folder}/conf.d/map.conf`).toString();
  const isUndefined = ({ diagnostics }: { readonly diagnostics: readonly { readonly code?: unknown }[] }) =>
    diagnostics.some(({ code }) => code === "undefined-upgrade-variable");
  assert.ok(!isUndefined({ diagnostics: await session.open(uri, SITE) }));

  const broken = session.next(uri, isUndefined);
  rmSync(`${folder}/conf.d/map.conf`);
  const deleted: DidChangeWatchedFilesParams = { changes: [{ uri: mapUri, type: FileChangeType.Deleted }] };
  await session.connection.sendNotification(DidChangeWatchedFilesNotification.type, deleted);
  await broken;

  const repaired = session.next(uri, (params) => !isUndefined(params));
  writeFileSync(`${folder}/conf.d/renamed.conf`, MAP);
  const created: DidChangeWatchedFilesParams = {
    changes: [{ uri: pathToFileURL(`${folder}/conf.d/renamed.conf`).toString(), type: FileChangeType.Created }],
  };
  await session.connection.sendNotification(DidChangeWatchedFilesNotification.type, created);
  await repaired;
  assert.equal(await session.stop(), 0);
});

test("a fix of a site in the editor writes the map into the main file, with the version of each open document", async (t) => {
  const site = SITE.replace(/.*proxy_set_header (?:Upgrade|Connection).*\n/g, "");
  const folder = createFolder(t, { "nginx.conf": MAIN, "conf.d/app.conf": site });
  const session = await Session.start({ workspaceFolder: pathToFileURL(folder).toString() });
  t.after(() => session.kill());
  const uri = pathToFileURL(`${folder}/conf.d/app.conf`).toString();
  const diagnostics = await session.open(uri, site);
  const diagnostic = diagnostics.find(({ code }) => code === "missing-upgrade-headers");
  assert.ok(diagnostic, JSON.stringify(diagnostics));
  const actions = await session.actions(uri, diagnostic.range, { diagnostics: [diagnostic] });
  const targets = actions[0]?.edit?.documentChanges?.map((change) => "textDocument" in change && change.textDocument);
  assert.deepEqual(targets, [
    { uri: pathToFileURL(`${folder}/nginx.conf`).toString(), version: null },
    { uri, version: 1 },
  ]);
  assert.equal(await session.stop(), 0);
});

test("a mistake that is one after some includes only says after which", async (t) => {
  const page = "  location / {\n    proxy_pass http://127.0.0.1:8081;\n    include time;\n  }\n}\n";
  const folder = createFolder(t, {
    "nginx.conf": `events {}\nhttp {\n${MAP}${SITE.replace("proxy_read_timeout 3600s;", "include time;").replace(/\}\n$/, page)}}\n`,
    time: "proxy_read_timeout 5s;\n",
  });
  const project = new Project(nodeFiles(), { ...defaultSettings, nginxVersion: "1.22.1" });
  await project.load([`${folder}/nginx.conf`]);
  const [finding] = project.findings(`${folder}/time`).filter(({ rule }) => rule === "read-timeout-short");
  assert.ok(finding);
  const text = project.document(`${folder}/nginx.conf`)?.text ?? "";
  const at = text.indexOf("include time;");
  assert.deepEqual(finding.related.at(-1), {
    span: { file: `${folder}/nginx.conf`, start: at, end: at + "include time;".length },
    message: "It is wrong where it is included here, not at all of its 2 includes.",
  });
  assert.ok(finding.fixes.every(({ applicability }) => applicability === "suggested"));
});

test("a configuration of too many files is read in part, and says so", async () => {
  const names = Array.from({ length: 200_001 }, (_, number) => `/n/sites/${number}`);
  const project = new Project({
    read: async (file) => (file === "/n/nginx.conf" ? { text: "http { include sites/*; }\n" } : { error: "secret" }),
    glob: async () => names,
  });
  const errors = await project.load(["/n/nginx.conf"]);
  assert.deepEqual(errors, [{ file: "/n/nginx.conf", error: "includes more than 200,000 files; not all were read" }]);
  assert.deepEqual(project.files(), ["/n/nginx.conf"]);
});
