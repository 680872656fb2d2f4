import { commands, type ExtensionContext, window, workspace } from "vscode";
import { type LanguageClientOptions, RevealOutputChannelOn } from "vscode-languageclient";
import { pagesFolder } from "./rule-pages.ts";
import { effectiveScheme } from "./show-effective.ts";

/** What the client is called in the editor's own settings and logs. */
export const clientId = "nginxWebsocket";

/** The name people see. */
export const clientName = "nginx WebSocket";

/** Schemes of other versions of a file: of git, of the timeline, of conflicts, and of extensions that show a history. */
const versions = /^(?:git|gitlens|pr|review|svn|vscode-local-history|merge-conflict\..*|chat-editing-.*)$/;

/** Which documents the server sees, and what it is told at the start; `judged` is called whenever it has judged a file. */
export function clientOptions(context: ExtensionContext, judged: () => void): LanguageClientOptions {
  const outputChannel = window.createOutputChannel(clientName, { log: true });
  const restart = (): Thenable<unknown> => commands.executeCommand("nginx-websocket.restartServer");
  context.subscriptions.push(outputChannel, workspace.onDidGrantWorkspaceTrust(restart));
  return {
    // Other nginx extensions call the language NGINX. The project file counts as it is in the editor.
    documentSelector: [{ language: "nginx" }, { language: "NGINX" }, { pattern: "**/.nginx-websocket.json" }],
    diagnosticCollectionName: "nginx-websocket",
    // A function, because a server that starts anew asks again.
    initializationOptions: () => ({
      docs: pagesFolder,
      explainCommand: "nginx-websocket.openRuleDocs",
      trusted: workspace.isTrusted,
    }),
    outputChannel,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    middleware: {
      // The other side of a comparison would list every problem twice; what we show is no configuration.
      didOpen: (document, next) =>
        versions.test(document.uri.scheme) || document.uri.scheme === effectiveScheme
          ? Promise.resolve()
          : next(document),
      handleDiagnostics: (uri, diagnostics, next) => {
        next(uri, diagnostics);
        judged();
      },
    },
  };
}
