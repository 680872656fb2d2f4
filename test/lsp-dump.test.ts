// A dump of `nginx -T` that somebody opens in an editor.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { HoverRequest, type TextDocumentEdit } from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { Session } from "./lsp-session.ts";

const dump = `nginx: the configuration file /etc/nginx/nginx.conf syntax is ok
nginx: configuration file /etc/nginx/nginx.conf test is successful
# configuration file /etc/nginx/nginx.conf:
worker_rlimit_nofile 40000;
events { worker_connections 20000; }
http {
    map $http_upgrade $connection_upgrade { default upgrade; '' close; }
    server {
        listen 80;
        include /etc/nginx/snippets/app.conf;
    }
}

# configuration file /etc/nginx/snippets/app.conf:
location /ws {
    proxy_pass http://127.0.0.1:8080;
    proxy_http_version 1.0;
    proxy_set_header Host $http_host;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $connection_upgrade;
    proxy_read_timeout 1h;
}

`;
const uri = "file:///home/me/dump.txt";

test("an open dump: found, explained, fixed in place, edited", async (t) => {
  const session = await Session.start();
  t.after(() => session.kill());
  const diagnostics = await session.open(uri, dump);
  assert.deepEqual(
    diagnostics.map(({ code, range }) => [code, range.start]),
    [["http-version-1-0", { line: 16, character: 23 }]],
  );
  const hover = await session.connection.sendRequest(HoverRequest.type, {
    textDocument: { uri },
    position: { line: 16, character: 6 },
  });
  assert.deepEqual(hover?.range?.start, { line: 16, character: 4 });

  const [fix] = await session.actions(uri, diagnostics[0]!.range, { diagnostics });
  const [edit] = fix!.edit!.documentChanges as TextDocumentEdit[];
  assert.equal(edit!.textDocument.uri, uri);
  const document = TextDocument.create(uri, "nginx", 1, dump);
  const fixed = TextDocument.applyEdits(document, edit!.edits as []);
  assert.equal(fixed, dump.replace("version 1.0", "version 1.1"));
  assert.deepEqual(await session.open(uri, fixed, 2), []);

  // Another edit of an included file.
  const [lost] = await session.open(uri, fixed.replace("Upgrade $http_upgrade", "X-Upgrade $http_upgrade"), 3);
  assert.equal(lost?.range.start.line, 15, JSON.stringify(lost));
  assert.ok((lost?.relatedInformation ?? []).every(({ location }) => location.uri === uri));
});

test("the manifest recognises a dump by its first line", () => {
  const manifest = JSON.parse(readFileSync("package.json", "utf8"));
  const language = manifest.contributes.languages.find(({ id }: { id: string }) => id === "nginx");
  const firstLine = new RegExp(language.firstLine);
  const lines = dump.split("\n");
  for (const line of lines.slice(0, 3)) assert.match(line, firstLine);
  for (const line of ["# configuration file of nginx", "nginx: x", "server {", "#!/bin/sh"]) {
    assert.doesNotMatch(line, firstLine);
  }
});
