import type { ExtensionContext } from "vscode";
import type { LanguageClientOptions } from "vscode-languageclient";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";
import { clientId, clientName } from "./options.ts";

/** The client of a language server that runs as a process of Node. */
export function createClient(context: ExtensionContext, options: LanguageClientOptions): LanguageClient {
  const module = context.asAbsolutePath("dist/server.cjs");
  // Files that are not on this machine's disk are read through the editor.
  const server = { module, transport: TransportKind.ipc, args: ["--files-of-client"] };
  return new LanguageClient(clientId, clientName, server, options);
}
