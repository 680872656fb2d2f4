// Installs the .vsix as a user does: VS Code itself unpacks it and adds it to its extensions.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { runVSCodeCommand } from "@vscode/test-electron";
import { locate } from "./install.mjs";
import { environment } from "./server.mjs";

/** Installs into the folder `extensions`, with the desktop product of `desktop` or else the one from npm. */
export async function installVsix(vsix, { extensions, user, desktop }) {
  const args = [`--install-extension=${vsix}`, `--extensions-dir=${extensions}`, `--user-data-dir=${user}`];
  if (desktop !== undefined) {
    await runVSCodeCommand(args, desktop);
    return;
  }
  const { node, server } = locate();
  const state = join(user, "server");
  mkdirSync(state, { recursive: true });
  const options = ["--accept-server-license-terms", `--server-data-dir=${state}`];
  const { status, stdout, stderr } = spawnSync(node, [server, ...args, ...options], {
    env: environment(),
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`VS Code could not install ${vsix}:\n${stdout}${stderr}`);
}
