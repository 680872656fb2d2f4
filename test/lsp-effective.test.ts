// “Show Effective Configuration” and inlay hints as any editor can ask for them.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import {
  DidChangeConfigurationNotification,
  ExecuteCommandRequest,
  HoverRequest,
  InlayHintRefreshRequest,
  InlayHintRequest,
  TextDocumentContentRefreshRequest,
  TextDocumentContentRequest,
} from "vscode-languageserver/node";
import { Session, type SessionOptions } from "./lsp-session.ts";

const command = "nginxWebsocket.showEffective";
const scheme = "nginx-websocket-effective";
const uri = "file:///srv/chat%20(old)/site.conf";

const text = `server {
    listen 80;
    server_name app.example.com;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection upgrade;
    location /ws {
        proxy_pass http://127.0.0.1:8080;
    }
}
`;
const inside = { line: 6, character: 10 };

interface EffectiveDocument {
  readonly uri: string;
  readonly text: string;
}

async function start(t: TestContext, options: SessionOptions = {}): Promise<Session> {
  const session = await Session.start(options);
  t.after(() => session.kill());
  return session;
}

function show(session: Session, ...given: unknown[]): Promise<EffectiveDocument | null> {
  return session.connection.sendRequest(ExecuteCommandRequest.type, { command, arguments: given });
}

async function read(session: Session, document: string): Promise<string> {
  return (await session.connection.sendRequest(TextDocumentContentRequest.type, { uri: document })).text;
}

/** Resolves with the first document that the server wants to be asked for again. */
function nextRefresh(session: Session): Promise<string> {
  return new Promise((resolve) => {
    session.connection.onRequest(TextDocumentContentRefreshRequest.type, (params) => resolve(params.uri));
  });
}

const content = { workspace: { configuration: true, textDocumentContent: { dynamicRegistration: true } } };

test("the command gives a document with its text, and its URI gives the same text", async (t) => {
  const session = await start(t, { capabilities: content });
  const { capabilities } = session.initializeResult ?? {};
  assert.deepEqual(capabilities?.workspace?.textDocumentContent, { schemes: [scheme] });
  assert.ok(capabilities?.executeCommandProvider?.commands.includes(command));
  await session.open(uri, text);
  const shown = await show(session, uri, inside);
  assert.ok(shown);
  assert.match(shown.uri, /^nginx-websocket-effective:\/location%20ws\.nginx\?/);
  assert.match(shown.text, /^# location \/ws of app\.example\.com \(site\.conf:6\): what is in force here$/m);
  assert.match(shown.text, /^ {8}proxy_set_header Upgrade \$http_upgrade; +# site\.conf:4, from server$/m);
  assert.equal(await read(session, shown.uri), shown.text);
});

test("an edit makes the client ask again, lines that move do not lose the place, and a place that is gone says so", async (t) => {
  const session = await start(t, { capabilities: content });
  await session.open(uri, text);
  const shown = await show(session, uri, inside);
  assert.ok(shown);
  const moved = nextRefresh(session);
  const above = {
    range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
    text: "# one line more\n",
  };
  await session.change(uri, 2, [above]);
  assert.equal(await moved, shown.uri);
  assert.match(await read(session, shown.uri), /site\.conf:7/);
  const gone = nextRefresh(session);
  await session.change(uri, 3, [{ text: text.replace("/ws", "/other") }]);
  assert.equal(await gone, shown.uri);
  assert.match(await read(session, shown.uri), /^# location \/ws is no longer in site\.conf\. /);
});

test("outside of locations there is a list; our own documents are not judged, and malformed arguments end nothing", async (t) => {
  const session = await start(t, { capabilities: content });
  await session.open(uri, text);
  const list = await show(session, uri, { line: 1, character: 6 });
  assert.match(list?.text ?? "", /^# {3}location \/ws +proxy_pass http:\/\/127\.0\.0\.1:8080; WebSocket: /m);
  for (const given of [[], [42], [null, null], ["file:///gone.conf", inside], [{}, {}], ["not a uri", 3]]) {
    assert.equal(await show(session, ...given), null);
  }
  const shown = await show(session, uri, "no position");
  assert.ok(shown);
  await session.sendOpen(`${scheme}:/location.nginx?%5B%5D`, "location /ws { proxy_pass http://a; }");
  await session.close(uri);
  assert.equal(await read(session, shown.uri), "# Open site.conf: then this shows what is in force there.\n");
  for (const other of [`${scheme}:/x.nginx?%7B`, `${scheme}:/x.nginx`, "other:/x"]) {
    assert.match(await read(session, other), /^# /);
  }
  assert.equal(
    session.published.some((params) => params.uri.startsWith(scheme)),
    false,
  );
  assert.equal(await session.stop(), 0);
});

test("the hover on location shows the handshake", async (t) => {
  const session = await start(t);
  await session.open(uri, text);
  const position = { line: 5, character: 6 };
  const hover = await session.connection.sendRequest(HoverRequest.type, { textDocument: { uri }, position });
  assert.match(JSON.stringify(hover?.contents), /`GET \/ws HTTP\/1\.0` with/);
});

test("hints come only where they are wanted, and switching them makes the client ask again", async (t) => {
  const capabilities = { workspace: { configuration: true, inlayHint: { refreshSupport: true } } };
  const session = await start(t, { capabilities });
  await session.open(uri, text);
  const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
  const ask = () => session.connection.sendRequest(InlayHintRequest.type, { textDocument: { uri }, range });
  assert.equal(await ask(), null);
  const refreshed = new Promise<void>((resolve) =>
    session.connection.onRequest(InlayHintRefreshRequest.type, () => resolve()),
  );
  session.settings = { inlayHints: true };
  await session.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
  await refreshed;
  const hints = (await ask()) ?? [];
  assert.deepEqual(
    hints.map(({ label, position }) => [label, position]),
    [["Upgrade, Connection (site.conf:4) · idle 60 s (default)", { line: 6, character: 41 }]],
  );
});
