import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import {
  actionsAt,
  apply,
  chat,
  cleanUp,
  isClean,
  openChat,
  show,
  source,
  waitForFindings,
  waitForRule,
} from "./editor.ts";
import { hasScreen, keepFailure, onScreen, readScreen } from "./screen.ts";
import { pictureOf, useBareWindow, useTheme } from "./window.ts";

const rule = "missing-upgrade-headers";
const editorPart = [".part.editor"];
const lightBulb = ".monaco-editor .lightBulbWidget";
const statusEntry = "#status\\.languageStatus";
const statusPopup = ".hover-language-status";

/** Moves the mouse to where it changes nothing, and waits until what floated is gone. */
async function putMouseAway(floating: string): Promise<void> {
  await onScreen({ do: "press", keys: "Escape" });
  await onScreen({ do: "move", x: 400, y: 5 });
  await onScreen({ do: "wait", selector: floating, state: "hidden" });
}

/** Opens the broken file with the cursor at the mistake. */
async function openBroken(): Promise<{ readonly editor: vscode.TextEditor; readonly finding: vscode.Diagnostic }> {
  const editor = await openChat();
  const finding = await waitForRule(chat, rule);
  await onScreen({ do: "wait", selector: ".monaco-editor .squiggly-warning", state: "visible" });
  editor.selection = new vscode.Selection(finding.range.start, finding.range.start);
  return { editor, finding };
}

describe("the tour", function () {
  this.timeout(180_000);

  before(async function () {
    // It is for its pictures: what it sees is asserted elsewhere.
    if (!hasScreen || process.env.NGINX_WEBSOCKET_SCREENSHOTS !== "1") this.skip();
    const everywhere = vscode.ConfigurationTarget.Global;
    await vscode.workspace.getConfiguration("workbench").update("activityBar.location", "hidden", everywhere);
    await vscode.workspace.getConfiguration("window").update("commandCenter", false, everywhere);
    // Half of a picture is narrower than half of anybody's window.
    await vscode.workspace.getConfiguration("editor").update("wordWrap", "on", everywhere);
    // Brackets in comments have colours until the editor knows that they are none, and at times it never finds out.
    await vscode.workspace.getConfiguration("editor").update("bracketPairColorization.enabled", false, everywhere);
    const foreign = ["host", "forwardedPorts", "notifications", "workbench.keyboardLayout"];
    await onScreen({ do: "hide", selector: foreign.map((id) => `[id="status.${id}"]`).join(", ") });
  });

  afterEach(async function () {
    await keepFailure(this.currentTest);
    await cleanUp();
  });

  for (const theme of ["dark", "light"] as const) {
    it(`shows where the file is judged, its rule page, what is in force, an answer and the first steps (${theme})`, async () => {
      await useBareWindow(1200, 640);
      await useTheme(theme);
      const { editor } = await openBroken();
      await onScreen({ do: "hover", selector: statusEntry, shows: `${statusPopup} .right a` });
      assert.match((await readScreen(statusPopup)).join("\n"), /nobody includes it[\s\S]*Actions…/);
      await onScreen({
        do: "shot",
        path: pictureOf(`status-${theme}`),
        selectors: [statusPopup, statusEntry],
        margin: 12,
      });
      await putMouseAway(statusPopup);

      await vscode.commands.executeCommand("nginx-websocket.showEffective");
      await onScreen({
        do: "wait",
        selector: '.part.editor .view-line:has-text("no WebSocket handshake")',
        state: "visible",
      });
      await onScreen({ do: "shot", path: pictureOf(`effective-${theme}`), selectors: editorPart });
      await vscode.commands.executeCommand("workbench.action.closeActiveEditor");

      await show(editor.document.uri);
      await vscode.commands.executeCommand("nginx-websocket.explainSymptom", "Unexpected response code: 426");
      await onScreen({ do: "wait", selector: `.part.editor .view-line:has-text("${rule}")`, state: "visible" });
      // Links and colours come later than the text.
      const link = '.part.editor .view-line:has-text("In your configuration") .detected-link';
      await onScreen({ do: "wait", selector: link, state: "visible" });
      await onScreen({ do: "wait", selector: ".part.editor .view-line .mtkb", state: "visible" });
      await onScreen({ do: "shot", path: pictureOf(`symptom-${theme}`), selectors: editorPart });
      await vscode.commands.executeCommand("workbench.action.closeActiveEditor");

      await show(editor.document.uri);
      await vscode.commands.executeCommand("nginx-websocket.openRuleDocs", rule);
      await onScreen({ do: "frame", selector: "h2#what-goes-wrong" });
      await onScreen({ do: "shot", path: pictureOf(`rule-page-${theme}`), selectors: editorPart });
      await cleanUp();

      await useBareWindow(1200, 880);
      await vscode.commands.executeCommand("resetGettingStartedProgress");
      const { id } = vscode.extensions.all.find(({ packageJSON }) => packageJSON.name === source)!;
      await vscode.commands.executeCommand("workbench.action.openWalkthrough", `${id}#start`);
      await onScreen({ do: "wait", selector: ".getting-started-step.expanded", state: "visible" });
      await onScreen({ do: "shot", path: pictureOf(`walkthrough-${theme}`), selectors: editorPart });
    });

    it(`repairs a file in a few pictures (${theme})`, async () => {
      await useBareWindow(900, 700);
      await useTheme(theme);
      const frames = join(process.env.NGINX_WEBSOCKET_FRAMES!, theme);
      mkdirSync(frames, { recursive: true });
      let count = 0;
      const frame = (milliseconds: number): Promise<void> => {
        count += 1;
        return onScreen({
          do: "shot",
          path: join(frames, `${count}-${milliseconds}.png`),
          selectors: [".part.editor", ".part.statusbar"],
        });
      };

      const { editor, finding } = await openBroken();
      await frame(1500);
      const hover = ".monaco-hover:has(.hover-row)";
      await onScreen({ do: "hover", selector: ".monaco-editor .squiggly-warning", shows: hover });
      await frame(3500);
      await putMouseAway(hover);

      await onScreen({ do: "wait", selector: lightBulb, state: "visible" });
      await vscode.commands.executeCommand("editor.action.quickFix");
      const row = ".action-widget .monaco-list-row.action";
      await onScreen({ do: "wait", selector: row, state: "visible" });
      await frame(2500);
      await onScreen({ do: "press", keys: "Escape" });
      await onScreen({ do: "wait", selector: row, state: "hidden" });

      const [fix] = await actionsAt(chat, finding.range);
      await apply(fix!);
      await waitForFindings(chat, "no error and no warning", isClean);
      const repaired = editor.document.positionAt(editor.document.getText().lastIndexOf("proxy_set_header Upgrade"));
      editor.selection = new vscode.Selection(repaired, repaired);
      editor.revealRange(new vscode.Range(0, 0, 0, 0), vscode.TextEditorRevealType.AtTop);
      for (const selector of [".monaco-editor .squiggly-warning", lightBulb]) {
        await onScreen({ do: "wait", selector, state: "hidden" });
      }
      await editor.document.save();
      await frame(4000);
    });
  }
});
