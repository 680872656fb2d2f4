import assert from "node:assert/strict";
import * as vscode from "vscode";
import { chat, cleanUp, fileOf, findingsOf, openChat, openNew, waitForFindings, waitForRule } from "./editor.ts";

describe("diagnostics", () => {
  afterEach(cleanUp);

  it("mark proxy_pass of a WebSocket location without the upgrade headers", async () => {
    const { document } = await openChat();
    const finding = await waitForRule(chat, "missing-upgrade-headers");
    assert.equal(document.languageId, "nginx");
    assert.equal(finding.severity, vscode.DiagnosticSeverity.Warning);
    assert.equal(document.getText(finding.range), "proxy_pass");
    assert.equal(document.lineAt(finding.range.start.line - 1).text.trim(), "location /ws {");
  });

  it("say what happens within 90 characters and link the rule's page", async () => {
    await openChat();
    const finding = await waitForRule(chat, "missing-upgrade-headers");
    const [firstSentence] = finding.message.split(/(?<=[.:]) |\n/);
    assert.ok(firstSentence!.length <= 90, firstSentence);
    const { code } = finding;
    assert.ok(typeof code === "object", "the code is no link");
    assert.match(code.target.toString(), /missing-upgrade-headers/);
  });

  it("speak about the one file that is broken", async () => {
    await openChat();
    await waitForRule(chat, "missing-upgrade-headers");
    const neighbour = fileOf("conf.d/empty.conf");
    assert.deepEqual(findingsOf(neighbour), []);
  });

  it("are not said again about the versions that a comparison shows", async () => {
    await openChat();
    await waitForRule(chat, "missing-upgrade-headers");
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(chat));
    const provider = vscode.workspace.registerTextDocumentContentProvider("gitlens", {
      provideTextDocumentContent: () => text,
    });
    try {
      const before = await vscode.workspace.openTextDocument(chat.with({ scheme: "gitlens" }));
      assert.equal(before.languageId, "nginx");
      // Whatever is said about the old version is there before what is said about a document opened after it.
      const { document } = await openNew("conf.d/later.conf", text);
      await waitForRule(document.uri, "missing-upgrade-headers");
      assert.deepEqual(findingsOf(before.uri), []);
    } finally {
      provider.dispose();
    }
  });

  it("follow typing without a save", async () => {
    const { document } = await openChat();
    const finding = await waitForRule(chat, "missing-upgrade-headers");
    const edit = new vscode.WorkspaceEdit();
    const location = document.lineAt(finding.range.start.line - 1);
    edit.insert(chat, location.range.end, "\n        # nginx-ws: http");
    await vscode.workspace.applyEdit(edit);
    await waitForFindings(chat, "no finding after a comment says plain HTTP", (findings) => findings.length === 0);
    assert.ok(document.isDirty);
  });

  it("come back after the server was restarted by command", async () => {
    await openChat();
    await waitForRule(chat, "missing-upgrade-headers");
    const gone = waitForFindings(chat, "the findings to leave with the server", (findings) => findings.length === 0);
    await vscode.commands.executeCommand("nginx-websocket.restartServer");
    await gone;
    await waitForRule(chat, "missing-upgrade-headers");
  });

  it("leave with the file", async () => {
    const { document } = await openNew(
      "conf.d/passing.conf",
      "server {\n    location /ws {\n        proxy_pass http://127.0.0.1:8080;\n    }\n}\n",
    );
    await waitForRule(document.uri, "missing-upgrade-headers");
    await cleanUp();
    assert.deepEqual(findingsOf(document.uri), []);
  });
});

describe("hover", () => {
  afterEach(cleanUp);

  it("on proxy_pass says what the backend receives", async () => {
    await openChat();
    const finding = await waitForRule(chat, "missing-upgrade-headers");
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      "vscode.executeHoverProvider",
      chat,
      finding.range.start,
    );
    const text = hovers
      .flatMap(({ contents }) => contents)
      .map((content) => (typeof content === "string" ? content : content.value))
      .join("\n");
    assert.match(text, /`Host: chat\.example\.com` from `\$host`/);
  });
});
