// The client, and what the editor loads in a browser: extensions there are one file. What belongs to one of the two kinds
// of hosts is imported when it is known which one this is.
import type { ExtensionContext } from "vscode";
import { watchEditor } from "./entry.ts";
import { type Client, runClient } from "./run-client.ts";

let stop: (() => Promise<void>) | undefined;

/** Looks for nginx documents, and starts the language server for the first one. */
export function activate(context: ExtensionContext): void {
  stop = watchEditor(context, () => startClient(context));
}

/** Ends what was started. */
export async function deactivate(): Promise<void> {
  await stop?.();
}

/** Starts the language server, and what goes with it. */
export async function startClient(context: ExtensionContext): Promise<Client> {
  const { createClient } = isNode() ? await import("./node-host.ts") : await import("./browser-host.ts");
  return runClient(context, (options) => createClient(context, options));
}

function isNode(): boolean {
  return typeof process === "object" && typeof process.versions?.node === "string";
}
