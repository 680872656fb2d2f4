// The language server as a Node process: over stdio unless the arguments name another transport.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import type { FileId, Files } from "../core/index.ts";
import { nodeFiles } from "../host/files.ts";
import { findRootFiles } from "../host/roots.ts";
import { type AskClient, lentFiles, lentRoots } from "./lent-files.ts";
import { startServer } from "./server.ts";

if (!process.argv.some((argument) => /^--(?:stdio|node-ipc|socket|pipe)(?:=|$)/.test(argument))) {
  process.argv.push("--stdio");
}
// The rule pages ship beside the bundle; without them diagnostics have no links.
const pages = join(__dirname, "..", "docs", "rules");
const connection = createConnection(ProposedFeatures.all);

process.stdout.on("error", () => process.exit(1));
process.on("disconnect", () => process.exit(1));
for (const event of ["uncaughtException", "unhandledRejection"] as const) {
  process.on(event, (error: unknown) => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    connection.console.error(text.replace(/\s*\n\s*/g, " | "));
  });
}

const disk = nodeFiles();
const ask: AskClient = (method, params) => connection.sendRequest(method, params);
const lent = lentFiles(ask);
// Our own client lends what only the editor can read, such as a repository that was not cloned; others do not.
const isElsewhere = (file: FileId): boolean =>
  /^[a-z][a-z0-9+.-]+:\/\//i.test(file) && process.argv.includes("--files-of-client");
const files: Files = {
  read: (file) => (isElsewhere(file) ? lent : disk).read(file),
  glob: (pattern) => (isElsewhere(pattern) ? lent : disk).glob(pattern),
};

startServer(connection, files, {
  findRoots: async (folders, cancellation) => {
    const here = await findRootFiles(folders, cancellation);
    return [...here, ...(await lentRoots(ask)(folders.filter(isElsewhere), cancellation))];
  },
  runtime: `Node.js ${process.versions.node}, ${process.platform} ${process.arch}`,
  ...(existsSync(pages) ? { docs: pathToFileURL(pages).toString() } : {}),
});
connection.listen();
