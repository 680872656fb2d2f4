import type { ExtensionContext } from "vscode";
import type { LanguageClientOptions } from "vscode-languageclient";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";
import { clientId, clientName } from "./options.ts";

/** The client of a language server that runs as a process of Node. */
export function createClient(context: ExtensionContext, options: LanguageClientOptions): LanguageClient {
  const module = context.asAbsolutePath("dist/server.cjs");
  // Files that are not on this machine's disk are read through the editor.
  // What is read of a configuration stays. In a small nursery (V8's is 16 MB) it is copied around while thousands of files
  // are read, which takes half of the time.
  const execArgv = ["--max-semi-space-size=64"];
  const server = { module, transport: TransportKind.ipc, args: ["--files-of-client"], options: { execArgv } };
  return new LanguageClient(clientId, clientName, server, options);
}
