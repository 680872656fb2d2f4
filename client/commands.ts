import { commands, type Disposable } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { registerExplainSymptom } from "./explain-symptom.ts";
import { registerShowEffective } from "./show-effective.ts";

/** Registers what the command palette offers. */
export function registerCommands(client: BaseLanguageClient): Disposable[] {
  return [
    commands.registerCommand("nginx-websocket.restartServer", async () => {
      await client.stop();
      await client.start();
    }),
    commands.registerCommand("nginx-websocket.showOutput", () => client.outputChannel.show()),
    commands.registerCommand("nginx-websocket.fixAll", () => {
      return commands.executeCommand("editor.action.codeAction", {
        kind: "source.fixAll.nginx-websocket",
        apply: "first",
      });
    }),
    ...registerExplainSymptom(client),
    registerShowEffective(client),
  ];
}
