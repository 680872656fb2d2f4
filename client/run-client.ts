import { type Event, EventEmitter, type ExtensionContext } from "vscode";
import { type BaseLanguageClient, ExecuteCommandRequest, type LanguageClientOptions } from "vscode-languageclient";
import { registerCommands } from "./commands.ts";
import { lendFiles } from "./lend-files.ts";
import { clientOptions } from "./options.ts";

/** The server's command that says which files a configuration includes; it is not for people. */
const includedFilesCommand = "nginxWebsocket.includedFiles";

/** A running client, as the rest of the extension sees it. */
export interface Client {
  /** Fires when the server has judged: it may have read files that it did not know before. */
  readonly onDidJudge: Event<void>;
  /** Those of some files that a configuration includes which the server has read. */
  findIncluded(uris: readonly string[]): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Starts the language server and registers everything that needs it. */
export async function runClient(
  context: ExtensionContext,
  create: (options: LanguageClientOptions) => BaseLanguageClient,
): Promise<Client> {
  const judged = new EventEmitter<void>();
  const client = create(clientOptions(context, () => judged.fire()));
  context.subscriptions.push(judged, ...lendFiles(client), ...registerCommands(client, context));
  await client.start();
  return {
    onDidJudge: judged.event,
    findIncluded: (uris) =>
      client.sendRequest(ExecuteCommandRequest.type, { command: includedFilesCommand, arguments: [...uris] }),
    stop: () => client.dispose(),
  };
}
