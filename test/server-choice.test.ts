import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Config, type Environment } from "../server/core/model/config.ts";
import { chooseServer } from "../server/core/model/server-choice.ts";
import { Document } from "../server/core/syntax/document.ts";
import { findNginx, type Nginx, openListener, startNginx } from "./support/nginx.ts";
import { Random } from "./syntax/mutate.ts";

// The model chooses the same server for a host as nginx does. Set CHOICES for more configurations, SEED for others.

const count = Number(process.env.CHOICES ?? 12);
const random = new Random(Number(process.env.SEED ?? 20_265));

function environmentOf(text: string): Environment {
  const config = new Config(new Document("/etc/nginx/nginx.conf", text), () => undefined);
  return config.update("main", undefined);
}

/** What the chosen server answers with. */
function answerOf(environment: Environment, host: string, port: number): string | undefined {
  const choice = chooseServer(environment, { host, port });
  return choice?.server.scope.own("return")[0]?.directive.arg(1);
}

const labels = ["a", "b", "www", "x-1", "org"];

function randomHost(): string {
  const host = Array.from({ length: 1 + random.below(3) }, () => random.pick(labels)).join(".");
  return random.below(6) === 0 ? host.toUpperCase() : host;
}

/** A name of every kind that nginx takes. */
function randomName(): string {
  const host = randomHost();
  switch (random.below(9)) {
    case 0:
    case 1:
      return `*.${host}`;
    case 2:
      return `.${host}`;
    case 3:
      return `${host}.*`;
    case 4:
      return random.pick(["~^a\\.", "~^(?<sub>b|www)\\.a", "~\\.Org$", "~^(www\\.)?x-\\d", "~^\\S\\.b$", "~^[^.]+$"]);
    case 5:
      return random.pick(['""', "_"]);
    default:
      return host;
  }
}

/** Servers of two ports with names that overlap. */
function randomConfiguration(ports: readonly number[]): string {
  const hasDefault = new Set<number>();
  const servers = Array.from({ length: 1 + random.below(9) }, (_, number) => {
    const listens = ports
      .filter((_port, index) => random.below(3) > 0 || index === number % 2)
      .map((port) => {
        const isDefault = !hasDefault.has(port) && random.below(6) === 0;
        if (isDefault) hasDefault.add(port);
        return `listen 127.0.0.1:${port}${isDefault ? " default_server" : ""};`;
      });
    const names = Array.from({ length: random.below(4) }, randomName);
    const written = names.length === 0 ? "" : `server_name ${names.join(" ")};`;
    return `server { ${listens.join(" ")} ${written} return 200 ${number}; }\n`;
  });
  return `events {}\nhttp { access_log off; server_names_hash_bucket_size 128;\n${servers.join("")}}\n`;
}

function ask(agent: Agent, port: number, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get({ agent, host: "127.0.0.1", port, headers: { host } }, (response) => {
      let body = "";
      response.setEncoding("latin1");
      response.on("data", (chunk: string) => {
        body += chunk;
      });
      response.on("end", () => resolve(body));
    });
    request.on("error", reject);
  });
}

async function compare(nginx: Nginx): Promise<{ readonly kinds: Record<string, number>; readonly wrong: string[] }> {
  const listeners = [await openListener(), await openListener()];
  const ports = listeners.map(({ port }) => port);
  const text = randomConfiguration(ports);
  const environment = environmentOf(text);
  const prefix = mkdtempSync(join(tmpdir(), "nginx-choice-"));
  writeFileSync(join(prefix, "nginx.conf"), text);
  const running = startNginx(nginx, prefix, "nginx.conf", listeners);
  const agent = new Agent({ keepAlive: true });
  const kinds: Record<string, number> = {};
  const wrong: string[] = [];
  try {
    for (const port of ports) {
      for (let number = 0; number < 40; number++) {
        const host = randomHost() + (random.below(8) === 0 ? "." : "");
        const choice = chooseServer(environment, { host, port });
        if (!choice) continue;
        const sent = random.below(2) === 0 ? `${host}:${port}` : host;
        const theirs = await ask(agent, port, sent);
        const ours = answerOf(environment, host, port);
        kinds[choice.by] = (kinds[choice.by] ?? 0) + 1;
        if (theirs !== ours || !choice.isCertain) wrong.push(`${sent}: nginx ${theirs}, we ${ours}\n${text}`);
      }
    }
  } finally {
    agent.destroy();
    const failure = await running.stop();
    rmSync(prefix, { recursive: true, force: true });
    assert.equal(failure, undefined, text);
  }
  return { kinds, wrong };
}

test("the server that answers for a host is the one that nginx chooses", async (t) => {
  const [nginx] = await findNginx();
  if (!nginx) return t.skip(`no nginx here to judge ${count} configurations`);
  const kinds: Record<string, number> = {};
  const wrong: string[] = [];
  for (let number = 0; number < count; number++) {
    const found = await compare(nginx);
    wrong.push(...found.wrong);
    for (const [kind, times] of Object.entries(found.kinds)) kinds[kind] = (kinds[kind] ?? 0) + times;
  }
  t.diagnostic(`nginx ${nginx.version}: ${count} configurations, ${JSON.stringify(kinds)}`);
  assert.deepEqual(wrong.slice(0, 3), [], `${wrong.length} hosts differ`);
  for (const kind of ["name", "wildcard", "regex", "default"]) assert.ok((kinds[kind] ?? 0) > count, `few of ${kind}`);
});

test("a socket of its own comes before the one for every address, and what cannot be known is said", () => {
  const environment = environmentOf(`events {}
http {
    server { listen 80; return 200 every; }
    server { listen 192.0.2.1:80; return 200 own; }
    server { listen [::]:80; return 200 six; }
    server { listen 127.0.0.1:8080; server_name $hostname; return 200 host; }
    server { listen 127.0.0.1:8080 default_server; return 200 loop; }
    server { server_name implied.example.com; return 200 implied; }
    server { listen 443 quic; listen unix:/run/a.sock; return 200 udp; }
}
`);
  assert.equal(answerOf(environment, "192.0.2.1", 80), "own");
  assert.equal(answerOf(environment, "192.0.2.2", 80), "every");
  assert.equal(answerOf(environment, "[2001:db8::1]", 80), "six");
  assert.equal(answerOf(environment, "implied.example.com", 80), "implied");
  assert.equal(chooseServer(environment, { host: "implied.example.com", port: 80 })?.isCertain, false);
  assert.equal(answerOf(environment, "localhost", 8080), "loop");
  assert.equal(chooseServer(environment, { host: "localhost", port: 8080 })?.isCertain, false);
  assert.equal(chooseServer(environment, { host: "example.com", port: 443 }), undefined);
});
