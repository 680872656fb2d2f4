import assert from "node:assert/strict";
import * as vscode from "vscode";
import {
  actionsAt,
  apply,
  chat,
  cleanUp,
  eventually,
  openChat,
  openNew,
  show,
  source,
  waitForFindings,
  waitForRule,
  writeNew,
} from "./editor.ts";
import { hasScreen, onScreen, readScreen } from "./screen.ts";

const rule = "missing-upgrade-headers";
const preview = "vscode.markdown.preview.editor";
const extension = vscode.extensions.all.find(({ packageJSON }) => packageJSON.name === source)!;

/** What the command puts into the clipboard. */
async function debugInformation(): Promise<string> {
  await vscode.env.clipboard.writeText("");
  await vscode.commands.executeCommand("nginx-websocket.copyDebugInformation");
  return vscode.env.clipboard.readText();
}

/** Waits until the active tab is one that satisfies this. */
async function waitForTab(what: string, holds: (input: unknown) => boolean): Promise<void> {
  const tabs = (): readonly string[] => {
    return vscode.window.tabGroups.all.flatMap((group) => group.tabs.map((tab) => JSON.stringify(tab.input)));
  };
  await eventually(
    [vscode.window.tabGroups.onDidChangeTabs, vscode.window.tabGroups.onDidChangeTabGroups],
    () => `a ${what}; there is: ${tabs().join(", ")}`,
    () => holds(vscode.window.tabGroups.activeTabGroup.activeTab?.input) || undefined,
  );
}

const isPage = (input: unknown): boolean =>
  input instanceof vscode.TabInputCustom && input.viewType === preview && input.uri.path === `/${rule}.md`;

describe("debug information", () => {
  afterEach(cleanUp);

  it("names versions, the state of the file and what was found, and nothing of its contents", async () => {
    await openChat();
    await waitForRule(chat, rule);
    const text = await debugInformation();
    assert.match(
      text,
      new RegExp(`extension ${extension.packageJSON.version}, language server running, on Node\\.js \\d+`),
    );
    assert.match(text, new RegExp(`${vscode.version}, .*extension host Node\\.js`));
    assert.match(text, /conf\.d\/chat\.conf: language nginx, scheme file, \d+ characters, \d+ lines/);
    assert.match(text, /nginx version unknown · fragment: nobody includes it/);
    assert.match(text, new RegExp(`findings: ${rule} × 1`));
    assert.doesNotMatch(text, /chat\.example\.com|proxy_pass/);
    assert.ok(!text.includes(vscode.workspace.workspaceFolders![0]!.uri.fsPath), text);
  });

  it("follows the configuration: the version of the root that includes the file", async () => {
    const site = await writeNew(
      "versioned/site.conf",
      "server {\n    location /ws { proxy_pass http://127.0.0.1:8080; }\n}\n",
    );
    const root = await openNew(
      "versioned/nginx.conf",
      "# nginx-ws: version 1.28.0\nevents {}\nhttp {\n    include site.conf;\n    include gone.conf;\n}\n",
    );
    await waitForRule(root.document.uri, "include-not-found");
    await show(site);
    const text = await debugInformation();
    assert.match(text, /nginx 1\.28\.0 · in nginx\.conf \(version from a comment · 1 include not found\)/);
    assert.match(text, /root versioned\/nginx\.conf: main, 2 file\(s\)/);
    assert.match(text, /include gone\.conf \(versioned\/nginx\.conf\)/);
  });

  it("lists settings that somebody changed, with shortened folders", async () => {
    await openChat();
    await waitForRule(chat, rule);
    const settings = vscode.workspace.getConfiguration("nginxWebsocket");
    const target = vscode.ConfigurationTarget.Global;
    const workspaceFolder = vscode.workspace.workspaceFolders![0]!;
    await settings.update(
      "includeRoots",
      { "/etc/nginx": `${workspaceFolder.uri.fsPath}/deploy`, "/x": "/home/somebody/secret/nginx" },
      target,
    );
    try {
      const text = await debugInformation();
      assert.ok(text.includes(`"<${workspaceFolder.name}>/deploy"`), text);
      assert.match(text, /"…\/nginx"/);
      assert.doesNotMatch(text, /somebody|secret/);
    } finally {
      await settings.update("includeRoots", undefined, target);
    }
  });
});

describe("rule documentation", () => {
  afterEach(cleanUp);

  it("opens as a rendered page by command", async () => {
    await openChat();
    await vscode.commands.executeCommand("nginx-websocket.openRuleDocs", rule);
    await waitForTab("page", isPage);
  });

  it("is a choice in the light bulb", async () => {
    await openChat();
    const finding = await waitForRule(chat, rule);
    const explanation = (await actionsAt(chat, finding.range)).find(({ title }) => title === `Explain ${rule}`);
    await apply(explanation!);
    await waitForTab("page", isPage);
  });

  it("opens as a rendered page by the link of a problem", async () => {
    await openChat();
    const { code } = await waitForRule(chat, rule);
    assert.ok(typeof code === "object");
    // What a click on the link does.
    await vscode.commands.executeCommand("vscode.open", code.target);
    await waitForTab("page", isPage);
  });

  it("opens by a click in the hover", async function () {
    if (!hasScreen) this.skip();
    await openChat();
    await waitForRule(chat, rule);
    const link = `.monaco-hover a.code-link:has-text("${rule}")`;
    await onScreen({ do: "hover", selector: ".monaco-editor .squiggly-warning", shows: link });
    await onScreen({ do: "click", selector: link });
    await waitForTab("page", isPage);
  });

  it("has every page that the overview names, and its links lead somewhere", async () => {
    const pages = vscode.Uri.from({ scheme: "nginx-websocket-docs", path: "/README.md" });
    const overview = new TextDecoder().decode(await vscode.workspace.fs.readFile(pages));
    const names = [...overview.matchAll(/\]\(([\w-]+\.md)\)/g)].map((match) => match[1]!);
    assert.ok(names.length > 50);
    const found = new Set<string>();
    for (const name of names) {
      const uri = pages.with({ path: `/${name}` });
      const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
      for (const [, target] of text.matchAll(/\]\((?!\w+:|#)([^)#\s]+)/g)) {
        const linked = vscode.Uri.joinPath(uri, "..", target!);
        if (!found.has(linked.path)) await vscode.workspace.fs.stat(linked);
        found.add(linked.path);
      }
    }
    assert.equal(vscode.workspace.fs.isWritableFileSystem("nginx-websocket-docs"), false);
    await assert.rejects(async () => vscode.workspace.fs.readFile(pages.with({ path: "/../../package.json" })));
  });
});

describe("walkthrough", () => {
  afterEach(cleanUp);

  it("has four steps whose pictures ship and whose commands exist", async () => {
    const [walkthrough, ...others] = extension.packageJSON.contributes.walkthroughs;
    assert.deepEqual(others, []);
    assert.equal(walkthrough.steps.length, 4);
    const commands = new Set(await vscode.commands.getCommands());
    for (const { media, description, completionEvents } of walkthrough.steps) {
      for (const path of Object.values<string>(media.image)) {
        await vscode.workspace.fs.stat(vscode.Uri.joinPath(extension.extensionUri, path));
      }
      assert.ok(media.altText.length > 20);
      const named = [...description.matchAll(/\(command:(?:toSide:)?([\w.-]+)/g)].map((match) => match[1]!);
      const completing = completionEvents.flatMap((event: string) => /^onCommand:(.+)/.exec(event)?.[1] ?? []);
      for (const command of [...named, ...completing]) assert.ok(commands.has(command), command);
    }
  });

  it("opens an example in which a socket cannot open", async () => {
    await vscode.commands.executeCommand("nginx-websocket.openExample");
    const { document, selection } = vscode.window.activeTextEditor!;
    assert.ok(document.isUntitled);
    assert.equal(document.languageId, "nginx");
    const finding = await waitForRule(document.uri, rule);
    assert.ok(finding.range.contains(selection.active));
    const [fix] = await actionsAt(document.uri, finding.range);
    await apply(fix!);
    await waitForFindings(document.uri, "nothing", (findings) => findings.length === 0);
  });
});

describe("status", () => {
  before(function () {
    if (!hasScreen) this.skip();
  });
  afterEach(cleanUp);

  it("says beside the language which version counts and where the file is judged", async () => {
    await openChat();
    await waitForRule(chat, rule);
    const entry = "#status\\.languageStatus";
    const popup = ".hover-language-status .left";
    const standing = `${popup}:has-text("fragment: nobody includes it")`;
    await onScreen({ do: "hover", selector: entry, shows: standing });
    assert.match((await readScreen(popup)).join("\n"), /nginx version unknown · fragment: nobody includes it/);
    assert.match((await readScreen(".hover-language-status .right")).join("\n"), /Actions…/);
    await onScreen({ do: "press", keys: "Escape" });
    await onScreen({ do: "move", x: 5, y: 5 });
  });
});
