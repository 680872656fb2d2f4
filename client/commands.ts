import { commands, type Disposable, type ExtensionContext } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { logVersions, registerDebugInformation } from "./debug-information.ts";
import { registerExample } from "./example.ts";
import { registerExplainSymptom } from "./explain-symptom.ts";
import { registerRulePages } from "./rule-pages.ts";
import { registerShowEffective } from "./show-effective.ts";
import { registerStatus } from "./status.ts";

/** Registers what the command palette offers, and the status that leads to it. */
export function registerCommands(client: BaseLanguageClient, context: ExtensionContext): Disposable[] {
  logVersions(client, context);
  void commands.executeCommand("setContext", "nginxWebsocket.active", true);
  return [
    commands.registerCommand("nginx-websocket.restartServer", () => restart(client)),
    commands.registerCommand("nginx-websocket.showOutput", () => client.outputChannel.show()),
    commands.registerCommand("nginx-websocket.fixAll", () => {
      return commands.executeCommand("editor.action.codeAction", {
        kind: "source.fixAll.nginx-websocket",
        apply: "first",
      });
    }),
    ...registerExplainSymptom(client),
    registerShowEffective(client),
    ...registerStatus(client),
    ...registerRulePages(client, context.extensionUri),
    registerDebugInformation(client, context),
    registerExample(context.extensionUri),
  ];
}

/** The client in a browser has no `restart`. */
async function restart(client: BaseLanguageClient & { restart?: () => Promise<void> }): Promise<void> {
  if (client.restart) return client.restart();
  if (client.needsStop()) await client.stop();
  await client.start();
}
