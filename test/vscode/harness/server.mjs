// Starts the VS Code server on a free loopback port.
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { endTree } from "./processes.mjs";

/** Starts the server and gives its port and how to stop it, once it answers. */
export async function startServer(harness, options) {
  const port = await freePort();
  const child = spawn(
    harness.node,
    [
      harness.server,
      ...["--host", "127.0.0.1", "--port", String(port)],
      "--without-connection-token",
      "--accept-server-license-terms",
      "--enable-smoke-test-driver",
      "--disable-telemetry",
      ...["--server-data-dir", join(options.state, "server")],
      ...["--user-data-dir", options.userData],
      ...["--extensions-dir", options.extensions],
      ...["--builtin-extensions-dir", harness.extensions],
      ...options.serverArguments,
    ],
    { env: { ...environment(), ...options.environment }, stdio: ["ignore", "pipe", "pipe"] },
  );
  const ended = new Promise((resolve) => child.once("exit", (code, signal) => resolve(code ?? signal)));
  await new Promise((resolve, reject) => {
    let output = "";
    const read = (data) => {
      options.log(`server: ${String(data).trimEnd()}`);
      output += data;
      if (output.includes("Extension host agent listening on")) resolve();
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    ended.then((code) => reject(new Error(`the VS Code server ended with ${code}:\n${output}`)));
  });
  return { port, ended, stop: () => endTree(child.pid) };
}

/** The environment of this process without what would change the server, and with no marketplace. */
export function environment() {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$)/.test(name));
  return {
    ...Object.fromEntries(inherited),
    // Nothing listens on the discard port: no marketplace, and it fails at once.
    EXTENSIONS_GALLERY: JSON.stringify({ serviceUrl: "http://127.0.0.1:9/", itemUrl: "", resourceUrlTemplate: "" }),
  };
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
