import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import {
  type CodeAction,
  type Diagnostic,
  DiagnosticSeverity,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  DidSaveTextDocumentNotification,
  FileChangeType,
  type FileEvent,
  HoverRequest,
  type TextDocumentEdit,
  type TextEdit,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { Project, type Severity } from "../server/core/index.ts";
import { nodeFiles } from "../server/host/files.ts";
import { fileIdOf } from "../server/lsp/uris.ts";
import { Session, type SessionOptions } from "./lsp-session.ts";

const broken = `server {
    listen 80;
    location /ws {
        proxy_pass http://127.0.0.1:8080;
        proxy_http_version 1.0;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection "upgrade";
        proxy_set_header Host $http_host;
        proxy_read_timeout 3600s;
    }
}
`;
const twice = `${broken}${broken.replace("80;", "81;")}`;
const whole = { start: { line: 0, character: 0 }, end: { line: 1000, character: 0 } };
const severityNames: Readonly<Record<number, Severity>> = { 1: "error", 2: "warning", 3: "information", 4: "hint" };

async function start(t: TestContext, options: SessionOptions = {}): Promise<Session> {
  const session = await Session.start(options);
  t.after(() => session.kill());
  return session;
}

function createFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "nginx-websocket-lsp-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function ofRule(diagnostics: readonly Diagnostic[], rule: string): Diagnostic[] {
  return diagnostics.filter(({ code }) => code === rule);
}

function editsOf(action: CodeAction, uri: string): TextEdit[] {
  const change = action.edit?.documentChanges?.find((edit): edit is TextDocumentEdit => {
    return "textDocument" in edit && edit.textDocument.uri === uri;
  });
  return (change?.edits ?? []) as TextEdit[];
}

test("a whole session: open, read, fix, fixed", async (t) => {
  const session = await start(t);
  const uri = "file:///session/nginx.conf";
  const diagnostics = await session.open(uri, broken);
  const [diagnostic, ...others] = diagnostics;
  assert.ok(diagnostic, "the mistake is reported");
  assert.deepEqual(others, []);
  assert.equal(diagnostic.code, "http-version-1-0");
  assert.equal(diagnostic.source, "nginx-websocket");
  assert.equal(diagnostic.severity, DiagnosticSeverity.Warning);
  assert.deepEqual(diagnostic.range, { start: { line: 4, character: 27 }, end: { line: 4, character: 30 } });
  assert.match(diagnostic.codeDescription?.href ?? "", /^file:.*\/docs\/rules\/http-version-1-0\.md$/);

  const actions = await session.actions(uri, diagnostic.range, { diagnostics: [diagnostic] });
  const fix = actions[0];
  assert.ok(fix);
  assert.equal(fix.isPreferred, true);
  assert.deepEqual(fix.diagnostics, [diagnostic]);
  assert.deepEqual(
    fix.edit?.documentChanges?.map((change) => "textDocument" in change && change.textDocument),
    [{ uri, version: 1 }],
  );

  const text = TextDocument.applyEdits(TextDocument.create(uri, "nginx", 1, broken), editsOf(fix, uri));
  assert.notEqual(text, broken);
  assert.deepEqual(
    await session.change(
      uri,
      2,
      editsOf(fix, uri).map(({ range, newText }) => ({ range, text: newText })),
    ),
    [],
  );
  assert.deepEqual(await session.open("file:///session/fixed.conf", text), []);
  assert.equal(await session.stop(), 0);
  assert.equal(session.stderr, "");
});

test('quick fixes: one preferred, "allow" last, the fix of all only when there are several', async (t) => {
  const session = await start(t);
  const uri = "file:///actions/nginx.conf";
  const single = await session.open(uri, broken);
  const forOne = await session.actions(uri, single[0]!.range, { diagnostics: single });
  assert.ok(!forOne.some(({ title }) => title.startsWith("Fix all")));

  const diagnostics = ofRule(await session.open(uri, twice, 2), "http-version-1-0");
  assert.equal(diagnostics.length, 2);
  const actions = await session.actions(uri, diagnostics[0]!.range, { diagnostics: [diagnostics[0]!] });
  assert.equal(actions.filter(({ isPreferred }) => isPreferred).length, 1);
  assert.equal(actions[0]?.isPreferred, true);
  assert.ok(actions.every(({ kind }) => kind === "quickfix"));
  assert.deepEqual(
    actions.slice(-2).map(({ title }) => title),
    ["Allow http-version-1-0 on this line", "Allow http-version-1-0 in this file"],
  );
  const all = actions.find(({ title }) => title === "Fix all http-version-1-0 problems in this file");
  assert.ok(all);
  assert.equal(editsOf(all, uri).length, 2);
  assert.equal(all.diagnostics?.length, 2);

  for (const allow of actions.slice(-2)) {
    const text = TextDocument.applyEdits(TextDocument.create(uri, "nginx", 1, twice), editsOf(allow, uri));
    const left = await session.open(`file:///actions/${allow.title.length}.conf`, text);
    assert.equal(ofRule(left, "http-version-1-0").length, allow.title.endsWith("line") ? 1 : 0);
  }
});

test("fix on save: only when asked for, and then all safe fixes at once", async (t) => {
  const session = await start(t);
  const uri = "file:///all/nginx.conf";
  await session.open(uri, twice);
  const unasked = await session.actions(uri, whole, { diagnostics: [] });
  assert.ok(unasked.length > 0 && unasked.every(({ kind }) => kind === "quickfix"));
  assert.deepEqual(await session.actions(uri, whole, { diagnostics: [], only: ["refactor"] }), []);
  assert.deepEqual(await session.actions(uri, whole, { diagnostics: [], only: ["source.organizeImports"] }), []);
  for (const kind of ["source", "source.fixAll", "source.fixAll.nginx-websocket"]) {
    const actions = await session.actions(uri, whole, { diagnostics: [], only: [kind] });
    assert.deepEqual(
      actions.map((action) => action.kind),
      ["source.fixAll.nginx-websocket"],
    );
    const text = TextDocument.applyEdits(TextDocument.create(uri, "nginx", 1, twice), editsOf(actions[0]!, uri));
    assert.deepEqual(await session.open(`file:///all/${kind}.conf`, text), []);
  }
});

test("fix on save leaves nothing that could be fixed safely", async (t) => {
  const session = await start(t);
  const uri = "file:///rounds/nginx.conf";
  const text = [
    "map $http_upgrade $connection_upgrade { default close; websocket upgrade; }",
    "server {",
    "  location /ws { proxy_pass http://127.0.0.1:8080; }",
    "  location /cable { proxy_pass ws://127.0.0.1:8080; proxy_http_version 1.0; proxy_set_header Upgrade websocket; }",
    "  location /hubs/x { proxy_pass http://127.0.0.1:8080; proxy_set_header Upgrade $http_upgrade; }",
    "}",
    "",
  ].join("\n");
  assert.notDeepEqual(await session.open(uri, text), []);
  const [action] = await session.actions(uri, whole, { diagnostics: [], only: ["source.fixAll"] });
  assert.ok(action);
  const fixed = TextDocument.applyEdits(TextDocument.create(uri, "nginx", 1, text), editsOf(action, uri));
  await session.open("file:///rounds/fixed.conf", fixed);
  assert.deepEqual(
    await session.actions("file:///rounds/fixed.conf", whole, { diagnostics: [], only: ["source.fixAll"] }),
    [],
  );
});

test("a file of another program that was opened as nginx is left alone", async (t) => {
  const session = await start(t);
  const redis = "bind 127.0.0.1\nport 6379\ntimeout 0\nsave 900 1\n}\n";
  assert.deepEqual(await session.open("file:///other/redis.conf", redis), []);
});

test("typing into an empty document", async (t) => {
  const session = await start(t);
  const uri = "file:///empty/nginx.conf";
  assert.deepEqual(await session.open(uri, ""), []);
  const at = { line: 0, character: 0 };
  assert.equal((await session.change(uri, 2, [{ range: { start: at, end: at }, text: broken }])).length, 1);
});

test("a client without documentChanges gets plain changes", async (t) => {
  const session = await start(t, { capabilities: { workspace: {} } });
  const uri = "file:///plain/nginx.conf";
  const diagnostics = await session.open(uri, broken);
  const [fix] = await session.actions(uri, whole, { diagnostics });
  assert.deepEqual(Object.keys(fix?.edit?.changes ?? {}), [uri]);
});

test("edits sent one by one, in bundles of any order, and the text reopened agree", async (t) => {
  const session = await start(t);
  const uri = "file:///edits/nginx.conf";
  let text = twice;
  let version = 1;
  await session.open(uri, text);
  // A linear congruential generator, so that a failure can be repeated.
  let state = 12345;
  const random = (limit: number) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state % limit;
  };
  const pieces = ["\n", "}", "{", ";", " ", "# é𝄞\n", "proxy_http_version 1.0;\n", "location /ws {\r\n", "1.0", '"'];
  for (let round = 0; round < 60; round++) {
    const changes = Array.from({ length: 1 + random(4) }, () => {
      const document = TextDocument.create(uri, "nginx", 0, text);
      const from = random(text.length + 1);
      const range = { start: document.positionAt(from), end: document.positionAt(from + random(12)) };
      const change = { range, text: pieces[random(pieces.length)]! };
      text = TextDocument.applyEdits(document, [{ range, newText: change.text }]);
      return change;
    });
    const incremental = await session.change(uri, ++version, changes);
    const copy = `file:///edits/copy-${round}.conf`;
    const reopened = await session.open(copy, text);
    const plain = (list: Diagnostic[]) => JSON.stringify(list).replaceAll(copy, uri);
    assert.equal(plain(incremental), plain(reopened), `round ${round}`);
    await session.close(copy);
  }
});

test("what the server publishes is what the core finds", async (t) => {
  const folder = createFolder(t);
  mkdirSync(join(folder, "conf.d"));
  writeFileSync(join(folder, "nginx.conf"), "events { }\nhttp {\n  include conf.d/*.conf;\n}\n");
  writeFileSync(join(folder, "conf.d", "one.conf"), broken);
  writeFileSync(join(folder, "conf.d", "two.conf"), `# é𝄞 \r\n${twice}`.replaceAll("\n", "\r\n"));
  const root = join(folder, "nginx.conf").replaceAll("\\", "/");
  const project = new Project(nodeFiles());
  await project.load([root]);

  const session = await start(t);
  const uri = pathToFileURL(root).toString();
  const waits = ["one", "two"].map((name) =>
    session.next(pathToFileURL(join(folder, "conf.d", `${name}.conf`)).toString()),
  );
  await session.open(uri, project.document(root)!.text);
  await Promise.all(waits);
  let compared = 0;
  for (const file of project.files()) {
    const document = project.document(file)!;
    const expected = project.findings(file).map((finding) => ({
      code: finding.rule,
      severity: finding.severity,
      message: finding.message,
      range: { start: document.positionAt(finding.span.start), end: document.positionAt(finding.span.end) },
    }));
    const last = session.published.filter((params) => fileIdOf(params.uri) === file).at(-1)?.diagnostics ?? [];
    assert.deepEqual(
      last.map(({ code, severity, message, range }) => ({ code, severity: severityNames[severity!], message, range })),
      expected,
    );
    compared += expected.length;
  }
  assert.ok(compared >= 3, "the included files have findings");
});

test("included files: reported while reached, judged again when they change on disk, cleared afterwards", async (t) => {
  const folder = createFolder(t);
  const included = join(folder, "site.conf");
  writeFileSync(included, broken);
  const session = await start(t);
  const uri = pathToFileURL(join(folder, "nginx.conf")).toString();
  const includedUri = pathToFileURL(included).toString();
  const found = session.next(includedUri);
  await session.open(uri, "events { }\nhttp {\n  include site.conf;\n}\n");
  assert.equal((await found).length, 1);

  const repaired = session.next(includedUri);
  writeFileSync(included, broken.replace("1.0", "1.1"));
  const changes: FileEvent[] = [{ uri: includedUri, type: FileChangeType.Changed }];
  await session.connection.sendNotification(DidChangeWatchedFilesNotification.type, { changes });
  assert.deepEqual(await repaired, []);

  const again = session.next(includedUri);
  writeFileSync(included, broken);
  await session.connection.sendNotification(DidChangeWatchedFilesNotification.type, { changes });
  assert.equal((await again).length, 1);
  const cleared = session.next(includedUri);
  await session.close(uri);
  assert.deepEqual(await cleared, []);
  assert.ok(session.registered.includes("workspace/didChangeWatchedFiles"));
});

test("settings: severities, off, and a change while running", async (t) => {
  const session = await start(t, { settings: { rules: { "http-version-1-0": "hint", nonsense: 7 }, enable: "yes" } });
  const uri = "file:///settings/nginx.conf";
  const [diagnostic] = await session.open(uri, broken);
  assert.equal(diagnostic?.severity, DiagnosticSeverity.Hint);
  session.settings = { rules: { "http-version-1-0": "off" } };
  const silent = session.next(uri);
  await session.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
  assert.deepEqual(await silent, []);
  session.settings = { enable: false };
  await session.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
  assert.deepEqual(await session.open("file:///settings/other.conf", broken), []);
});

test("settings that arrive with the notification, for clients that cannot be asked", async (t) => {
  const session = await start(t, {
    capabilities: { workspace: {} },
    initializationOptions: { settings: { rules: { "http-version-1-0": "error" } }, docs: "https://example.org/rules/" },
  });
  const uri = "file:///pushed/nginx.conf";
  const [diagnostic] = await session.open(uri, broken);
  assert.equal(diagnostic?.severity, DiagnosticSeverity.Error);
  assert.equal(diagnostic.codeDescription?.href, "https://example.org/rules/http-version-1-0.md");
  const next = session.next(uri);
  await session.connection.sendNotification(DidChangeConfigurationNotification.type, {
    settings: { nginxWebsocket: { rules: { "http-version-1-0": "information" } } },
  });
  assert.equal((await next)[0]?.severity, DiagnosticSeverity.Information);
});

test("run on save: edits alone publish nothing, saving does", async (t) => {
  const session = await start(t, { settings: { run: "onSave" } });
  const uri = "file:///save/nginx.conf";
  assert.equal((await session.open(uri, broken)).length, 1);
  const before = session.published.length;
  await session.sendChange(uri, 2, [{ text: "" }]);
  // The answer to a request proves that the change was handled.
  assert.deepEqual(await session.actions(uri, whole, { diagnostics: [] }), []);
  assert.equal(session.published.length, before);
  const saved = session.next(uri);
  await session.connection.sendNotification(DidSaveTextDocumentNotification.type, { textDocument: { uri } });
  assert.deepEqual(await saved, []);
});

test("hover answers for words and stays silent elsewhere", async (t) => {
  const session = await start(t);
  const uri = "file:///hover/nginx.conf";
  await session.open(uri, broken);
  const hover = await session.connection.sendRequest(HoverRequest.type, {
    textDocument: { uri },
    position: { line: 3, character: 12 },
  });
  assert.ok(hover?.range && typeof hover.contents === "object" && "kind" in hover.contents);
  assert.equal(hover.contents.kind, "markdown");
  const unknown = { textDocument: { uri: "file:///hover/unknown.conf" }, position: { line: 0, character: 0 } };
  assert.equal(await session.connection.sendRequest(HoverRequest.type, unknown), null);
});

test("a burst of edits is answered for its last version, not for each", async (t) => {
  const session = await start(t);
  const uri = "file:///burst/nginx.conf";
  await session.open(uri, broken);
  const before = session.published.length;
  const last = session.next(uri, ({ version }) => version === 301);
  const at = { line: 0, character: 0 };
  for (let version = 2; version <= 301; version++) {
    void session.sendChange(uri, version, [{ range: { start: at, end: at }, text: "\n" }]);
  }
  assert.equal((await last)[0]?.range.start.line, 304);
  const rounds = session.published.length - before;
  assert.ok(rounds < 150, `${rounds} rounds for 300 edits`);
});

test("at most 1,000 diagnostics and a summary", async (t) => {
  const session = await start(t);
  const diagnostics = await session.open("file:///many/nginx.conf", broken.repeat(1200));
  assert.equal(diagnostics.length, 1001);
  assert.match(String(diagnostics.at(-1)!.message), /^200 more problems /);
});
