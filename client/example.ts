import { commands, type Disposable, Selection, Uri, window, workspace } from "vscode";

/** Registers the command that opens the example of the walkthrough, as a document that is nobody's file. */
export function registerExample(extensionUri: Uri): Disposable {
  return commands.registerCommand("nginx-websocket.openExample", async () => {
    const file = Uri.joinPath(extensionUri, "docs", "walkthrough", "example.conf");
    const content = new TextDecoder().decode(await workspace.fs.readFile(file));
    const document = await workspace.openTextDocument({ language: "nginx", content });
    const editor = await window.showTextDocument(document);
    // In the location that is broken: the next steps are about it.
    const at = document.positionAt(content.indexOf("proxy_pass", content.indexOf("location /ws")));
    editor.selection = new Selection(at, at);
  });
}
