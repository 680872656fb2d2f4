import { commands, type Disposable, l10n, ViewColumn, window, workspace } from "vscode";
import { type BaseLanguageClient, ExecuteCommandRequest } from "vscode-languageclient";

/** The server's command; it is not the one in the palette, which knows no place. */
const serverCommand = "nginxWebsocket.showEffective";

/** The scheme of the documents that the server writes. */
export const effectiveScheme = "nginx-websocket-effective";

/** What the server gives; the editor asks for the text by itself (workspace/textDocumentContent). */
interface EffectiveDocument {
  readonly uri: string;
}

/** Registers the command that shows what is in force at the cursor, in a read-only document beside. */
export function registerShowEffective(client: BaseLanguageClient): Disposable {
  return commands.registerCommand("nginx-websocket.showEffective", async () => {
    const editor = window.activeTextEditor;
    if (editor === undefined) return;
    const { code2ProtocolConverter: outwards, protocol2CodeConverter: inwards } = client;
    const place = [outwards.asUri(editor.document.uri), outwards.asPosition(editor.selection.active)];
    const shown: EffectiveDocument | null = await client.sendRequest(ExecuteCommandRequest.type, {
      command: serverCommand,
      arguments: place,
    });
    if (shown === null) {
      void window.showInformationMessage(l10n.t("This is no nginx configuration that nginx WebSocket has read."));
      return;
    }
    const document = await workspace.openTextDocument(inwards.asUri(shown.uri));
    await window.showTextDocument(document, { viewColumn: ViewColumn.Beside, preview: true });
  });
}
