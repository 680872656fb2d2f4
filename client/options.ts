import { type ExtensionContext, window } from "vscode";
import {
  type LanguageClientOptions,
  RevealOutputChannelOn,
  type ServerOptions,
  TransportKind,
} from "vscode-languageclient/node";
import { pagesFolder } from "./rule-pages.ts";
import { effectiveScheme } from "./show-effective.ts";

/** What the client is called in the editor's own settings and logs. */
export const clientId = "nginxWebsocket";

/** The name people see. */
export const clientName = "nginx WebSocket";

/** How to start the language server that ships beside this bundle. */
export function serverOptions(context: ExtensionContext): ServerOptions {
  return { module: context.asAbsolutePath("dist/server.cjs"), transport: TransportKind.ipc };
}

/** Which documents the server sees, and what it is told at the start. */
export function clientOptions(context: ExtensionContext): LanguageClientOptions {
  const outputChannel = window.createOutputChannel(clientName, { log: true });
  context.subscriptions.push(outputChannel);
  return {
    // Other nginx extensions call the language NGINX.
    documentSelector: [{ language: "nginx" }, { language: "NGINX" }],
    diagnosticCollectionName: "nginx-websocket",
    initializationOptions: { docs: pagesFolder, explainCommand: "nginx-websocket.openRuleDocs" },
    outputChannel,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    middleware: {
      // The left side of a comparison with git's history would list every problem twice; what we show is no configuration.
      didOpen: (document, next) =>
        document.uri.scheme === "git" || document.uri.scheme === effectiveScheme ? Promise.resolve() : next(document),
    },
  };
}
