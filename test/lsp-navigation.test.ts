// Outlines, definitions, references, renames and links over the protocol, on a tree of files on the disk.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import {
  CancellationTokenSource,
  DefinitionRequest,
  DocumentHighlightRequest,
  DocumentLinkRequest,
  type DocumentSymbol,
  DocumentSymbolRequest,
  FoldingRangeRequest,
  type Location,
  type LocationLink,
  PrepareRenameRequest,
  ReferencesRequest,
  RenameRequest,
  SelectionRangeRequest,
  ShowMessageNotification,
  type SymbolInformation,
  type TextDocumentEdit,
  WorkspaceSymbolRequest,
} from "vscode-languageserver/node";
import { Session, type SessionOptions } from "./lsp-session.ts";

const main = `events {}
http {
    map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
    include conf.d/*.conf;
}
`;
const upstreams = "upstream chat {\n    server 127.0.0.1:8080;\n}\n";
const site = `server {
    listen 80;
    server_name chat.example.com;
    # region sockets
    location /ws {
        proxy_pass http://chat;
        proxy_http_version 1.1;
        proxy_set_header Host $host;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $connection_upgrade;
        proxy_read_timeout 1h;
    }
    # endregion
}
`;

/** What clients such as VS Code understand. */
const able = {
  textDocument: {
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    definition: { linkSupport: true },
    rename: { prepareSupport: true },
    foldingRange: { rangeLimit: 2, lineFoldingOnly: true },
  },
  workspace: {
    configuration: true,
    workspaceEdit: { documentChanges: true, changeAnnotationSupport: { groupsOnLabel: true } },
  },
};

async function start(
  t: TestContext,
  options: SessionOptions = {},
): Promise<{ session: Session; uri: (name: string) => string }> {
  const folder = mkdtempSync(join(tmpdir(), "nginx-websocket-navigation-"));
  mkdirSync(join(folder, "conf.d"));
  writeFileSync(join(folder, "nginx.conf"), main);
  writeFileSync(join(folder, "conf.d/a-upstreams.conf"), upstreams);
  writeFileSync(join(folder, "conf.d/site.conf"), site);
  const session = await Session.start({ workspaceFolder: pathToFileURL(folder).href, ...options });
  t.after(async () => {
    await session.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  const uri = (name: string): string => pathToFileURL(join(folder, name)).href;
  await session.open(uri("conf.d/site.conf"), site);
  return { session, uri };
}

/** The position behind the first such text of the site. */
function behind(text: string): { line: number; character: number } {
  const before = site.slice(0, site.indexOf(text) + text.length).split("\n");
  return { line: before.length - 1, character: before.at(-1)!.length };
}

test("the server says what it can do", async (t) => {
  const { session } = await start(t, { capabilities: able });
  const { capabilities } = session.initializeResult!;
  assert.deepEqual(capabilities.renameProvider, { prepareProvider: true });
  assert.equal(capabilities.documentSymbolProvider, true);
  assert.equal(capabilities.workspaceSymbolProvider, true);
  assert.equal(capabilities.definitionProvider, true);
  assert.equal(capabilities.referencesProvider, true);
  assert.equal(capabilities.documentHighlightProvider, true);
  assert.equal(capabilities.foldingRangeProvider, true);
  assert.equal(capabilities.selectionRangeProvider, true);
  assert.deepEqual(capabilities.documentLinkProvider, {});
});

test("the outline is a tree, and a list for clients without trees", async (t) => {
  const { session, uri } = await start(t, { capabilities: able });
  const textDocument = { uri: uri("conf.d/site.conf") };
  const symbols = (await session.connection.sendRequest(DocumentSymbolRequest.type, {
    textDocument,
  })) as DocumentSymbol[];
  assert.deepEqual(
    symbols.map(({ name, children }) => [name, children?.map((child) => [child.name, child.detail])]),
    [["server chat.example.com :80", [["location /ws", "WebSocket → http://chat"]]]],
  );
  assert.deepEqual(symbols[0]!.range, { start: { line: 0, character: 0 }, end: { line: 13, character: 1 } });

  const plain = await start(t);
  const flat = (await plain.session.connection.sendRequest(DocumentSymbolRequest.type, {
    textDocument: { uri: plain.uri("conf.d/site.conf") },
  })) as SymbolInformation[];
  assert.deepEqual(
    flat.map(({ name, containerName }) => [name, containerName]),
    [
      ["server chat.example.com :80", undefined],
      ["location /ws", "server chat.example.com :80"],
    ],
  );
});

test("definitions, references and highlights, in files that nobody has open", async (t) => {
  const { session, uri } = await start(t, { capabilities: able });
  const textDocument = { uri: uri("conf.d/site.conf") };
  const position = behind("http://ch");
  const links = (await session.connection.sendRequest(DefinitionRequest.type, {
    textDocument,
    position,
  })) as LocationLink[];
  assert.deepEqual(links, [
    {
      originSelectionRange: { start: behind("http://"), end: behind("http://chat") },
      targetUri: uri("conf.d/a-upstreams.conf"),
      targetRange: { start: { line: 0, character: 0 }, end: { line: 0, character: 15 } },
      targetSelectionRange: { start: { line: 0, character: 9 }, end: { line: 0, character: 13 } },
    },
  ]);
  const ask = async (includeDeclaration: boolean): Promise<readonly string[]> => {
    const params = { textDocument, position, context: { includeDeclaration } };
    return ((await session.connection.sendRequest(ReferencesRequest.type, params)) as Location[]).map(
      (each) => each.uri,
    );
  };
  assert.deepEqual(await ask(true), [uri("conf.d/a-upstreams.conf"), uri("conf.d/site.conf")]);
  assert.deepEqual(await ask(false), [uri("conf.d/site.conf")]);
  const highlights = await session.connection.sendRequest(DocumentHighlightRequest.type, { textDocument, position });
  assert.equal(highlights?.length, 1);

  const plain = await start(t);
  const locations = (await plain.session.connection.sendRequest(DefinitionRequest.type, {
    textDocument: { uri: plain.uri("conf.d/site.conf") },
    position: behind("$connection_up"),
  })) as Location[];
  assert.deepEqual(locations, [
    { uri: plain.uri("nginx.conf"), range: { start: { line: 2, character: 23 }, end: { line: 2, character: 41 } } },
  ]);
});

test("a rename edits all files, those that are open with their version, and asks first where it changes more", async (t) => {
  const { session, uri } = await start(t, { capabilities: able });
  const textDocument = { uri: uri("conf.d/site.conf") };
  const position = behind("$connection_up");
  const prepared = await session.connection.sendRequest(PrepareRenameRequest.type, { textDocument, position });
  assert.deepEqual(prepared, {
    range: { start: behind("Connection $"), end: behind("$connection_upgrade") },
    placeholder: "connection_upgrade",
  });
  const rename = (newName: string) =>
    session.connection.sendRequest(RenameRequest.type, { textDocument, position, newName });
  const edit = await rename("$up");
  const changes = edit!.documentChanges as TextDocumentEdit[];
  assert.deepEqual(
    changes.map(({ textDocument: { uri: each, version }, edits }) => [
      each,
      version,
      edits.map((each) => "newText" in each && each.newText),
    ]),
    [
      [uri("conf.d/site.conf"), 1, ["up"]],
      [uri("nginx.conf"), null, ["up"]],
    ],
  );
  assert.equal(edit!.changeAnnotations, undefined);
  await assert.rejects(rename("a b"), /letters, digits and underlines/);
  await assert.rejects(
    session.connection.sendRequest(PrepareRenameRequest.type, { textDocument, position: behind("listen 8") }),
    /no name here/,
  );
  await assert.rejects(
    session.connection.sendRequest(PrepareRenameRequest.type, { textDocument, position: behind("$ho") }),
    /nginx itself/,
  );
  assert.equal(session.stderr, "");
});

test("what a rename changes beside the name is said: before the edit, or in a message", async (t) => {
  const bare = site.replace(/ *proxy_set_header Host.*\n/, "");
  const ask = async (options: SessionOptions) => {
    const { session, uri } = await start(t, options);
    const messages: string[] = [];
    session.connection.onNotification(ShowMessageNotification.type, ({ message }) => void messages.push(message));
    const textDocument = { uri: uri("conf.d/site.conf") };
    await session.open(textDocument.uri, bare, 2);
    const edit = await session.connection.sendRequest(RenameRequest.type, {
      textDocument,
      position: behind("http://ch"),
      newName: "talk",
    });
    return { edit, messages };
  };
  const able_ = await ask({ capabilities: able });
  const [annotation] = Object.values(able_.edit!.changeAnnotations!);
  assert.equal(annotation!.needsConfirmation, true);
  assert.match(annotation!.label, /Host header/);
  assert.deepEqual(able_.messages, []);
  const plain = await ask({});
  assert.equal(plain.edit!.changeAnnotations, undefined);
  assert.match(plain.messages.join(), /Host header/);
});

test("folds within the limit, growing selections, links, symbols of the workspace", async (t) => {
  const { session, uri } = await start(t, { capabilities: able });
  const textDocument = { uri: uri("conf.d/site.conf") };
  assert.deepEqual(await session.connection.sendRequest(FoldingRangeRequest.type, { textDocument }), [
    { startLine: 0, endLine: 12 },
    { startLine: 3, endLine: 12, kind: "region" },
  ]);
  const [selection] = (await session.connection.sendRequest(SelectionRangeRequest.type, {
    textDocument,
    positions: [behind("http://ch")],
  }))!;
  assert.deepEqual(selection!.range, { start: behind("http://"), end: behind("http://chat") });
  assert.ok(selection!.parent?.parent?.parent);
  const found = (await session.connection.sendRequest(WorkspaceSymbolRequest.type, {
    query: "chat",
  })) as SymbolInformation[];
  assert.deepEqual(found.map(({ name, location }) => [name, location.uri]).sort(), [
    ["server chat.example.com :80", uri("conf.d/site.conf")],
    ["upstream chat", uri("conf.d/a-upstreams.conf")],
  ]);
  const text = "http {\n    include conf.d/site.conf;\n}\n";
  await session.open(uri("one.conf"), text);
  const links = await session.connection.sendRequest(DocumentLinkRequest.type, {
    textDocument: { uri: uri("one.conf") },
  });
  assert.deepEqual(
    links?.map(({ target }) => target),
    [uri("conf.d/site.conf")],
  );
});

test("closed documents, odd positions and cancelled requests have quiet answers", async (t) => {
  const { session, uri } = await start(t, { capabilities: able });
  const { connection } = session;
  const textDocument = { uri: uri("conf.d/site.conf") };
  for (const position of [
    { line: 9999, character: 0 },
    { line: 0, character: 9999 },
  ]) {
    assert.deepEqual(await connection.sendRequest(DefinitionRequest.type, { textDocument, position }), []);
    await connection.sendRequest(SelectionRangeRequest.type, { textDocument, positions: [position] });
  }
  const source = new CancellationTokenSource();
  const cancelled = connection.sendRequest(DocumentSymbolRequest.type, { textDocument }, source.token);
  source.cancel();
  await cancelled.then(
    () => {},
    (error) => assert.match(String(error), /ancel/),
  );
  await session.close(textDocument.uri);
  const position = behind("http://ch");
  assert.deepEqual(await connection.sendRequest(DocumentSymbolRequest.type, { textDocument }), []);
  assert.deepEqual(await connection.sendRequest(DefinitionRequest.type, { textDocument, position }), []);
  assert.deepEqual(await connection.sendRequest(FoldingRangeRequest.type, { textDocument }), []);
  assert.deepEqual(await connection.sendRequest(DocumentLinkRequest.type, { textDocument }), []);
  assert.equal(await connection.sendRequest(RenameRequest.type, { textDocument, position, newName: "x" }), null);
  assert.equal(await session.stop(), 0);
  assert.equal(session.stderr, "");
});

test("a dump: its files are the outermost entries, and it is not renamed", async (t) => {
  const { session, uri } = await start(t, { capabilities: able });
  const textDocument = { uri: uri("dump.txt") };
  const head = "# configuration file /etc/nginx/nginx.conf:\n";
  const second = "# configuration file /etc/nginx/conf.d/site.conf:\n";
  await session.open(textDocument.uri, `${head}${main}\n${second}${upstreams}${site}\n`);
  const symbols = (await session.connection.sendRequest(DocumentSymbolRequest.type, {
    textDocument,
  })) as DocumentSymbol[];
  assert.deepEqual(
    symbols.map(({ name, children }) => [name, children?.map((child) => child.name)]),
    [
      ["/etc/nginx/nginx.conf", ["events", "http"]],
      ["/etc/nginx/conf.d/site.conf", ["upstream chat", "server chat.example.com :80"]],
    ],
  );
  const line = main.split("\n").length + 1;
  assert.equal(symbols[1]!.children![0]!.selectionRange.start.line, line + 1);
  const position = { line: line + 1, character: 10 };
  const found = (await session.connection.sendRequest(ReferencesRequest.type, {
    textDocument,
    position,
    context: { includeDeclaration: true },
  })) as Location[];
  assert.equal(found.length, 2);
  await assert.rejects(session.connection.sendRequest(PrepareRenameRequest.type, { textDocument, position }), /dump/);
});
