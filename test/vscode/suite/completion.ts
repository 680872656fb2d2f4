import assert from "node:assert/strict";
import * as vscode from "vscode";
import { cleanUp, nextChange, openNew } from "./editor.ts";
import { hasScreen, onScreen, readScreen } from "./screen.ts";

const text = `map $http_upgrade $connection_upgrade {
    default upgrade;
    ''      '';
}

server {
    listen 80;
    location /ws {
        proxy_pass http://127.0.0.1:8080;

    }
}
`;
const emptyLine = new vscode.Position(9, 0);

function labelOf({ label }: vscode.CompletionItem): string {
  return typeof label === "string" ? label : label.label;
}

async function openWith(line: string): Promise<vscode.TextEditor> {
  const editor = await openNew("conf.d/completion.conf", text);
  await editor.edit((edit) => edit.insert(emptyLine, line));
  const end = editor.document.lineAt(9).range.end;
  editor.selection = new vscode.Selection(end, end);
  return editor;
}

async function picture(name: string, selector: string): Promise<void> {
  // For whoever looks into a failure; the documentation shows none of these.
  const path = `${process.env.NGINX_WEBSOCKET_REPORT}.${name}.png`;
  const selectors = [".part.editor .title", ".part.editor .view-line", selector];
  await onScreen({ do: "shot", path, selectors, margin: 1 });
}

describe("completion", () => {
  afterEach(cleanUp);

  it("offers the directives of a location, WebSocket first, and inserts what is missing", async () => {
    const editor = await openWith("        proxy_s");
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      "vscode.executeCompletionItemProvider",
      editor.document.uri,
      editor.selection.active,
      undefined,
      20,
    );
    const labels = items.map(labelOf);
    assert.ok(labels.includes("proxy_set_header"), labels.slice(0, 20).join(", "));
    assert.ok(!labels.includes("server"), "a server cannot stand in a location");
    const item = items.find((each) => labelOf(each) === "proxy_set_header")!;
    assert.ok(item.insertText instanceof vscode.SnippetString);
    assert.match(item.insertText.value, /^proxy_set_header /);
    assert.equal(items.filter((each) => labelOf(each) === "proxy_set_header").length, 1);
  });

  it("shows signature help with the argument that is being written", async () => {
    const editor = await openWith("        proxy_set_header Upgrade ");
    const help = await vscode.commands.executeCommand<vscode.SignatureHelp>(
      "vscode.executeSignatureHelpProvider",
      editor.document.uri,
      editor.selection.active,
    );
    assert.equal(help.signatures[0]?.label, "proxy_set_header field value");
    assert.equal(help.activeParameter, 1);
  });

  it("shows the list on the screen, and accepting gives the right text", async function () {
    if (!hasScreen) this.skip();
    const editor = await openWith("        proxy_set");
    const row = ".suggest-widget.visible .monaco-list-row";
    await vscode.commands.executeCommand("editor.action.triggerSuggest");
    await onScreen({ do: "wait", selector: row, state: "visible" });
    assert.match((await readScreen(row)).join("\n"), /proxy_set_header/);
    await picture("completion", ".suggest-widget.visible");
    const changed = nextChange(editor.document);
    await vscode.commands.executeCommand("acceptSelectedSuggestion");
    await changed;
    assert.equal(editor.document.lineAt(9).text.trim(), "proxy_set_header field value;");
    await vscode.commands.executeCommand("leaveSnippet");
  });

  it("shows headers with their values, and the arguments, on the screen", async function () {
    if (!hasScreen) this.skip();
    await openWith("        proxy_set_header ");
    const row = ".suggest-widget.visible .monaco-list-row";
    await vscode.commands.executeCommand("editor.action.triggerSuggest");
    await onScreen({ do: "wait", selector: `${row}:has-text("$http_upgrade")`, state: "visible" });
    await picture("completion-headers", ".suggest-widget.visible");
    await vscode.commands.executeCommand("hideSuggestWidget");
    await vscode.commands.executeCommand("editor.action.triggerParameterHints");
    const hints = ".parameter-hints-widget.visible";
    await onScreen({ do: "wait", selector: hints, state: "visible" });
    assert.match((await readScreen(hints)).join("\n"), /proxy_set_header field value/);
    await picture("signature-help", hints);
  });
});
