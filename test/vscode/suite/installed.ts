import assert from "node:assert/strict";
import { readFileSync, realpathSync } from "node:fs";
import { join, relative } from "node:path";
import { unzipSync } from "fflate";
import * as vscode from "vscode";
import {
  actionsAt,
  apply,
  chat,
  cleanUp,
  fileOf,
  isClean,
  openChat,
  show,
  waitForFindings,
  waitForRule,
} from "./editor.ts";
import { runSuites } from "./mocha.ts";
import { hasScreen, onScreen, readScreen } from "./screen.ts";

const rule = "missing-upgrade-headers";
const preview = "vscode.markdown.preview.editor";
const extension = vscode.extensions.getExtension("nginx-websocket.nginx-websocket")!;

/** What is in the .vsix below `extension/`, which becomes the folder of the extension. */
function packed(): ReadonlyMap<string, Uint8Array> {
  const entries = Object.entries(unzipSync(readFileSync(process.env.NGINX_WEBSOCKET_VSIX!)));
  const inside = entries.filter(([name]) => name.startsWith("extension/"));
  return new Map(inside.map(([name, bytes]) => [name.slice("extension/".length), bytes]));
}

/** The folder that the extension was installed into. */
function installed(path: string): string {
  return join(extension.extensionPath, path);
}

/** Waits until the rendered page of the rule is the active tab. */
function waitForPage(): Promise<void> {
  const isPage = (): boolean => {
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    return input instanceof vscode.TabInputCustom && input.viewType === preview && input.uri.path === `/${rule}.md`;
  };
  if (isPage()) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => finish(() => reject(new Error("the page of the rule did not open"))), 10_000);
    const listener = vscode.window.tabGroups.onDidChangeTabs(() => {
      if (isPage()) finish(resolve);
    });
    function finish(end: () => void): void {
      clearTimeout(timer);
      listener.dispose();
      end();
    }
  });
}

/** What VS Code calls to run the tests; throws when one fails. */
export async function run(): Promise<void> {
  await runSuites(async () => {
    describe("the installed extension", () => {
      afterEach(cleanUp);

      it("lies where VS Code installs extensions, with every file of the .vsix and the manifest's version", () => {
        const folder = relative(
          realpathSync(process.env.NGINX_WEBSOCKET_EXTENSIONS!),
          realpathSync(extension.extensionPath),
        );
        assert.match(folder, /^nginx-websocket\.nginx-websocket-[^/\\]+$/);
        const files = packed();
        assert.ok(files.size > 20);
        for (const [path, bytes] of files) {
          // VS Code adds to the manifest where the extension comes from.
          if (path === "package.json") continue;
          assert.ok(readFileSync(installed(path)).equals(bytes), path);
        }
        const manifest = JSON.parse(new TextDecoder().decode(files.get("package.json")));
        assert.equal(extension.packageJSON.version, manifest.version);
      });

      it("wakes up for nginx configuration, reports what breaks a WebSocket and repairs it", async () => {
        const { document } = await openChat();
        assert.equal(document.languageId, "nginx");
        const finding = await waitForRule(chat, rule);
        assert.equal(extension.isActive, true);
        const [fix] = await actionsAt(chat, finding.range);
        assert.equal(fix!.isPreferred, true);
        await apply(fix!);
        await waitForFindings(chat, "no error and no warning", isClean);
        assert.match(document.getText(), /proxy_set_header\s+Upgrade\s+\$http_upgrade;/);
      });

      it("shows the page of a rule, and has the page of every rule", async () => {
        await openChat();
        const finding = await waitForRule(chat, rule);
        const explain = (await actionsAt(chat, finding.range)).find(({ title }) => title === `Explain ${rule}`);
        await apply(explain!);
        await waitForPage();
        if (hasScreen) await onScreen({ do: "frame", selector: "h2#what-goes-wrong" });
        const read = async (name: string): Promise<string> => {
          const uri = vscode.Uri.from({ scheme: "nginx-websocket-docs", path: `/${name}` });
          return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
        };
        const names = [...(await read("README.md")).matchAll(/\]\(([\w-]+)\.md\)/g)].map((match) => match[1]!);
        assert.ok(names.length > 50);
        for (const name of names) assert.match(await read(`${name}.md`), new RegExp(`^# ${name}\n`));
      });

      it("says which version it is, and that its server runs", async () => {
        await openChat();
        await waitForRule(chat, rule);
        await vscode.env.clipboard.writeText("");
        await vscode.commands.executeCommand("nginx-websocket.copyDebugInformation");
        const text = await vscode.env.clipboard.readText();
        assert.ok(text.includes(`extension ${extension.packageJSON.version}, language server running`), text);
      });

      it("says beside the language where the file is judged", async function () {
        if (!hasScreen) this.skip();
        await openChat();
        await waitForRule(chat, rule);
        const popup = ".hover-language-status .left";
        const standing = `${popup}:has-text("fragment: nobody includes it")`;
        await onScreen({ do: "hover", selector: "#status\\.languageStatus", shows: standing });
        assert.match((await readScreen(popup)).join("\n"), /nginx version unknown/);
        await onScreen({ do: "press", keys: "Escape" });
        await onScreen({ do: "move", x: 5, y: 5 });
      });

      it("offers its snippets", async () => {
        const uri = fileOf("conf.d/empty.conf");
        const { document } = await show(uri);
        const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
          "vscode.executeCompletionItemProvider",
          uri,
          document.lineAt(3).range.end,
        );
        const labels = items.map(({ label }) => (typeof label === "string" ? label : label.label));
        assert.ok(labels.includes("ws-location"), labels.join(" "));
      });

      it("has the pictures and the example of its walkthrough", async () => {
        const { steps } = extension.packageJSON.contributes.walkthroughs[0];
        const paths = new Set<string>(
          steps.flatMap(({ media }: { media: { image: object } }) => Object.values(media.image)),
        );
        assert.ok(paths.size >= 2 * steps.length);
        for (const path of paths) assert.equal(readFileSync(installed(path)).toString("latin1", 8, 12), "WEBP", path);
        await vscode.commands.executeCommand("nginx-websocket.openExample");
        const { document } = vscode.window.activeTextEditor!;
        assert.equal(document.isUntitled, true);
        await waitForRule(document.uri, rule);
      });

      it("has its texts, which the manifest only names", () => {
        const { displayName, description, contributes } = extension.packageJSON;
        assert.doesNotMatch(JSON.stringify([displayName, description, contributes.commands]), /"%[\w.-]+%"/);
      });
    });
  });
}
