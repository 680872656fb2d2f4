// The language server as a web worker: its files are those that the editor lends it.
import { BrowserMessageReader, BrowserMessageWriter, createConnection } from "vscode-languageserver/browser";
import { describeError } from "./guard.ts";
import { type AskClient, lentFiles, lentRoots } from "./lent-files.ts";
import { startServer } from "./server.ts";

/** The part of a worker's global scope that matters here; the compiler knows no browser. */
interface WorkerScope {
  addEventListener(type: "unhandledrejection", handle: (event: { readonly reason: unknown }) => void): void;
}

const scope = globalThis as unknown as WorkerScope;
const port = scope as unknown as ConstructorParameters<typeof BrowserMessageReader>[0];
const connection = createConnection(new BrowserMessageReader(port), new BrowserMessageWriter(port));
const ask: AskClient = (method, params) => connection.sendRequest(method, params);

scope.addEventListener("unhandledrejection", ({ reason }) => connection.console.error(describeError(reason)));
startServer(connection, lentFiles(ask), { findRoots: lentRoots(ask) });
connection.listen();
