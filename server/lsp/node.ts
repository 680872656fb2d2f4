// The language server as a Node process: over stdio unless the arguments name another transport.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { nodeFiles } from "../host/files.ts";
import { findRootFiles } from "../host/roots.ts";
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

startServer(connection, nodeFiles(), {
  findRoots: findRootFiles,
  runtime: `Node.js ${process.versions.node}, ${process.platform} ${process.arch}`,
  ...(existsSync(pages) ? { docs: pathToFileURL(pages).toString() } : {}),
});
connection.listen();
