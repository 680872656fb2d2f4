import { join } from "node:path";
import * as vscode from "vscode";
import { chat, cleanUp, openChat, waitForRule } from "./editor.ts";
import { hasScreen, keepFailure, onScreen } from "./screen.ts";
import { useBareWindow, useTheme } from "./window.ts";

const rule = "missing-upgrade-headers";

/** The visible text of the first line that has this in it. */
function line(text: string): string {
  return `.part.editor .view-line:has-text(${JSON.stringify(text)}) > span:visible`;
}

/**
 * A picture of what the selectors match. A window of 1200 pixels shows it 500 pixels wide whatever its size, so that is about
 * the width of each, without what frames an editor.
 */
async function takePicture(name: string, margin: number, ...selectors: readonly string[]): Promise<void> {
  const path = join(process.env.NGINX_WEBSOCKET_WALKTHROUGH!, `${name}.png`);
  // A document gets its colours later than its text.
  const coloured = '.part.editor .view-line span[class^="mtk"]:not(.mtk1):visible';
  for (const selector of [...selectors, coloured]) await onScreen({ do: "wait", selector, state: "visible" });
  await onScreen({ do: "shot", path, selectors, margin });
}

/**
 * Leaves only the document that the command showed beside in sight; its rows are as long as the window is wide a moment
 * later. The file that it is about stays open: without it there is nothing to show.
 */
async function showAlone(command: string, ...given: readonly unknown[]): Promise<void> {
  await vscode.commands.executeCommand(command, ...given);
  await vscode.commands.executeCommand("workbench.action.toggleMaximizeEditorGroup");
}

/** What stands beside the text of an editor, and what it has instead while the pictures are taken. */
const frame: Readonly<Record<string, unknown>> = {
  "editor.folding": false,
  "editor.glyphMargin": false,
  "editor.lineNumbers": "off",
  "editor.overviewRulerBorder": false,
  "editor.renderLineHighlight": "none",
  "editor.scrollbar.vertical": "hidden",
  "editor.wordWrap": "on",
  "workbench.activityBar.location": "hidden",
  "workbench.editor.showTabs": "none",
};

async function setFrame(value: (name: string) => unknown): Promise<void> {
  const settings = vscode.workspace.getConfiguration();
  for (const name of Object.keys(frame)) {
    await settings.update(name, value(name), vscode.ConfigurationTarget.Global);
  }
}

describe("the pictures of the walkthrough", function () {
  this.timeout(180_000);

  before(async function () {
    if (!hasScreen || process.env.NGINX_WEBSOCKET_SCREENSHOTS !== "1") this.skip();
    await setFrame((name) => frame[name]);
  });
  afterEach(async function () {
    await keepFailure(this.currentTest);
    await cleanUp();
  });
  after(() => setFrame(() => undefined));

  for (const theme of ["dark", "light"] as const) {
    it(`show the part that each step is about (${theme})`, async () => {
      await useBareWindow(740, 640);
      await useTheme(theme);
      const editor = await openChat();
      const { range } = await waitForRule(chat, rule);
      await onScreen({ do: "wait", selector: ".monaco-editor .squiggly-warning", state: "visible" });
      await takePicture(`squiggle-${theme}`, 2, ".part.editor .view-line > span");

      editor.selection = new vscode.Selection(range.start, range.start);
      await vscode.commands.executeCommand("editor.action.quickFix");
      await onScreen({ do: "wait", selector: ".action-widget .monaco-list-row.action", state: "visible" });
      await takePicture(`light-bulb-${theme}`, 10, line("location /ws"), ".action-widget");
      await onScreen({ do: "press", keys: "Escape" });

      await useBareWindow(620, 960);
      await showAlone("nginx-websocket.showEffective");
      const request = [
        line("A WebSocket handshake reaches http://chat as (* not so in a plain GET)"),
        line("Behind it"),
      ];
      await takePicture(`effective-${theme}`, 2, ...request);
      await cleanUp();

      await useBareWindow(560, 960);
      await openChat();
      await waitForRule(chat, rule);
      await showAlone("nginx-websocket.explainSymptom", "Unexpected response code: 426");
      const answer = [line("The handshake is answered"), line("The backend is a"), line("fails on"), line("passed on")];
      await takePicture(`symptom-${theme}`, 2, ...answer);
    });
  }
});
