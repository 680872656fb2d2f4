// What broken or hostile clients send: the server must answer the next honest question as if nothing had happened.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import {
  CancellationTokenSource,
  type Diagnostic,
  ExitNotification,
  type ProtocolConnection,
} from "vscode-languageserver/node";
import { Session } from "./lsp-session.ts";

const broken = `server {
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
const uri = "file:///abuse/nginx.conf";
const zero = { line: 0, character: 0 };

async function start(t: TestContext): Promise<Session> {
  const session = await Session.start();
  t.after(() => session.kill());
  return session;
}

async function assertAlive(session: Session): Promise<void> {
  const diagnostics = await session.open("file:///abuse/alive.conf", broken, 9);
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ["http-version-1-0"],
  );
  assert.equal(await session.stop(), 0);
}

/** Sends whatever it is given, as the typed functions would not. */
function sendRaw(connection: ProtocolConnection, method: string, params: unknown): Promise<void> {
  return connection.sendNotification(method, params);
}

test("edits before opening, beyond the end, backwards, negative, fractional", async (t) => {
  const session = await start(t);
  await session.sendChange(uri, 1, [{ text: "x" }]);
  await session.open(uri, broken);
  const far = { line: 99999, character: 99999 };
  const ranges = [
    { start: far, end: far },
    { start: far, end: zero },
    { start: { line: -5, character: -1 }, end: { line: -1, character: 3 } },
    { start: { line: 0.5, character: 1e12 }, end: { line: 0, character: Number.MAX_SAFE_INTEGER } },
  ];
  let version = 1;
  let diagnostics: Diagnostic[] = [];
  for (const range of ranges) diagnostics = await session.change(uri, ++version, [{ range, text: "\n" }]);
  assert.deepEqual(diagnostics, [], "the second edit replaced everything");
  diagnostics = await session.change(uri, ++version, [{ text: broken }]);
  assert.equal(diagnostics[0]?.range.start.line, 3);
  await assertAlive(session);
});

test("messages without the parts they must have", async (t) => {
  const session = await start(t);
  const { connection } = session;
  await session.open(uri, broken);
  for (const params of [
    null,
    {},
    [],
    7,
    { textDocument: null },
    { textDocument: { uri: 5 } },
    { textDocument: { uri } },
  ]) {
    for (const method of ["didOpen", "didChange", "didClose", "didSave"]) {
      await sendRaw(connection, `textDocument/${method}`, params);
    }
    await sendRaw(connection, "workspace/didChangeWatchedFiles", params);
    await sendRaw(connection, "workspace/didChangeConfiguration", params);
    await sendRaw(connection, "$/cancelRequest", params);
    for (const method of ["textDocument/codeAction", "textDocument/hover"]) {
      await connection.sendRequest(method, params).catch(() => undefined);
    }
  }
  for (const change of [
    null,
    5,
    {},
    { range: null },
    { text: 5 },
    { range: "x", text: "y" },
    { range: {}, text: "" },
  ]) {
    await sendRaw(connection, "textDocument/didChange", {
      textDocument: { uri, version: 2 },
      contentChanges: [change],
    });
  }
  await assert.rejects(connection.sendRequest("textDocument/nothing", {}), /Unhandled method/);
  await assertAlive(session);
  assert.ok(session.log.length > 0, "failures are logged");
  assert.ok(
    session.log.every((line) => !line.includes("\n")),
    "one line each",
  );
});

test("opening twice, closing twice, versions that go backwards", async (t) => {
  const session = await start(t);
  await session.open(uri, "events { }", 7);
  assert.equal((await session.open(uri, broken, 3)).length, 1);
  assert.equal(
    (await session.change(uri, 2, [{ range: { start: zero, end: zero }, text: "\n" }]))[0]?.range.start.line,
    4,
  );
  const cleared = session.next(uri);
  await session.close(uri);
  assert.deepEqual(await cleared, []);
  await session.close(uri);
  await assertAlive(session);
});

test("noise instead of messages", async (t) => {
  const session = await start(t);
  const { stdin } = session.child;
  stdin!.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  stdin!.write("Content-Length: 5\r\n\r\n{bad}");
  stdin!.write("Content-Length: 2\r\n\r\n[]");
  stdin!.write("Content-Length: 4\r\n\r\nnull");
  stdin!.write('Content-Length: 17\r\n\r\n{"jsonrpc":"2.0"}');
  // The protocol library reads what came in one piece with the noise only when more comes, and clients go on talking.
  const talk = setInterval(() => void session.connection.sendNotification("$/setTrace", { value: "off" }), 100);
  t.after(() => clearInterval(talk));
  await assertAlive(session);
});

test("URIs of every kind", async (t) => {
  const session = await start(t);
  const uris = [
    "untitled:Untitled-1",
    "vscode-vfs://github/owner/repo/nginx.conf",
    "file:///c%3A/nginx/nginx.conf",
    "file://server/share/nginx.conf",
    "file:///with%20space/%C3%A9%23%3F%25/nginx.conf",
    "git:/repo/nginx.conf?%7B%22ref%22%3A%22HEAD%22%7D",
    "no-scheme",
  ];
  for (const name of uris) {
    assert.equal((await session.open(name, broken)).length, 1, name);
    const cleared = session.next(name);
    await session.close(name);
    assert.deepEqual(await cleared, [], name);
  }
  await sendRaw(session.connection, "textDocument/didOpen", {
    textDocument: { uri: "%%%:\0", languageId: "nginx", version: 1, text: broken },
  });
  await assertAlive(session);
});

test("including itself, devices, pipes and what does not exist", async (t) => {
  const session = await start(t);
  const text = ["nginx.conf", "/dev/zero", "/dev/stdin", "/proc/self/mem", "/", "missing", "/etc/*/../*/*", "*"];
  await session.open(uri, `events { }\nhttp {\n${text.map((name) => `include ${name};`).join("\n")}\n}\n`);
  await assertAlive(session);
});

test("requests before initialize and after shutdown are refused; exit without shutdown is a failure", async (t) => {
  const session = new Session();
  t.after(() => session.kill());
  const params = { textDocument: { uri }, position: zero };
  await assert.rejects(session.connection.sendRequest("textDocument/hover", params), { code: -32002 });
  await session.connection.sendNotification(ExitNotification.type);
  assert.equal(await session.exited, 1);

  const second = await start(t);
  await second.connection.sendRequest("shutdown");
  await assert.rejects(second.connection.sendRequest("textDocument/hover", params), { code: -32600 });
  await second.connection.sendNotification(ExitNotification.type);
  assert.equal(await second.exited, 0);
});

test("the end of the input ends the server", async (t) => {
  const session = await start(t);
  session.child.stdin!.end();
  assert.equal(await session.exited, 1);
});

test("a cancelled request is answered as cancelled, the others are not disturbed", async (t) => {
  const session = await start(t);
  await session.open(uri, broken.repeat(300));
  const range = { start: zero, end: { line: 9999, character: 0 } };
  const params = { textDocument: { uri }, range, context: { diagnostics: [] } };
  // The server is busy with these when the cancellation of the last one arrives.
  const others = Array.from({ length: 20 }, () => session.connection.sendRequest("textDocument/codeAction", params));
  const source = new CancellationTokenSource();
  const cancelled = session.connection.sendRequest("textDocument/codeAction", params, source.token);
  source.cancel();
  await assert.rejects(cancelled, { code: -32800 });
  for (const actions of await Promise.all(others)) assert.ok(Array.isArray(actions) && actions.length > 0);
  await assertAlive(session);
});

test("a client that never answers about its settings gets the defaults", async (t) => {
  const session = await Session.start({ settings: new Promise(() => {}) });
  t.after(() => session.kill());
  await assertAlive(session);
});
