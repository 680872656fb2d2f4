import { commands, Disposable, type ExtensionContext, type TextDocument, window, workspace } from "vscode";
import { Association } from "./association.ts";
import { isNginx } from "./documents.ts";
import type { Client } from "./run-client.ts";

/**
 * Finds nginx configuration among the files of the editor, and starts the client for the first one or for a command.
 * Gives the function that ends the client.
 */
export function watchEditor(context: ExtensionContext, startClient: () => Promise<Client>): () => Promise<void> {
  const association = new Association();
  let started: Promise<Client> | undefined;
  const placeholders = Disposable.from(
    ...commandIds(context).map((id) => commands.registerCommand(id, runAfterStart(id))),
  );
  context.subscriptions.push(
    placeholders,
    association,
    workspace.onDidOpenTextDocument(look),
    workspace.onDidSaveTextDocument((document) => association.consider(document)),
    window.onDidChangeVisibleTextEditors(lookAtVisible),
  );
  for (const document of workspace.textDocuments) look(document);
  lookAtVisible();
  return async () => (await started?.catch(() => undefined))?.stop();

  function start(): Promise<Client> {
    started ??= (async () => {
      // The client registers the commands itself.
      placeholders.dispose();
      const client = await startClient();
      association.follow(client);
      return client;
    })();
    return started;
  }

  function runAfterStart(id: string): (...given: unknown[]) => Promise<unknown> {
    return async (...given) => {
      await start();
      return commands.executeCommand(id, ...given);
    };
  }

  function look(document: TextDocument): void {
    association.note(document);
    if (isNginx(document)) start().catch((error) => console.error(error));
  }

  function lookAtVisible(): void {
    for (const { document } of window.visibleTextEditors) association.consider(document);
  }
}

function commandIds(context: ExtensionContext): readonly string[] {
  const contributed: readonly { readonly command: string }[] = context.extension.packageJSON.contributes.commands;
  return contributed.map(({ command }) => command);
}
