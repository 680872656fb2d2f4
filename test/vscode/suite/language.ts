import assert from "node:assert/strict";
import * as vscode from "vscode";
import { cleanUp, fileOf, isClean, ruleOf, show, waitForFindings } from "./editor.ts";

const broken = `server {
    location /ws {
        proxy_pass http://127.0.0.1:8080;
    }
}
`;

describe("snippets", () => {
  afterEach(cleanUp);

  it("ws-location expands to a clean location", async () => {
    const uri = fileOf("conf.d/empty.conf");
    const editor = await show(uri);
    const end = editor.document.lineAt(3).range.end;
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      "vscode.executeCompletionItemProvider",
      uri,
      end,
    );
    const [snippet, ...others] = items.filter(
      ({ label }) => (typeof label === "string" ? label : label.label) === "ws-location",
    );
    assert.ok(snippet?.insertText instanceof vscode.SnippetString, "there is no snippet ws-location");
    assert.equal(others.length, 0, "ws-location is offered twice");
    await editor.insertSnippet(snippet.insertText, end);
    assert.match(editor.document.getText(), /location \S+ \{[^}]*proxy_set_header\s+Upgrade\s+\$http_upgrade;/);
    // A mistake behind the snippet shows that the new text was judged.
    const at = editor.document.lineAt(editor.document.lineCount - 1).range.end;
    await editor.edit((edit) => edit.insert(at, `\n${broken}`));
    const findings = await waitForFindings(uri, "the mistake behind the snippet", (found) => !isClean(found));
    const serious = findings.filter(({ severity }) => severity <= vscode.DiagnosticSeverity.Warning);
    const brokenStart = editor.document.getText().lastIndexOf("server {");
    const inSnippet = serious.filter(({ range }) => editor.document.offsetAt(range.start) < brokenStart);
    assert.deepEqual(inSnippet.map(ruleOf), []);
  });
});
