import assert from "node:assert/strict";
import * as vscode from "vscode";
import { actionsAt, apply, chat, cleanUp, isClean, openChat, waitForFindings, waitForRule } from "./editor.ts";
import { hasScreen, keepFailure, onScreen, readScreen } from "./screen.ts";
import { pictureOf, useBareWindow, useTheme } from "./window.ts";

const rule = "missing-upgrade-headers";
/** A picture of the editor's title and lines, and of what floats above them. */
async function takePicture(name: string, ...floating: readonly string[]): Promise<void> {
  const selectors = [".part.editor .title", ".part.editor .view-line", ...floating];
  await onScreen({ do: "shot", path: pictureOf(name), selectors, margin: 1 });
}

describe("the window", function () {
  this.timeout(180_000);

  before(async function () {
    if (!hasScreen) this.skip();
    // So high because a hover gets at most a quarter of the editor.
    await useBareWindow(960, 2000);
  });

  afterEach(async function () {
    await keepFailure(this.currentTest);
    await cleanUp();
  });

  for (const theme of ["dark", "light"] as const) {
    it(`shows the mistake, the reason, the choices and the repaired file (${theme})`, async () => {
      await useTheme(theme);
      const editor = await openChat();
      const finding = await waitForRule(chat, rule);
      const squiggle = ".monaco-editor .squiggly-warning";
      await onScreen({ do: "wait", selector: squiggle, state: "visible" });
      await takePicture(`squiggle-${theme}`);

      const hover = `.monaco-hover .hover-row:has-text("${rule}")`;
      await onScreen({ do: "hover", selector: squiggle, shows: hover });
      assert.match((await readScreen(hover)).join("\n"), /missing-upgrade-headers/);
      await takePicture(`hover-${theme}`, ".monaco-hover:has(.hover-row)");
      await onScreen({ do: "press", keys: "Escape" });
      await onScreen({ do: "move", x: 5, y: 5 });
      await onScreen({ do: "wait", selector: ".monaco-hover", state: "hidden" });

      editor.selection = new vscode.Selection(finding.range.start, finding.range.start);
      await onScreen({ do: "wait", selector: ".monaco-editor .lightBulbWidget", state: "visible" });
      await vscode.commands.executeCommand("editor.action.quickFix");
      const row = ".action-widget .monaco-list-row.action";
      await onScreen({ do: "wait", selector: row, state: "visible" });
      const [fix] = await actionsAt(chat, finding.range);
      assert.equal((await readScreen(row))[0]?.trim(), fix!.title);
      await takePicture(`light-bulb-${theme}`, ".action-widget");

      await onScreen({ do: "press", keys: "Escape" });
      await onScreen({ do: "wait", selector: row, state: "hidden" });
      await apply(fix!);
      await editor.document.save();
      await waitForFindings(chat, "no error and no warning", isClean);
      editor.selection = new vscode.Selection(0, 0, 0, 0);
      for (const selector of [squiggle, ".monaco-editor .lightBulbWidget"]) {
        await onScreen({ do: "wait", selector, state: "hidden" });
      }
      await takePicture(`fixed-${theme}`);
    });
  }
});
