import assert from "node:assert/strict";
import * as vscode from "vscode";
import { cleanUp, eventually, fileOf, openNew, show, waitForRule, writeNew } from "./editor.ts";
import { hasScreen, onScreen, readScreen } from "./screen.ts";

const main = `events {}
http {
    map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
    include sites-enabled/*.conf;
}
`;
const upstreams = `upstream talk {
    server 127.0.0.1:8080;
}
`;
const site = `server {
    listen 443 ssl;
    server_name talk.example.com;
    location /ws {
        proxy_pass http://talk;
        proxy_http_version 1.0;
        proxy_set_header Host $host;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $connection_upgrade;
        proxy_read_timeout 1h;
    }
}
`;

/** The tree of three files, the site in the editor. */
async function openSite(): Promise<vscode.TextEditor> {
  await writeNew("nginx.conf", main);
  await writeNew("sites-enabled/upstreams.conf", upstreams);
  const editor = await openNew("sites-enabled/site.conf", site);
  // Only then does the server run.
  await waitForRule(editor.document.uri, "http-version-1-0");
  return editor;
}

function positionOf(document: vscode.TextDocument, text: string): vscode.Position {
  return document.positionAt(document.getText().indexOf(text) + text.length);
}

/** What the rename of a name would change, by files. */
async function renameAt(editor: vscode.TextEditor, text: string, name: string): Promise<vscode.WorkspaceEdit> {
  const position = positionOf(editor.document, text);
  const { uri } = editor.document;
  return vscode.commands.executeCommand<vscode.WorkspaceEdit>(
    "vscode.executeDocumentRenameProvider",
    uri,
    position,
    name,
  );
}

describe("navigation", () => {
  afterEach(cleanUp);

  it("shows the blocks in the outline", async function () {
    const { document } = await openSite();
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      "vscode.executeDocumentSymbolProvider",
      document.uri,
    );
    assert.deepEqual(
      symbols.map(({ name, children }) => [name, children.map((child) => `${child.name} ${child.detail}`)]),
      [["server talk.example.com :443 ssl", ["location /ws WebSocket → http://talk"]]],
    );
    if (!hasScreen) return this.skip();
    await vscode.commands.executeCommand("outline.focus");
    const row = '.outline-pane .monaco-list-row:has-text("location /ws")';
    await onScreen({ do: "wait", selector: row, state: "visible" });
    assert.match((await readScreen(row)).join(" "), /WebSocket/);
    await onScreen({ do: "shot", path: `${process.env.NGINX_WEBSOCKET_REPORT}.outline.png` });
    await vscode.commands.executeCommand("workbench.action.closeSidebar");
  });

  it("goes to an upstream in another file", async () => {
    const editor = await openSite();
    const position = positionOf(editor.document, "http://ta");
    editor.selection = new vscode.Selection(position, position);
    await vscode.commands.executeCommand("editor.action.revealDefinition");
    const target = fileOf("sites-enabled/upstreams.conf").toString();
    const there = await eventually([vscode.window.onDidChangeActiveTextEditor], "the other file to be shown", () => {
      const active = vscode.window.activeTextEditor;
      return active?.document.uri.toString() === target ? active : undefined;
    });
    assert.equal(there.document.getText(there.document.getWordRangeAtPosition(there.selection.active)), "talk");
  });

  it("renames an upstream in two files, and a variable in two others", async () => {
    const editor = await openSite();
    for (const [text, name, files] of [
      ["http://ta", "speech", ["site.conf", "upstreams.conf"]],
      ["$connection_up", "connection_header", ["nginx.conf", "site.conf"]],
    ] as const) {
      const edit = await renameAt(editor, text, name);
      const changed = edit.entries().map(([uri]) => uri.path.split("/").at(-1));
      assert.deepEqual(changed.sort(), files);
      assert.ok(await vscode.workspace.applyEdit(edit));
      for (const [uri] of edit.entries()) {
        const { document } = await show(uri);
        assert.ok(document.getText().includes(name), `${uri.path} has the new name`);
      }
    }
    for (const document of vscode.workspace.textDocuments) if (document.isDirty) await document.save();
  });

  it("says why a name cannot be changed", async () => {
    const editor = await openSite();
    await assert.rejects(renameAt(editor, "$ho", "other"), /nginx itself/);
  });
});
