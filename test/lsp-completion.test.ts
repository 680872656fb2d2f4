// Completion, signature help and hovers as any editor can ask for them, with much or with little that it understands.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import {
  type CompletionItem,
  CompletionItemTag,
  type CompletionList,
  CompletionRequest,
  CompletionResolveRequest,
  CompletionTriggerKind,
  HoverRequest,
  InsertTextFormat,
  type MarkupContent,
  type Position,
  SignatureHelpRequest,
} from "vscode-languageserver/node";
import { Session } from "./lsp-session.ts";

const uri = "file:///srv/chat/site.conf";
const text = `server {
    listen 80;
    location /ws {
        prox
        proxy_http_version 
    }
}
`;
const atWord: Position = { line: 3, character: 12 };
const atValue: Position = { line: 4, character: 27 };

const modern = {
  textDocument: {
    completion: {
      completionItem: {
        snippetSupport: true,
        documentationFormat: ["markdown"],
        tagSupport: { valueSet: [CompletionItemTag.Deprecated] },
      },
      completionList: { itemDefaults: ["editRange"] },
    },
    signatureHelp: {
      signatureInformation: {
        documentationFormat: ["markdown"],
        parameterInformation: { labelOffsetSupport: true },
      },
    },
    hover: { contentFormat: ["markdown"] },
  },
};

async function start(t: TestContext, capabilities: object = modern): Promise<Session> {
  const session = await Session.start({ capabilities });
  t.after(() => session.kill());
  await session.open(uri, text);
  return session;
}

async function listAt(session: Session, position: Position, triggerCharacter?: string): Promise<CompletionList | null> {
  const context =
    triggerCharacter === undefined
      ? { triggerKind: CompletionTriggerKind.Invoked }
      : { triggerKind: CompletionTriggerKind.TriggerCharacter, triggerCharacter };
  const params = { textDocument: { uri }, position, context };
  return (await session.connection.sendRequest(CompletionRequest.type, params)) as CompletionList | null;
}

function itemIn(list: CompletionList | null, label: string): CompletionItem {
  const item = list?.items.find((each) => each.label === label);
  assert.ok(item, `${label} is not offered`);
  return item;
}

test("the server says what it can do", async (t) => {
  const session = await start(t);
  const { completionProvider, signatureHelpProvider } = session.initializeResult?.capabilities ?? {};
  assert.equal(completionProvider?.resolveProvider, true);
  assert.ok(completionProvider?.triggerCharacters?.includes("$"));
  assert.deepEqual(signatureHelpProvider?.triggerCharacters, [" "]);
});

test("a client that knows snippets and shared ranges gets both, and the documentation when it asks", async (t) => {
  const session = await start(t);
  const list = await listAt(session, atWord);
  assert.deepEqual(list?.itemDefaults?.editRange, { start: { line: 3, character: 8 }, end: atWord });
  const item = itemIn(list, "proxy_pass");
  assert.equal(item.insertTextFormat, InsertTextFormat.Snippet);
  assert.equal(item.textEditText, "proxy_pass $" + "{1:URL};");
  assert.equal(item.documentation, undefined);
  const resolved = await session.connection.sendRequest(CompletionResolveRequest.type, item);
  const { kind, value } = resolved.documentation as MarkupContent;
  assert.equal(kind, "markdown");
  assert.match(value, /^```nginx\nproxy_pass URL;\n```\nin location, location if, limit_except/);
  assert.match(value, /ngx_http_proxy_module\.html#proxy_pass/);
  const sorted = [...(list?.items ?? [])].sort((a, b) => ((a.sortText ?? "") < (b.sortText ?? "") ? -1 : 1));
  assert.equal(sorted[0]?.label, "location");
  assert.ok(sorted.every((each) => each.documentation === undefined));
});

test("a client that knows neither gets plain text and a range with each item", async (t) => {
  const session = await start(t, { textDocument: {} });
  const list = await listAt(session, atWord);
  assert.equal(list?.itemDefaults, undefined);
  const range = { start: { line: 3, character: 8 }, end: atWord };
  for (const item of list?.items ?? []) {
    assert.equal(item.insertTextFormat, undefined);
    assert.ok(item.textEdit && "range" in item.textEdit);
    assert.deepEqual(item.textEdit.range, range);
    assert.doesNotMatch(item.textEdit.newText, /\$\{/);
  }
  assert.equal(itemIn(list, "proxy_pass").textEdit?.newText, "proxy_pass ");
  const resolved = await session.connection.sendRequest(CompletionResolveRequest.type, itemIn(list, "proxy_pass"));
  assert.equal((resolved.documentation as MarkupContent).kind, "plaintext");
});

test("old directives carry the tag, or the flag for clients that do not know it", async (t) => {
  const inServer = { line: 1, character: 4 };
  const tagged = itemIn(await listAt(await start(t), inServer), "ssl");
  assert.deepEqual([tagged.tags, tagged.deprecated], [[CompletionItemTag.Deprecated], undefined]);
  const flagged = itemIn(await listAt(await start(t, { textDocument: {} }), inServer), "ssl");
  assert.deepEqual([flagged.tags, flagged.deprecated], [undefined, true]);
});

test("a space brings values, but no list on a line that is only indented", async (t) => {
  const session = await start(t);
  assert.deepEqual(
    (await listAt(session, atValue, " "))?.items.map(({ label }) => label),
    ["1.1", "1.0", "2"],
  );
  assert.equal(await listAt(session, { line: 3, character: 8 }, " "), null);
  assert.notEqual(await listAt(session, { line: 3, character: 8 }), null);
  // Enter behind the brace of a block shall make a line, not take an item.
  assert.equal(await listAt(session, { line: 2, character: 18 }, "{"), null);
});

test("an item with data of somebody else comes back as it was", async (t) => {
  const session = await start(t);
  for (const data of [undefined, null, 1, "x", { kind: "directive" }, { kind: "directive", name: "constructor" }]) {
    const resolved = await session.connection.sendRequest(CompletionResolveRequest.type, { label: "x", data });
    assert.equal(resolved.documentation, undefined);
  }
});

test("signature help names the parameter by its place, or by its text for clients that know no places", async (t) => {
  const params = { textDocument: { uri }, position: atValue };
  const help = await (await start(t)).connection.sendRequest(SignatureHelpRequest.type, params);
  const [signature] = help?.signatures ?? [];
  assert.equal(signature?.label, "proxy_http_version 1.1 | 1.0 | 2");
  assert.deepEqual(signature?.parameters?.[0]?.label, [19, 32]);
  assert.equal(help?.activeParameter, 0);
  const plain = await (await start(t, { textDocument: {} })).connection.sendRequest(SignatureHelpRequest.type, params);
  assert.equal(plain?.signatures[0]?.parameters?.[0]?.label, "1.1 | 1.0 | 2");
});

test("a hover shows the form of a directive that has nothing to do with WebSockets", async (t) => {
  const session = await start(t);
  await session.change(uri, 2, [{ text: "server {\n    gzip_min_length 100;\n}\n" }]);
  const position = { line: 1, character: 8 };
  const hover = await session.connection.sendRequest(HoverRequest.type, { textDocument: { uri }, position });
  assert.ok(hover);
  const { value } = hover.contents as MarkupContent;
  assert.match(value, /gzip_min_length length;\n```\ndefault `20` · in http, server/);
});

test("nothing is offered in documents that are not open", async (t) => {
  const session = await start(t);
  const params = { textDocument: { uri: "file:///srv/other.conf" }, position: atWord };
  assert.equal(await session.connection.sendRequest(CompletionRequest.type, params), null);
  assert.equal(await session.connection.sendRequest(SignatureHelpRequest.type, params), null);
});

test("the command line carries none of the tables of the language server", () => {
  assert.doesNotMatch(readFileSync("dist/cli.cjs", "utf8"), /ngx_stream_zone_sync_module/);
  assert.match(readFileSync("dist/server.cjs", "utf8"), /ngx_stream_zone_sync_module/);
});
