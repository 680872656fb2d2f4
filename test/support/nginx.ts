import { type ChildProcess, execFile, spawn } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync, realpathSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** An nginx on this machine. */
export interface Nginx {
  readonly path: string;
  /** `1.22.1` */
  readonly version: string;
  /** The configure arguments it was built with. */
  readonly built: string;
  /** Whether it knows `stream`, by itself or from a module that lies beside it. */
  readonly hasStream: boolean;
  /** Modules to load at every start. */
  readonly modules: readonly string[];
}

/** What `nginx -t` says. */
export interface Verdict {
  readonly ok: boolean;
  /** The first error (or all output when there is none), without the prefix folder. */
  readonly message: string;
  /** Where the error is: the file as seen from the prefix folder, and the 1-based line. */
  readonly file?: string;
  readonly line?: number;
  readonly warnings: readonly string[];
}

/** A TCP socket that listens already and that nginx takes over, so that no other process can get its port in between. */
export interface Listener {
  readonly port: number;
  readonly server: Server;
  readonly descriptor: number;
}

/** An nginx that runs. */
export interface RunningNginx {
  /** Ends exactly this nginx. Gives why it had ended by itself before, if it had. */
  stop(): Promise<string | undefined>;
}

/**
 * The nginx binaries to judge with: those that NGINX_BINARIES names (separated as in PATH), else the first one found on
 * PATH and in the usual folders. Throws when a named one does not work; gives an empty list when there is none.
 */
export async function findNginx(): Promise<readonly Nginx[]> {
  const named = process.env.NGINX_BINARIES;
  if (named) return Promise.all(named.split(delimiter).filter(Boolean).map(describeNginx));
  const onPath = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  const usual = ["/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/bin", "/usr/local/nginx/sbin"];
  for (const folder of [...onPath, ...usual]) {
    const path = join(folder, "nginx");
    if (isExecutable(path)) return [await describeNginx(realpathSync(path))];
  }
  return [];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function describeNginx(path: string): Promise<Nginx> {
  const { stderr } = await run(path, ["-V"]);
  const version = /^nginx version: \S+\/(\d+\.\d+\.\d+)/m.exec(stderr)?.[1];
  if (version === undefined) throw new Error(`${path} -V names no version: ${stderr}`);
  const isBuiltIn = /--with-stream(?:\s|$)/.test(stderr);
  // Debian and others ship the module in a package of its own.
  const folder = /--modules-path=(\S+)/.exec(stderr)?.[1] ?? "";
  const module = join(folder, "ngx_stream_module.so");
  const modules = !isBuiltIn && stderr.includes("--with-stream=dynamic") && existsSync(module) ? [module] : [];
  return { path, version, built: stderr, hasStream: isBuiltIn || modules.length > 0, modules };
}

/** Negative, zero or positive, as the first version is older, the same or newer. */
export function compareVersions(a: string, b: string): number {
  const left = a.split(".").map(Number);
  const right = b.split(".").map(Number);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** What every start needs and no fixture says. */
function commonArguments(nginx: Nginx, prefix: string, root: string): string[] {
  const log = join(prefix, "error.log");
  const modules = nginx.modules.map((module) => `load_module ${module}; `).join("");
  const globals = `${modules}daemon off; pid ${prefix}/nginx.pid; error_log ${log} info;`;
  // Before 1.19.5 there was no -e; nginx then only notes that it could not open its compiled-in log.
  const early = compareVersions(nginx.version, "1.19.5") < 0 ? [] : ["-e", log];
  return ["-p", `${prefix}/`, "-c", join(prefix, root), ...early, "-g", globals];
}

/** Runs `nginx -t` on a prefix folder whose root file is `root`. */
export async function testConfig(nginx: Nginx, prefix: string, root: string): Promise<Verdict> {
  const output = await run(nginx.path, ["-t", ...commonArguments(nginx, prefix, root)]).then(
    ({ stderr }) => ({ ok: true, stderr }),
    (error: { stderr?: string; message: string }) => ({ ok: false, stderr: error.stderr || error.message }),
  );
  const lines = output.stderr.replaceAll(`${prefix}/`, "").split("\n").filter(Boolean);
  const message = lines.find((line) => /\[(emerg|alert|crit)\]/.test(line)) ?? lines.join("\n");
  const place = / in (\S+):(\d+)$/.exec(message);
  return {
    ok: output.ok,
    message: message.replace(/^nginx: \[\w+\] /, ""),
    ...(place ? { file: place[1]!, line: Number(place[2]) } : {}),
    warnings: lines.filter((line) => line.includes("[warn]")).map((line) => line.replace(/^nginx: \[warn\] /, "")),
  };
}

/** Opens a listening socket on a free port of 127.0.0.1. */
export async function openListener(): Promise<Listener> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const descriptor = (server as unknown as { _handle: { fd: number } })._handle.fd;
  return { port: (server.address() as AddressInfo).port, server, descriptor };
}

/** Closes this process's side of listeners. */
export function closeListeners(listeners: readonly Listener[]): void {
  for (const { server } of listeners) if (server.listening) server.close();
}

/**
 * Starts nginx on a prefix folder. It inherits the listeners, the way nginx hands its sockets to a new binary (the
 * NGINX variable, ngx_add_inherited_sockets): they listen from before it starts, so there is nothing to wait for, and
 * the first connection is answered as soon as nginx is ready or is reset when nginx stops.
 */
export function startNginx(nginx: Nginx, prefix: string, root: string, listeners: readonly Listener[]): RunningNginx {
  const child = spawn(nginx.path, commonArguments(nginx, prefix, root), {
    // Descriptors 0 to 2 are the standard ones; the listeners follow.
    stdio: ["ignore", "ignore", "ignore", ...listeners.map(({ descriptor }) => descriptor)],
    env: { ...process.env, NGINX: listeners.map((_, index) => `${index + 3};`).join("") },
  });
  closeListeners(listeners);
  running.add(child);
  killWithThisProcess();
  const gone = new Promise<string | undefined>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => {
      running.delete(child);
      // The master ends with code 0 when it is asked to; SIGTERM itself ends it only in its first milliseconds.
      const asked = code === 0 || signal === "SIGTERM";
      resolve(asked ? undefined : `nginx ended by itself (${signal ?? `code ${code}`}): ${lastErrors(prefix)}`);
    });
  });
  return {
    stop: () => {
      child.kill("SIGTERM");
      return gone;
    },
  };
}

/** The last lines of nginx's log at level error and above. */
export function lastErrors(prefix: string): string {
  const lines = readLog(prefix)
    .split("\n")
    .filter((line) => /\[(error|crit|alert|emerg)\]/.test(line));
  return lines.slice(-2).join(" | ") || "nothing in its error log";
}

/** nginx's error log; empty when it has written none. */
export function readLog(prefix: string): string {
  try {
    return readFileSync(join(prefix, "error.log"), "utf8");
  } catch {
    return "";
  }
}

const running = new Set<ChildProcess>();
let watching = false;

/** No nginx outlives the tests, however they end. */
function killWithThisProcess(): void {
  if (watching) return;
  watching = true;
  const killAll = (): void => {
    // Not SIGKILL: a master that is killed leaves its workers behind.
    for (const child of running) child.kill("SIGTERM");
  };
  process.once("exit", killAll);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => {
      killAll();
      process.kill(process.pid, signal);
    });
  }
}
