// What the editor loads on a desktop, for every file that could be nginx configuration: a few kilobytes. The client beside
// it is loaded when there is one.
import type { ExtensionContext } from "vscode";
import { watchEditor } from "./entry.ts";

let stop: (() => Promise<void>) | undefined;

/** Looks for nginx documents, and loads the client for the first one. */
export function activate(context: ExtensionContext): void {
  stop = watchEditor(context, async () => {
    const client: typeof import("./browser.ts") = require("./client.js");
    return client.startClient(context);
  });
}

/** Ends what was started. */
export async function deactivate(): Promise<void> {
  await stop?.();
}
