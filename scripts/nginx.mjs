// Finds nginx on this machine, or installs it where that is allowed without asking anybody.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The versions of the nginx binaries that the tests will use, in words; undefined when there is none. */
export function describeNginx() {
  const named = (process.env.NGINX_BINARIES ?? "").split(delimiter).filter(Boolean);
  const paths = named.length > 0 ? named : [findOnThisMachine()].filter(Boolean);
  const versions = paths.map((path) => {
    const result = spawnSync(path, ["-v"], { encoding: "utf8" });
    return /\/(\d+\.\d+\.\d+)/.exec(`${result.stderr}${result.stdout}`)?.[1];
  });
  const known = versions.filter(Boolean);
  return known.length > 0 ? `nginx ${known.join(", ")}` : undefined;
}

function findOnThisMachine() {
  const usual = ["/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/bin", "/usr/local/nginx/sbin"];
  const folders = [...(process.env.PATH ?? "").split(delimiter).filter(Boolean), ...usual];
  return folders.map((folder) => join(folder, "nginx")).find(existsSync);
}

/** Whether the nginx that the tests will use needs a module that its package manager has, to know `stream`. */
export function lacksStream() {
  if (process.env.NGINX_BINARIES) return false;
  const path = findOnThisMachine();
  const built = path ? String(spawnSync(path, ["-V"], { encoding: "utf8" }).stderr) : "";
  const folder = /--modules-path=(\S+)/.exec(built)?.[1];
  return built.includes("--with-stream=dynamic") && !existsSync(join(folder ?? "", "ngx_stream_module.so"));
}

/** How a human gets the module for `stream`. */
export const streamRemedy = "sudo apt-get install libnginx-mod-stream (or your system's way)";

/**
 * Installs the module for `stream`. Only for an nginx that nobody else uses: a package of a module makes the nginx that
 * runs as a service read its configuration anew.
 */
export function installStream(say) {
  const attempts = process.platform === "linux" ? chooseCommands("libnginx-mod-stream") : undefined;
  if (attempts) install(attempts, "nginx's stream module", say);
}

/** Installs nginx through the system's package manager. Gives the command for a human when it may not or could not. */
export function installNginx(say) {
  const attempts = chooseCommands();
  if (attempts === undefined) {
    if (process.platform === "win32") return "npm test in WSL, where nginx can take over sockets";
    return process.platform === "darwin" ? "brew install nginx" : "sudo apt-get install nginx (or your system's way)";
  }
  install(attempts, "nginx", say);
  return describeNginx() === undefined ? attempts[0].join(" ") : undefined;
}

function install(attempts, what, say) {
  say(`Installing ${what} (${attempts[0].join(" ")}) …`);
  for (const [command, ...args] of attempts) spawnSync(command, args, { stdio: "ignore", env: quietly() });
}

function chooseCommands(name = "nginx") {
  if (process.platform === "darwin") return runs("brew", ["--version"]) ? [["brew", "install", "nginx"]] : undefined;
  if (process.platform !== "linux" || !runs("apt-get", ["--version"])) return undefined;
  const asRoot = process.getuid() === 0 ? [] : runs("sudo", ["-n", "true"]) ? ["sudo", "-n", "-E"] : undefined;
  if (asRoot === undefined) return undefined;
  const install = [...asRoot, "apt-get", "install", "-y", "--no-install-recommends", name];
  // Without its package lists apt knows no package; fetch them and try again.
  return runs(install[0], [...install.slice(1), "--simulate"])
    ? [install]
    : [[...asRoot, "apt-get", "update"], install];
}

function runs(command, args) {
  return spawnSync(command, args, { stdio: "ignore", env: quietly() }).status === 0;
}

/** Nobody answers questions, and the service need not start: the tests start their own. */
function quietly() {
  return { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
}
