import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Config } from "../server/core/model/config.ts";
import { type ServerBlock, serversOf } from "../server/core/model/server.ts";
import { Document } from "../server/core/syntax/document.ts";
import { type RandomServer, randomServer } from "./routing/random-server.ts";
import { findNginx, type Nginx, openListener, startNginx } from "./support/nginx.ts";
import { Random } from "./syntax/mutate.ts";

// The model chooses the same location for a path as nginx does. Set SERVERS for more servers, SEED for others.

const count = Number(process.env.SERVERS ?? 400);
const random = new Random(Number(process.env.SEED ?? 20_263));

/** What a path is answered with: the name of a location, a redirect, or nothing of ours. */
interface Answer {
  readonly text: string;
  readonly kind: "exact" | "prefix" | "regex" | "nested" | "redirect" | "none";
}

function modelsOf(text: string): readonly ServerBlock[] {
  const config = new Config(new Document("/etc/nginx/nginx.conf", text), () => undefined);
  return serversOf(config.update("main", undefined));
}

/** What the model says; undefined when it says that it does not know. */
function askModel(server: ServerBlock, path: string): Answer | undefined {
  const { location, isSlashRedirect, isCertain } = server.route(path);
  if (!isCertain) return undefined;
  if (isSlashRedirect) return { text: `301 ${location?.pattern}`, kind: "redirect" };
  if (!location) return { text: "none", kind: "none" };
  const kind = location.outer
    ? "nested"
    : location.modifier === "="
      ? "exact"
      : location.modifier.startsWith("~")
        ? "regex"
        : "prefix";
  return { text: location.scope.own("return")[0]?.directive.arg(1) ?? "no name", kind };
}

function askNginx(agent: Agent, port: number, host: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get({ agent, host: "127.0.0.1", port, path, headers: { host } }, (response) => {
      let body = "";
      response.setEncoding("latin1");
      response.on("data", (chunk: string) => {
        body += chunk;
      });
      response.on("end", () => {
        const { statusCode, headers } = response;
        if (statusCode === 200) resolve(body);
        else resolve(statusCode === 301 ? `301 ${headers.location}` : "none");
      });
    });
    request.on("error", reject);
  });
}

/** The whole configuration: `absolute_redirect off` shows where a redirect leads as the location writes it. */
function configuration(servers: readonly RandomServer[], listen: string): string {
  const blocks = servers.map(({ text }) => text.replace("LISTEN", listen)).join("");
  const settings =
    "access_log off; absolute_redirect off; keepalive_requests 1000000; server_names_hash_max_size 65536;";
  return `events {}\nhttp {\n${settings}\nroot empty;\n${blocks}}\n`;
}

async function compare(nginx: Nginx, servers: readonly RandomServer[]) {
  const prefix = mkdtempSync(join(tmpdir(), "nginx-routing-"));
  const listener = await openListener();
  const text = configuration(servers, `127.0.0.1:${listener.port}`);
  mkdirSync(join(prefix, "empty"));
  writeFileSync(join(prefix, "nginx.conf"), text);
  const models = modelsOf(text);
  assert.equal(models.length, servers.length);
  const tally: Record<Answer["kind"] | "unknown", number> = {
    exact: 0,
    prefix: 0,
    regex: 0,
    nested: 0,
    redirect: 0,
    none: 0,
    unknown: 0,
  };
  const wrong: string[] = [];
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const running = startNginx(nginx, prefix, "nginx.conf", [listener]);
  try {
    const work = servers.entries();
    const ask = async (): Promise<void> => {
      for (const [index, { host, text: server, paths }] of work) {
        for (const path of paths) {
          const ours = askModel(models[index] as ServerBlock, path);
          const theirs = await askNginx(agent, listener.port, host, path);
          tally[ours?.kind ?? "unknown"]++;
          if (ours && ours.text !== theirs) wrong.push(`${path}: nginx ${theirs}, we ${ours.text}\n${server}`);
        }
      }
    };
    await Promise.all([ask(), ask(), ask(), ask()]);
  } finally {
    agent.destroy();
    const failure = await running.stop();
    rmSync(prefix, { recursive: true, force: true });
    assert.equal(failure, undefined);
  }
  return { tally, wrong };
}

test("the location that takes a path is the one that nginx chooses", async (t) => {
  const nginxes = await findNginx();
  if (nginxes.length === 0) return t.skip(`no nginx here to judge the paths of ${count} servers`);
  const servers = Array.from({ length: count }, (_, number) => randomServer(random, number));
  for (const nginx of nginxes) {
    const { tally, wrong } = await compare(nginx, servers);
    const parts = Object.entries(tally).map(([kind, number]) => `${number} ${kind}`);
    t.diagnostic(`nginx ${nginx.version}: ${count} servers, ${parts.join(", ")}`);
    assert.deepEqual(wrong.slice(0, 5), [], `${wrong.length} paths differ`);
    // Each kind of answer must really occur.
    for (const [kind, number] of Object.entries(tally)) assert.ok(number >= count / 10, `only ${number} ${kind}`);
  }
});
