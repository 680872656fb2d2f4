import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import {
  actionsAt,
  apply,
  cleanUp,
  isClean,
  openChat,
  ruleOf,
  source,
  waitForFindings,
  waitForRule,
} from "./editor.ts";

const rule = "missing-upgrade-headers";

/** Opens the broken chat service and waits until it is reported. */
async function openBroken(): Promise<{ readonly editor: vscode.TextEditor; readonly finding: vscode.Diagnostic }> {
  const editor = await openChat();
  return { editor, finding: await waitForRule(editor.document.uri, rule) };
}

/** Whether an action only adds a comment that allows the mistake. */
function isSuppression(action: vscode.CodeAction): boolean {
  const added = action.edit?.entries().flatMap(([, edits]) => edits.map((edit) => edit.newText)) ?? [];
  return added.length > 0 && added.every((text) => /# nginx-ws: allow/.test(text));
}

describe("quick fix", () => {
  afterEach(cleanUp);

  it("offers exactly one preferred repair, first, then explains, and suppresses last", async () => {
    const { editor, finding } = await openBroken();
    const { document } = editor;
    // A second finding about the same word, whose repair is a matter of taste.
    const other = "read-timeout-default";
    const timeout = document.positionAt(document.getText().indexOf("proxy_read_timeout")).line;
    await editor.edit((edit) => edit.delete(document.lineAt(timeout).rangeIncludingLineBreak));
    await waitForRule(document.uri, other);
    const actions = await actionsAt(document.uri, finding.range);
    assert.deepEqual(
      actions.map(({ title }) => title),
      [
        "Forward the Upgrade and Connection headers with a map for $connection_upgrade_chat",
        "Let a quiet tunnel live for an hour",
        `Explain ${rule}`,
        `Explain ${other}`,
        `Allow ${rule} on this line`,
        `Allow ${rule} in this file`,
        `Allow ${other} on this line`,
        `Allow ${other} in this file`,
        `Turn ${rule} off for this project`,
        `Turn ${other} off for this project`,
      ],
    );
    assert.deepEqual(
      actions.map((action) => action.isPreferred === true),
      actions.map((_, index) => index === 0),
    );
  });

  it("repairs the file, which nginx has to confirm", async () => {
    const { editor, finding } = await openBroken();
    const { document } = editor;
    const proof = process.env.NGINX_WEBSOCKET_PROOF!;
    mkdirSync(proof, { recursive: true });
    writeFileSync(join(proof, "broken.conf"), document.getText());
    const [fix] = await actionsAt(document.uri, finding.range);
    await apply(fix!);
    await document.save();
    await waitForFindings(document.uri, "no error and no warning", isClean);
    assert.equal(document.isDirty, false);
    copyFileSync(document.uri.fsPath, join(proof, "fixed.conf"));
  });

  it("can be undone in one step", async () => {
    const { editor, finding } = await openBroken();
    const before = editor.document.getText();
    const [fix] = await actionsAt(editor.document.uri, finding.range);
    await apply(fix!);
    assert.notEqual(editor.document.getText(), before);
    await vscode.commands.executeCommand("undo");
    assert.equal(editor.document.getText(), before);
    await waitForRule(editor.document.uri, rule);
  });

  it("suppresses a finding with a comment", async () => {
    const { editor, finding } = await openBroken();
    const actions = await actionsAt(editor.document.uri, finding.range);
    const suppression = actions.find(isSuppression);
    await apply(suppression!);
    await waitForFindings(editor.document.uri, "the finding to be gone", (findings) =>
      findings.every((each) => ruleOf(each) !== rule),
    );
    assert.match(editor.document.getText(), /# nginx-ws: allow missing-upgrade-headers/);
  });
});

describe("fix all", () => {
  afterEach(cleanUp);

  it("is offered as a source action and repairs the file", async () => {
    const { document } = (await openBroken()).editor;
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const [fixAll, ...others] = await actionsAt(document.uri, whole, `source.fixAll.${source}`);
    assert.deepEqual(others, []);
    await apply(fixAll!);
    await waitForFindings(document.uri, "no error and no warning", isClean);
  });

  it("runs on save for those who want it", async () => {
    const { editor } = await openBroken();
    const settings = vscode.workspace.getConfiguration("editor", editor.document.uri);
    await settings.update(
      "codeActionsOnSave",
      { [`source.fixAll.${source}`]: "explicit" },
      vscode.ConfigurationTarget.Global,
    );
    try {
      // A file without changes is not saved, so one is made.
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), "\n"));
      await vscode.commands.executeCommand("workbench.action.files.save");
      await waitForFindings(editor.document.uri, "no error and no warning", isClean);
      assert.match(editor.document.getText(), /proxy_set_header\s+Upgrade\s+\$http_upgrade;/);
      assert.equal(editor.document.isDirty, false);
    } finally {
      await settings.update("codeActionsOnSave", undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it("runs as a command", async () => {
    const { document } = (await openBroken()).editor;
    await vscode.commands.executeCommand("nginx-websocket.fixAll");
    await waitForFindings(document.uri, "no error and no warning", isClean);
  });
});
