// What the server says about how a document is judged: for a status bar, and for bug reports.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import { DidSaveTextDocumentNotification, ExecuteCommandRequest } from "vscode-languageserver/node";
import { Session, type SessionOptions } from "./lsp-session.ts";

const command = "nginxWebsocket.describe";

const site = `server {
    listen 80;
    location /ws {
        proxy_pass http://127.0.0.1:8080;
    }
}
`;

interface Description {
  readonly state: string;
  readonly version: string | null;
  readonly versionSource: string;
  readonly badVersion: string | null;
  readonly roots: readonly {
    readonly uri: string;
    readonly context: string;
    readonly files: number;
    readonly unresolved: readonly string[];
  }[];
  readonly settings: Readonly<Record<string, unknown>>;
  readonly findings: Readonly<Record<string, number>>;
  readonly runtime: string | null;
  readonly errors: readonly string[];
}

/** A folder with these files, gone after the test. */
function folderOf(t: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "describe-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

async function start(t: TestContext, options: SessionOptions = {}): Promise<Session> {
  const session = await Session.start(options);
  t.after(() => session.kill());
  return session;
}

function describe(session: Session, ...given: unknown[]): Promise<Description> {
  return session.connection.sendRequest(ExecuteCommandRequest.type, { command, arguments: given });
}

const uriOf = (folder: string, name: string): string => pathToFileURL(join(folder, name)).toString();

test("a site is described with the whole configuration that includes it, and with that file's version", async (t) => {
  const folder = folderOf(t, {
    "nginx.conf":
      "# nginx-ws: version 1.28.0\nevents {}\nhttp {\n    include sites/*.conf;\n    include gone/x.conf;\n}\n",
    "sites/chat.conf": site,
  });
  const session = await start(t, { workspaceFolder: pathToFileURL(folder).toString() });
  const uri = uriOf(folder, "sites/chat.conf");
  await session.open(uri, site);
  const description = await describe(session, uri);
  assert.equal(description.state, "included");
  assert.equal(description.version, "1.28.0");
  assert.equal(description.versionSource, "comment");
  assert.deepEqual(description.roots, [
    { uri: uriOf(folder, "nginx.conf"), context: "main", files: 2, unresolved: ["gone/x.conf"] },
  ]);
  assert.deepEqual(description.settings, {});
  assert.match(description.runtime ?? "", /^Node\.js \d+\./);
  assert.deepEqual(description.errors, []);
});

test("the setting wins over the comment, and one that is no version is named", async (t) => {
  const text = `# nginx-ws: version 1.28.0\n${site}`;
  const session = await start(t, { settings: { nginxVersion: "1.22.1" } });
  await session.open("file:///srv/a.conf", text);
  const set = await describe(session, "file:///srv/a.conf");
  assert.deepEqual([set.version, set.versionSource, set.badVersion], ["1.22.1", "setting", null]);
  assert.deepEqual(set.settings, { nginxVersion: "1.22.1" });
  assert.equal(set.findings["missing-upgrade-headers"], 1);
  const other = await start(t, { settings: { nginxVersion: "latest" } });
  await other.open("file:///srv/a.conf", text);
  const bad = await describe(other, "file:///srv/a.conf");
  assert.deepEqual([bad.version, bad.versionSource, bad.badVersion], ["1.28.0", "comment", "latest"]);
});

test("the version of the main file's project file counts for what it includes, and is told from a setting", async (t) => {
  const folder = folderOf(t, {
    "deploy/nginx.conf": "events {}\nhttp {\n    include ../sites/*.conf;\n}\n",
    "deploy/.nginx-websocket.json": '{ "nginxVersion": "1.24.0" }',
    "sites/chat.conf": site,
  });
  const settings = { nginxVersion: "1.28.0" };
  const session = await start(t, { workspaceFolder: pathToFileURL(folder).toString(), settings });
  const uri = uriOf(folder, "sites/chat.conf");
  await session.open(uri, site);
  const description = await describe(session, uri);
  assert.deepEqual([description.version, description.versionSource], ["1.24.0", "project file"]);
});

test("a fragment, a whole configuration, a foreign file and a closed one are told apart", async (t) => {
  const session = await start(t);
  const texts = {
    fragment: site,
    whole: `events {}\nhttp {\n${site}}\n`,
    foreign: "maxmemory 100mb\nappendonly yes\n",
    dump: `# configuration file /etc/nginx/nginx.conf:\nevents {}\nhttp {\n${site}}\n`,
  };
  for (const [state, text] of Object.entries(texts)) {
    const uri = `file:///srv/${state}.conf`;
    await session.open(uri, text);
    const description = await describe(session, uri);
    assert.equal(description.state, state);
    assert.equal(description.version, null);
    assert.equal(description.versionSource, "unknown");
  }
  assert.deepEqual((await describe(session, "file:///srv/foreign.conf")).findings, {});
  for (const given of [["file:///srv/closed.conf"], [], [42]]) {
    assert.equal((await describe(session, ...given)).state, "closed");
  }
});

test("a switched-off server says so", async (t) => {
  const session = await start(t, { settings: { enable: false } });
  await session.open("file:///srv/a.conf", site);
  const { state, settings } = await describe(session, "file:///srv/a.conf");
  assert.equal(state, "off");
  assert.deepEqual(settings, { enable: false });
});

test("the log names the configuration and what it includes in vain, once and never for typing", async (t) => {
  const folder = folderOf(t, {
    "nginx.conf": "events {}\nhttp {\n    include sites/*.conf;\n    include gone/x.conf;\n}\n",
    "sites/chat.conf": site,
  });
  const session = await start(t, { workspaceFolder: pathToFileURL(folder).toString() });
  const uri = uriOf(folder, "sites/chat.conf");
  await session.open(uri, site);
  // What is said last shows that everything before it was said.
  const wanted = /include gone\/x\.conf leads to no file/;
  await session.logged(wanted);
  assert.equal(session.log.filter((line) => /judged in \S+nginx\.conf$/.test(line)).length, 1);
  const before = session.log.length;
  await session.change(uri, 2, [{ text: `${site}include typing/half;\n` }]);
  await describe(session, uri);
  await session.connection.sendNotification(DidSaveTextDocumentNotification.type, { textDocument: { uri } });
  await session.logged(/include typing\/half leads to no file/);
  assert.equal(session.log.length, before + 1, session.log.slice(before).join("\n"));
});
