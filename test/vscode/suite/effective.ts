import assert from "node:assert/strict";
import * as vscode from "vscode";
import { chat, cleanUp, nextChange, openChat, waitForRule } from "./editor.ts";

describe("show the effective configuration", () => {
  afterEach(cleanUp);

  it("opens a read-only document beside, in the colours of nginx, that follows the configuration", async () => {
    const editor = await openChat();
    const finding = await waitForRule(chat, "missing-upgrade-headers");
    editor.selection = new vscode.Selection(finding.range.start, finding.range.start);
    await vscode.commands.executeCommand("nginx-websocket.showEffective");
    const { document, viewColumn } = vscode.window.activeTextEditor!;
    assert.equal(document.uri.scheme, "nginx-websocket-effective");
    assert.equal(document.languageId, "nginx");
    assert.notEqual(viewColumn, editor.viewColumn);
    assert.match(document.getText(), /^# location /);
    assert.match(document.getText(), /That is no WebSocket handshake/);
    assert.equal(vscode.languages.getDiagnostics(document.uri).length, 0);
    const changed = nextChange(document);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(chat, new vscode.Position(0, 0), "# one line more\n");
    await vscode.workspace.applyEdit(edit);
    await changed;
  });
});
