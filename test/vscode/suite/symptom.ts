import assert from "node:assert/strict";
import * as vscode from "vscode";
import { chat, cleanUp, nextChange, openChat, waitForRule } from "./editor.ts";

describe("explain a symptom", () => {
  afterEach(cleanUp);

  it("shows the answer beside the configuration, with a link to the place where the rule fires", async () => {
    await openChat();
    const finding = await waitForRule(chat, "missing-upgrade-headers");
    await vscode.commands.executeCommand("nginx-websocket.explainSymptom", "Unexpected response code: 426");
    const { document } = vscode.window.activeTextEditor!;
    assert.match(document.getText(), /^# The handshake is answered with `426`\n/);
    const line = finding.range.start.line + 1;
    assert.match(document.getText(), new RegExp(`: chat\\.conf:${line}: missing-upgrade-headers: WebSocket fails`));
    const found = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
      "vscode.executeLinkProvider",
      document.uri,
    );
    const links = found.map(({ range, target }) => [document.getText(range), target?.toString()]);
    assert.deepEqual(links[0], [`chat.conf:${line}`, chat.with({ fragment: `L${line}` }).toString()]);
    assert.equal(links[1]?.[0], "missing-upgrade-headers");
    assert.equal(vscode.workspace.fs.isWritableFileSystem(document.uri.scheme), undefined);
  });

  it("replaces an answer by the next one", async () => {
    await openChat();
    await waitForRule(chat, "missing-upgrade-headers");
    await vscode.commands.executeCommand("nginx-websocket.explainSymptom", "426");
    const { document } = vscode.window.activeTextEditor!;
    const changed = nextChange(document);
    await vscode.commands.executeCommand("nginx-websocket.explainSymptom", "1006");
    await changed;
    assert.match(document.getText(), /^# Close code `1006`/);
  });
});
