import { type ExtensionContext, Uri, workspace } from "vscode";
import type { LanguageClientOptions } from "vscode-languageclient";
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  LanguageClient,
  type MessageTransports,
} from "vscode-languageclient/browser";
import { clientId, clientName } from "./options.ts";

/** The part of a web worker that matters here; the compiler knows no browser. */
interface WebWorker {
  terminate(): void;
}

declare const Worker: new (address: string, options: { readonly name: string }) => WebWorker;

/** The client of a language server that runs in a web worker. */
export function createClient(context: ExtensionContext, options: LanguageClientOptions): LanguageClient {
  let worker: WebWorker | undefined;
  const end = (): void => {
    worker?.terminate();
    worker = undefined;
  };
  async function start(): Promise<MessageTransports> {
    // A worker does not end by itself, not even after `exit`.
    end();
    const code = await workspace.fs.readFile(Uri.joinPath(context.extensionUri, "dist", "server.cjs"));
    // Web servers deliver .cjs under types that browsers refuse to run, so the worker gets the text.
    const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
    worker = new Worker(address, { name: clientName });
    const port = worker as unknown as ConstructorParameters<typeof BrowserMessageReader>[0];
    return { reader: new BrowserMessageReader(port), writer: new BrowserMessageWriter(port) };
  }
  context.subscriptions.push({ dispose: end });
  return new LanguageClient(clientId, clientName, start, options);
}
