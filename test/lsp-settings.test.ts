// Settings per folder of the workspace, and the project file in the editor.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import {
  type CodeAction,
  type Diagnostic,
  DiagnosticSeverity,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  DidChangeWorkspaceFoldersNotification,
  FileChangeType,
  HoverRequest,
  type TextDocumentEdit,
} from "vscode-languageserver/node";
import { Session, type SessionOptions } from "./lsp-session.ts";

const broken = "server {\n    location /ws {\n        proxy_pass http://127.0.0.1:8080;\n    }\n}\n";
const rule = "missing-upgrade-headers";
const name = ".nginx-websocket.json";
const start = { line: 0, character: 0 };

/** Folders on the disk, and a server for them. */
async function prepare(
  t: TestContext,
  files: Record<string, string>,
  options: SessionOptions = {},
  ...names: string[]
) {
  const root = mkdtempSync(join(tmpdir(), "nginx-folders-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const [path, text] of Object.entries(files)) put(path, text);
  const uriOf = (path: string): string => pathToFileURL(join(root, path)).href;
  const workspaceFolders = names.map(uriOf);
  const session = await Session.start({ ...options, workspaceFolders });
  t.after(() => session.kill());
  const tell = (path: string, type: FileChangeType): Promise<void> =>
    session.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
      changes: [{ uri: uriOf(path), type }],
    });
  return { session, put, uriOf, tell, root };
}

function severityOf(diagnostics: readonly Diagnostic[]): DiagnosticSeverity | undefined {
  return diagnostics.find(({ code }) => code === rule)?.severity;
}

test("two folders with different settings, and a file outside of both", async (t) => {
  const levels: Record<string, string> = { a: "error", b: "hint" };
  const settings = (scopeUri: string | undefined) => {
    const folder = scopeUri === undefined ? "outside" : scopeUri.slice(-1);
    return { rules: { [rule]: levels[folder] ?? "information" }, includeRoots: { "/etc/nginx": "deploy" } };
  };
  const include = broken.replace("proxy_pass", "include /etc/nginx/ws.conf;\n        proxy_pass");
  const { session, uriOf } = await prepare(
    t,
    { "a/deploy/ws.conf": "proxy_http_version 1.1;\n", "b/x": "" },
    { settings },
    "a",
    "b",
  );
  assert.equal(severityOf(await session.open(uriOf("a/site.conf"), broken)), DiagnosticSeverity.Error);
  assert.equal(severityOf(await session.open(uriOf("b/site.conf"), broken)), DiagnosticSeverity.Hint);
  assert.equal(severityOf(await session.open(uriOf("c/site.conf"), broken)), DiagnosticSeverity.Information);
  // The folder of one is not the folder of the other: there the include cannot be followed, so nothing is missing.
  assert.equal(severityOf(await session.open(uriOf("a/mapped.conf"), include)), DiagnosticSeverity.Error);
  assert.equal(severityOf(await session.open(uriOf("b/mapped.conf"), include)), undefined);

  const before = session.published.length;
  levels.b = "warning";
  const changed = session.next(uriOf("b/site.conf"));
  await session.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
  assert.equal(severityOf(await changed), DiagnosticSeverity.Warning);
  // The answer to a request proves that nothing else is on its way.
  await session.actions(uriOf("a/site.conf"), { start, end: start }, { diagnostics: [] });
  assert.deepEqual([...new Set(session.published.slice(before).map(({ uri }) => uri))], [uriOf("b/site.conf")]);
});

test("a folder that joins the workspace brings its settings", async (t) => {
  const settings = (scopeUri: string | undefined) => ({
    rules: { [rule]: scopeUri?.endsWith("b") ? "hint" : "error" },
  });
  const { session, uriOf } = await prepare(
    t,
    { "a/x": "", [`b/${name}`]: `{ "rules": { "http-version-1-0": "off" } }` },
    {
      settings,
      capabilities: { workspace: { configuration: true, workspaceFolders: true } },
    },
    "a",
  );
  const uri = uriOf("b/site.conf");
  assert.equal(severityOf(await session.open(uri, broken)), DiagnosticSeverity.Error);
  const joined = session.next(uri, ({ diagnostics }) => severityOf(diagnostics) === DiagnosticSeverity.Hint);
  const folder = { uri: uriOf("b"), name: "b" };
  await session.connection.sendNotification(DidChangeWorkspaceFoldersNotification.type, {
    event: { added: [folder], removed: [] },
  });
  await joined;
  const left = session.next(uri, ({ diagnostics }) => severityOf(diagnostics) === DiagnosticSeverity.Error);
  await session.connection.sendNotification(DidChangeWorkspaceFoldersNotification.type, {
    event: { added: [], removed: [folder] },
  });
  await left;
});

test("a project file counts more than the editor, is watched, and its mistakes are shown in it", async (t) => {
  const { session, put, uriOf, tell } = await prepare(
    t,
    { [`a/${name}`]: `{ "rules": { "${rule}": "hint" } }`, "a/deep/x": "" },
    { settings: { rules: { [rule]: "error" } } },
    "a",
  );
  const uri = uriOf("a/deep/site.conf");
  assert.equal(severityOf(await session.open(uri, broken)), DiagnosticSeverity.Hint);

  const nearer = session.next(uri);
  put(`a/deep/${name}`, `{ "rules": { "${rule}": "information" } }`);
  await tell(`a/deep/${name}`, FileChangeType.Created);
  assert.equal(severityOf(await nearer), DiagnosticSeverity.Information);

  const again = session.next(uri);
  const complaint = session.next(uriOf(`a/deep/${name}`));
  put(`a/deep/${name}`, `{\n  "rules": { "${rule}": "warning" },\n  "rulez": {}\n}`);
  await tell(`a/deep/${name}`, FileChangeType.Changed);
  assert.equal(severityOf(await again), DiagnosticSeverity.Warning, "the valid part counts");
  const [mistake] = await complaint;
  assert.match(String(mistake?.message), /There is no setting “rulez”/);
  assert.deepEqual(mistake?.range, { start: { line: 2, character: 2 }, end: { line: 2, character: 9 } });

  const back = session.next(uri);
  const cleared = session.next(uriOf(`a/deep/${name}`));
  rmSync(new URL(uriOf(`a/deep/${name}`)));
  await tell(`a/deep/${name}`, FileChangeType.Deleted);
  assert.equal(severityOf(await back), DiagnosticSeverity.Hint);
  assert.deepEqual(await cleared, []);
});

test("a project file that is open counts as it is in the editor", async (t) => {
  const { session, uriOf } = await prepare(t, { [`a/${name}`]: "{}" }, {}, "a");
  const uri = uriOf("a/site.conf");
  assert.equal(severityOf(await session.open(uri, broken)), DiagnosticSeverity.Warning);
  const off = session.next(uri);
  await session.sendOpen(uriOf(`a/${name}`), `{ "rules": { "${rule}": "off" } }`);
  assert.equal(severityOf(await off), undefined);
  const hint = session.next(uri);
  const range = { start: { line: 0, character: 41 }, end: { line: 0, character: 44 } };
  await session.sendChange(uriOf(`a/${name}`), 2, [{ range, text: "hint" }]);
  assert.equal(severityOf(await hint), DiagnosticSeverity.Hint);
  const closed = session.next(uri);
  await session.close(uriOf(`a/${name}`));
  assert.equal(severityOf(await closed), DiagnosticSeverity.Warning);
  assert.ok(
    session.published.every((params) => params.uri === uri),
    "nothing is said about the project file",
  );
});

test("one above the folder of the workspace does not count, and one in a folder below does for what is included", async (t) => {
  const { session, uriOf } = await prepare(
    t,
    {
      [name]: `{ "rules": { "${rule}": "off" } }`,
      "a/x": "",
      "a/sites/site.conf": broken,
      [`a/sites/${name}`]: `{ "rules": { "no-effect": "hint", "${rule}": "information" } }`,
    },
    {},
    "a",
  );
  const included = session.next(uriOf("a/sites/site.conf"));
  const main = `events {}\nhttp {\n    include sites/*.conf;\n${broken}}\n`;
  assert.equal(severityOf(await session.open(uriOf("a/nginx.conf"), main)), DiagnosticSeverity.Warning);
  assert.equal(severityOf(await included), DiagnosticSeverity.Information);
});

test("in a folder that is not trusted, a project file cannot lead out of it", async (t) => {
  const files = {
    [`a/${name}`]: `{ "includeRoots": { "/etc/nginx": "../b", "/srv": "deploy" } }`,
    "b/ws.conf": "proxy_http_version 1.1;\n",
    "a/deploy/ws.conf": "proxy_http_version 1.1;\n",
  };
  const text = (path: string): string => broken.replace("proxy_pass", `include ${path};\n        proxy_pass`);
  for (const trusted of [true, false]) {
    const { session, uriOf } = await prepare(t, files, { initializationOptions: { trusted } }, "a");
    const told = trusted ? undefined : session.next(uriOf(`a/${name}`));
    const outside = await session.open(uriOf("a/out.conf"), text("/etc/nginx/ws.conf"));
    assert.equal(severityOf(outside), trusted ? DiagnosticSeverity.Warning : undefined);
    const inside = await session.open(uriOf("a/in.conf"), text("/srv/ws.conf"));
    assert.equal(severityOf(inside), DiagnosticSeverity.Warning);
    const [first] = (await told) ?? [];
    assert.equal(/until you trust the workspace/.test(String(first?.message)), !trusted);
    assert.deepEqual(first?.range.start, trusted ? undefined : { line: 0, character: 34 });
  }
});

test("hovers can be switched off", async (t) => {
  const { session, uriOf } = await prepare(t, { "a/x": "" }, { settings: { hover: false } }, "a");
  await session.open(uriOf("a/site.conf"), broken);
  const at = { textDocument: { uri: uriOf("a/site.conf") }, position: { line: 2, character: 10 } };
  assert.equal(await session.connection.sendRequest(HoverRequest.type, at), null);
});

/** The actions for the mistake in a file, the last one apart. */
async function actionsIn(session: Session, uri: string, text = broken) {
  const diagnostics = (await session.open(uri, text)).filter(({ code }) => code === rule);
  const actions = await session.actions(uri, diagnostics[0]!.range, { diagnostics });
  return { actions, last: actions.at(-1) as CodeAction };
}

const creating = {
  workspace: { configuration: true, workspaceEdit: { documentChanges: true, resourceOperations: ["create"] } },
};

test("a rule is switched off in the project file, which is created where there is none", async (t) => {
  const files = { "a/x": "", [`b/${name}`]: `{\n  // ours\n  "rules": {}\n}\n` };
  const { session, uriOf } = await prepare(t, files, { capabilities: creating }, "a", "b");
  const { actions, last } = await actionsIn(session, uriOf("a/site.conf"));
  assert.deepEqual(
    actions.slice(-3).map(({ title }) => title),
    [`Allow ${rule} on this line`, `Allow ${rule} in this file`, `Turn ${rule} off for this project`],
  );
  assert.notEqual(last.isPreferred, true);
  const [create, edit] = last.edit?.documentChanges ?? [];
  assert.deepEqual(create, { kind: "create", uri: uriOf(`a/${name}`) });
  const [{ newText } = { newText: "" }] = (edit as TextDocumentEdit).edits as { newText: string }[];
  assert.equal(newText, `{\n  "rules": {\n    "${rule}": "off"\n  }\n}\n`);

  const { last: change } = await actionsIn(session, uriOf("b/site.conf"));
  const [first] = change.edit?.documentChanges ?? [];
  assert.deepEqual((first as TextDocumentEdit).textDocument, { uri: uriOf(`b/${name}`), version: null });
  await session.sendOpen(uriOf(`b/${name}`), `{ "rules": [] }`, 3);
  const { last: none } = await actionsIn(session, uriOf("b/other.conf"));
  assert.match(none.title, /in this file$/, "what is no object cannot hold a rule");
  const { last: outside } = await actionsIn(session, uriOf("c/site.conf"));
  assert.match(outside.title, /in this file$/, "outside of the workspace there is no project");
});

test("a client that cannot create files changes those that are there", async (t) => {
  const { session, uriOf } = await prepare(t, { "a/x": "", [`b/${name}`]: "{}" }, {}, "a", "b");
  assert.match((await actionsIn(session, uriOf("a/site.conf"))).last.title, /in this file$/);
  assert.match((await actionsIn(session, uriOf("b/site.conf"))).last.title, /off for this project$/);
});

test("the actions that allow a mistake can be taken out of the menu", async (t) => {
  const settings = { suppressionActions: false };
  const { session, uriOf } = await prepare(t, { "a/x": "" }, { settings, capabilities: creating }, "a");
  const { actions } = await actionsIn(session, uriOf("a/site.conf"));
  assert.ok(actions.length > 0);
  assert.ok(actions.every(({ title }) => !/^(?:Allow|Turn) /.test(title)));
});
