import type { ExtensionContext } from "vscode";
import { LanguageClient } from "vscode-languageclient/node";
import { registerCommands } from "./commands.ts";
import { clientId, clientName, clientOptions, serverOptions } from "./options.ts";

let client: LanguageClient | undefined;

/** Starts the language server for the first nginx document. */
export async function activate(context: ExtensionContext): Promise<void> {
  client = new LanguageClient(clientId, clientName, serverOptions(context), clientOptions(context));
  context.subscriptions.push(...registerCommands(client, context));
  await client.start();
}

/** Ends the language server. */
export async function deactivate(): Promise<void> {
  await client?.dispose();
}
