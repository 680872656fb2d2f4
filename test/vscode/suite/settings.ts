import assert from "node:assert/strict";
import * as vscode from "vscode";
import {
  actionsAt,
  apply,
  chat,
  cleanUp,
  newFileOf,
  openChat,
  ruleOf,
  show,
  waitForFindings,
  waitForRule,
  writeNew,
} from "./editor.ts";

const name = ".nginx-websocket.json";
const rule = "missing-upgrade-headers";

const isSilent = (findings: readonly vscode.Diagnostic[]): boolean => findings.every((each) => ruleOf(each) !== rule);

/**
 * Deletes the project file while it switches the rule off. That the rule is back says that the server has noticed; until
 * then the next test would be judged by this file.
 */
async function deleteNoticed(uri: vscode.Uri): Promise<void> {
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(`{ "rules": { "${rule}": "off" } }`));
  await waitForFindings(chat, "nothing about the rule", isSilent);
  await vscode.workspace.fs.delete(uri);
  await waitForRule(chat, rule);
}

describe("the project file", () => {
  afterEach(cleanUp);

  it("says how serious a rule is, and is watched", async () => {
    await openChat();
    assert.equal((await waitForRule(chat, rule)).severity, vscode.DiagnosticSeverity.Warning);
    const uri = await writeNew(name, `{ "rules": { "${rule}": "error" } } // ours\n`);
    const isError = (finding: vscode.Diagnostic): boolean =>
      ruleOf(finding) === rule && finding.severity === vscode.DiagnosticSeverity.Error;
    await waitForFindings(chat, "an error", (findings) => findings.some(isError));

    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(`{ "rulez": {} }`));
    await waitForFindings(uri, "a complaint about the key", (findings) => /“rulez”/.test(findings[0]?.message ?? ""));
    await waitForFindings(chat, "a warning again", (findings) =>
      findings.some((each) => ruleOf(each) === rule && !isError(each)),
    );
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode("{}"));
    await waitForFindings(uri, "nothing to complain about", (findings) => findings.length === 0);
    await deleteNoticed(uri);
  });

  it("is JSON with comments, and what is typed into it counts before it is saved", async () => {
    await openChat();
    await waitForRule(chat, rule);
    const uri = await writeNew(name, "{}");
    const { document } = await show(uri);
    assert.equal(document.languageId, "jsonc");
    const edit = new vscode.WorkspaceEdit();
    edit.replace(uri, new vscode.Range(0, 0, 0, 2), `{ "rules": { "${rule}": "off" } }`);
    await vscode.workspace.applyEdit(edit);
    await waitForFindings(chat, "nothing about the rule", isSilent);
    assert.ok(document.isDirty);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    await waitForRule(chat, rule);
    await deleteNoticed(uri);
  });

  it("is created by the last action of the light bulb, which switches the rule off", async () => {
    const uri = newFileOf(name);
    await openChat();
    const finding = await waitForRule(chat, rule);
    const actions = await actionsAt(chat, finding.range);
    const last = actions.at(-1)!;
    assert.equal(last.title, `Turn ${rule} off for this project`);
    await apply(last);
    await waitForFindings(chat, "nothing about the rule", isSilent);
    const { document } = await show(uri);
    assert.match(document.getText(), /"missing-upgrade-headers": "off"/);
    assert.ok(await document.save());
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
    await deleteNoticed(uri);
  });

  it("is completed with the ids of the rules", async function () {
    // The extension that completes JSON is a part of the desktop product; the test profile may be without it.
    if (vscode.extensions.getExtension("vscode.json-language-features") === undefined) this.skip();
    const uri = await writeNew(name, `{ "rules": {  } }`);
    await show(uri);
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      "vscode.executeCompletionItemProvider",
      uri,
      new vscode.Position(0, 13),
    );
    const labels = items.map(({ label }) => (typeof label === "string" ? label : label.label));
    assert.ok(labels.includes(rule), labels.slice(0, 5).join(", "));
  });
});
