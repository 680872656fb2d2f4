import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ClientRequest } from "../../server/core/model/client-request.ts";
import { Config } from "../../server/core/model/config.ts";
import { type ServerBlock, serversOf } from "../../server/core/model/server.ts";
import { parseVersion } from "../../server/core/nginx/version.ts";
import { Sources } from "../../server/core/sources.ts";
import { filesInMemory } from "../support/analyser.ts";
import { closeListeners, type Listener, type Nginx, openListener, startNginx, testConfig } from "../support/nginx.ts";
import { configurationFolder, fileIdOf } from "../support/prepare.ts";
import { type Answer, ask } from "./ask.ts";

/** Path as seen from the folder of `nginx.conf` → text. */
export type ConfigFiles = ReadonlyMap<string, string>;

/** A request, the server it goes to, and what really came of it. */
export interface Played {
  readonly server: ServerBlock;
  readonly request: ClientRequest;
  readonly answer: Answer;
}

/** The servers of a configuration as the model sees them, by their ports. */
async function modelsOf(files: ConfigFiles, version: string): Promise<ReadonlyMap<number, ServerBlock>> {
  const sources = new Sources(filesInMemory(files));
  const file = fileIdOf("nginx.conf");
  await sources.readClosure(file, {});
  const root = sources.document(file);
  if (!root) throw new Error("there is no nginx.conf");
  const config = new Config(root, (include) => sources.included(file, include, {}));
  const servers = serversOf(config.update("main", parseVersion(version)));
  return new Map(servers.map((server) => [server.listens[0]?.port ?? 0, server]));
}

function write(files: ConfigFiles): string {
  const prefix = mkdtempSync(join(tmpdir(), "nginx-model-"));
  for (const [name, text] of files) {
    mkdirSync(dirname(join(prefix, name)), { recursive: true });
    writeFileSync(join(prefix, name), text.replaceAll(configurationFolder, `${prefix}/`));
  }
  return prefix;
}

/** Opens so many listeners for a while. */
export async function withListeners<T>(
  number: number,
  use: (listeners: readonly Listener[]) => Promise<T>,
): Promise<T> {
  const listeners = await Promise.all(Array.from({ length: number }, openListener));
  try {
    return await use(listeners);
  } finally {
    // Those that are left open keep the process alive for ever.
    closeListeners(listeners);
  }
}

/** Sends requests to a running nginx with this configuration, one after the other. Gives why nginx refuses it, if it does. */
export async function playOnNginx(
  nginx: Nginx,
  files: ConfigFiles,
  listeners: readonly Listener[],
  requests: readonly ClientRequest[],
): Promise<readonly Played[] | string> {
  const models = await modelsOf(files, nginx.version);
  const prefix = write(files);
  const running = startNginx(nginx, prefix, "nginx.conf", listeners);
  const played: Played[] = [];
  try {
    for (const request of requests) {
      const server = models.get(request.port ?? 0);
      if (!server) throw new Error(`no server listens on port ${request.port}`);
      const answer = await ask(request).catch(() => undefined);
      // An nginx that refuses its configuration resets what waits in its listeners.
      if (!answer || (answer.status === 444 && played.length === 0)) {
        const verdict = await testConfig(nginx, prefix, "nginx.conf");
        if (!verdict.ok) return verdict.message;
        if (!answer) throw new Error(`nginx does not answer: ${await running.stop()}`);
      }
      played.push({ server, request, answer });
    }
  } finally {
    await running.stop();
    rmSync(prefix, { recursive: true, force: true });
  }
  return played;
}

/** Keeps nginx's files in its folder, so that it runs as anybody; there are no files to serve. */
export const commonHttp: readonly string[] = [
  "access_log off",
  "root empty",
  "proxy_headers_hash_max_size 2048",
  ...["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path tmp-${kind}`),
];
