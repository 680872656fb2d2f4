import assert from "node:assert/strict";
import * as vscode from "vscode";
import { nginxFiles } from "../../association/nginx-files.ts";
import { otherPrograms } from "../../association/other-programs.ts";
import { cleanUp, eventually, fileOf, openNew, show, waitForLanguage, waitForRule, writeNew } from "./editor.ts";
import { hasScreen, onScreen } from "./screen.ts";

/** All are looked at by a faster test; these are what people have open. */
const usual = [
  "redis",
  "httpd",
  "chat.service",
  "supervisord",
  "haproxy",
  "postgresql",
  "named",
  "dhcpd",
  "application",
];
const broken = nginxFiles["chat.conf"]!;
const redis = otherPrograms["redis.conf"]!;

let count = 0;

/** Everything that would happen to the documents before has happened when this one is nginx. */
async function openLast(): Promise<void> {
  count++;
  const { document } = await openNew(`last-${count}.conf`, broken);
  await waitForLanguage(document, "nginx");
}

async function set(section: string, key: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration(section).update(key, value, vscode.ConfigurationTarget.Global);
}

/** Clicks on an answer to the question about a file. */
async function answer(name: string, button: string): Promise<void> {
  const selector = `.notification-list-item:has-text("${name}") .monaco-button:has-text("${button}")`;
  // A window that a program drives shows notifications only when asked.
  await vscode.commands.executeCommand("notifications.showList");
  await onScreen({ do: "wait", selector, state: "visible" });
  await onScreen({ do: "click", selector });
}

describe("a .conf file", () => {
  afterEach(cleanUp);

  it("of another program keeps its language", async () => {
    const documents: vscode.TextDocument[] = [];
    for (const name of usual) {
      documents.push((await openNew(`other/${name}.conf`, otherPrograms[`${name}.conf`]!)).document);
    }
    await openLast();
    for (const { languageId, fileName } of documents) assert.equal(languageId, "properties", fileName);
  });

  it("that is nginx configuration becomes it, and is judged", async () => {
    for (const name of ["ssl.conf", "upgrade.conf", "chat.conf"]) {
      const { document } = await openNew(`own/${name}`, nginxFiles[name]!);
      await waitForLanguage(document, "nginx");
    }
    await waitForRule(fileOf("own/chat.conf"), "missing-upgrade-headers");
  });

  it("becomes it when its text does, on save", async () => {
    const editor = await openNew("later.conf", "");
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), broken));
    assert.equal(editor.document.languageId, "properties");
    await editor.document.save();
    await waitForLanguage(editor.document, "nginx");
  });

  it("stays what somebody has made of it by hand, also when it is opened again", async () => {
    const uri = await writeNew("back.conf", broken);
    const { document } = await show(uri);
    await waitForLanguage(document, "nginx");
    await vscode.languages.setTextDocumentLanguage(document, "properties");
    await openLast();
    assert.equal(document.languageId, "properties");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    const again = await show(uri);
    await openLast();
    assert.equal(again.document.languageId, "properties");
  });

  it("stays what the user's files.associations say", async () => {
    await set("files", "associations", { "*.Mine.conf": "ini", "**/kept/*.conf": "properties" });
    try {
      const named = (await openNew("a.mine.conf", broken)).document;
      const placed = (await openNew("kept/b.conf", broken)).document;
      await openLast();
      assert.equal(named.languageId, "ini");
      assert.equal(placed.languageId, "properties");
    } finally {
      await set("files", "associations", undefined);
    }
  });

  it("stays as it is when detection is off, whether it is included or not", async () => {
    await set("nginxWebsocket", "confDetection", "off");
    try {
      const { document } = await openNew("off.conf", broken);
      await writeNew("off/part", "proxy_read_timeout 1h;\n");
      const whole = await openNew("off/nginx.conf", `http { include part; ${broken} }\nevents {}\n`);
      await waitForRule(whole.document.uri, "missing-upgrade-headers");
      const part = (await show(fileOf("off/part"))).document;
      // The server answers in order, so a hover comes after what may have been asked before.
      await vscode.commands.executeCommand(
        "vscode.executeHoverProvider",
        whole.document.uri,
        new vscode.Position(0, 0),
      );
      assert.equal(document.languageId, "properties");
      assert.equal(part.languageId, "plaintext");
    } finally {
      await set("nginxWebsocket", "confDetection", undefined);
    }
  });

  it("is asked about once, if people want that", async function () {
    if (!hasScreen) this.skip();
    await set("nginxWebsocket", "confDetection", "ask");
    try {
      const { document } = await openNew("asked.conf", broken);
      await answer("asked.conf", "Yes");
      await waitForLanguage(document, "nginx");
      const other = (await openNew("asked-again.conf", broken)).document;
      await answer("asked-again.conf", "Never");
      const setting = (): unknown =>
        vscode.workspace.getConfiguration("nginxWebsocket").inspect("confDetection")?.globalValue;
      await eventually(
        [vscode.workspace.onDidChangeConfiguration],
        () => `the setting to be off; it is ${setting()}`,
        () => setting() === "off" || undefined,
      );
      assert.equal(other.languageId, "properties");
    } finally {
      await set("nginxWebsocket", "confDetection", undefined);
      await vscode.commands.executeCommand("notifications.clearAll");
      await vscode.commands.executeCommand("notifications.hideList");
    }
  });
});

describe("a file that nginx configuration includes", () => {
  afterEach(cleanUp);

  it("becomes nginx whatever it is called, before or after the configuration is opened", async () => {
    await writeNew("site/parts/timeouts", "proxy_read_timeout 1h;\n");
    await writeNew("site/parts/redis.ini", redis);
    const first = await openNew("site/parts/limits.txt", "# 10 MB\nclient_max_body_size 10m;\n");
    assert.equal(first.document.languageId, "plaintext");
    const text = `events {}\nhttp {\n    include parts/limits.txt;\n    include parts/timeouts;\n    ${broken}}\n`;
    const beside = { viewColumn: vscode.ViewColumn.Beside };
    await show(await writeNew("site/nginx.conf", text), beside);
    await waitForLanguage(first.document, "nginx");
    const second = await show(fileOf("site/parts/timeouts"), beside);
    await waitForLanguage(second.document, "nginx");
    const other = await show(fileOf("site/parts/redis.ini"), beside);
    await openLast();
    assert.equal(other.document.languageId, "ini");
  });
});
