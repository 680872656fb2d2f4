// nginx judges what is offered: the directives of each context, and the fixed values of the directives people use most.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { contexts, maskOf } from "../server/core/nginx/directives.ts";
import { sinceOf } from "../server/core/nginx/reference.ts";
import { completionAt } from "./completion-support.ts";
import { compareVersions, findNginx, type Nginx, testConfig } from "./support/nginx.ts";

/** A place of each kind; `|` is where the directive goes. */
const places: Readonly<Record<string, string>> = {
  main: "|\nevents {}",
  events: "events { | }",
  http: "events {} http { | }",
  server: "events {} http { server { | } }",
  location: "events {} http { server { location / { | } } }",
  "location if": "events {} http { server { location / { if ($uri) { | } } } }",
  "server if": "events {} http { server { if ($uri) { | } } }",
  limit_except: "events {} http { server { location / { limit_except GET { | } } } }",
  upstream: "events {} http { upstream a { server 127.0.0.1:1; | } }",
  stream: "events {} stream { | }",
  "stream server": "events {} stream { server { | } }",
  "stream upstream": "events {} stream { upstream a { server 127.0.0.1:1; | } }",
  mail: "events {} mail { | }",
};

/** So many directives of each place are tried, spread over the list. */
const sample = Number(process.env.SAMPLE ?? 8);

async function inParallel<T>(items: readonly T[], handle: (item: T, folder: string) => Promise<void>): Promise<void> {
  const queue = items.values();
  const work = async (): Promise<void> => {
    const folder = mkdtempSync(join(tmpdir(), "nginx-completion-"));
    try {
      for (const item of queue) await handle(item, folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}

async function ask(nginx: Nginx, folder: string, text: string): Promise<string> {
  writeFileSync(join(folder, "nginx.conf"), text);
  const { ok, message } = await testConfig(nginx, folder, "nginx.conf");
  return ok ? "" : message;
}

test("nginx knows the directives that are offered, where they are offered", async (t) => {
  const [nginx] = await findNginx();
  if (!nginx) return t.skip("no nginx here to judge what is offered");
  const cases: { readonly place: string; readonly name: string; readonly isBlock: boolean }[] = [];
  for (const [place, text] of Object.entries(places)) {
    const { items } = await completionAt(text);
    const step = Math.max(1, Math.floor(items.length / sample));
    for (const [index, { label, kind }] of items.entries())
      if (index % step === 0) cases.push({ place, name: label, isBlock: kind === "block" });
  }
  const refused: string[] = [];
  let judged = 0;
  await inParallel(cases, async ({ place, name, isBlock }, folder) => {
    const statement = isBlock ? `${name} a b c d e f g h {}` : `${name} a b c d e f g h;`;
    const message = await ask(nginx, folder, (places[place] ?? "").replace("|", statement));
    // A build lacks modules and is older than what is offered.
    if (/^unknown directive/.test(message)) return;
    judged++;
    // nginx counts arguments only where it takes the directive.
    const since = sinceOf(name, maskOf(contexts.filter((context) => context === place)));
    const isNewer = since !== undefined && compareVersions(since, nginx.version) > 0;
    if (/is not allowed here/.test(message) && !isNewer) refused.push(`${name} in ${place}: ${message}`);
  });
  assert.deepEqual(refused, []);
  assert.ok(judged > cases.length / 3, `only ${judged} of ${cases.length} were known to this nginx`);
});

/** Statements with a hole for a value, where they stand; `newer` are the values that nginx 1.22.1 does not know yet. */
const holes: readonly {
  readonly place: string;
  readonly statement: string;
  readonly newer?: readonly string[];
}[] = [
  { place: "location", statement: "proxy_http_version |;", newer: ["2"] },
  { place: "location", statement: "proxy_buffering |;" },
  { place: "location", statement: "satisfy |;" },
  { place: "location", statement: "proxy_next_upstream |;", newer: ["denied"] },
  { place: "location", statement: "proxy_cache_use_stale |;" },
  { place: "location", statement: "error_page | /x;" },
  { place: "location", statement: "return |;" },
  { place: "location", statement: "rewrite ^/a /b |;" },
  { place: "location", statement: "proxy_read_timeout |;" },
  { place: "location", statement: "proxy_connect_timeout |;" },
  { place: "location", statement: "proxy_buffer_size |;" },
  { place: "location", statement: "limit_except | { }" },
  { place: "location", statement: "client_max_body_size |;" },
  { place: "location", statement: "expires |;" },
  { place: "location", statement: "try_files $uri | /x;" },
  { place: "location", statement: "proxy_cache_valid | 1m;" },
  { place: "location", statement: "add_header A b |;" },
  { place: "location", statement: "proxy_ssl_protocols |;" },
  { place: "location", statement: "proxy_pass http://127.0.0.1:1; proxy_redirect |;" },
  { place: "location", statement: "keepalive_disable |;" },
  { place: "location", statement: "default_type |;" },
  { place: "location", statement: "gzip_proxied |;" },
  { place: "location", statement: "log_subrequest |;" },
  { place: "location", statement: "limit_req_log_level |;" },
  { place: "location", statement: "auth_basic |;" },
  { place: "server", statement: "ssl_protocols |;" },
  { place: "server", statement: "ssl_verify_client |;" },
  { place: "server", statement: "ssl_session_cache |;" },
  { place: "server", statement: "ssl_ecdh_curve |;" },
  { place: "server", statement: "server_name |;" },
  { place: "server", statement: "listen |;" },
  { place: "server", statement: "listen 127.0.0.1:8099 |;", newer: ["quic", "multipath"] },
  { place: "server", statement: "resolver 127.0.0.1 |;", newer: ["ipv4=on", "ipv4=off"] },
  { place: "server", statement: "real_ip_header |;" },
  { place: "server", statement: "server_tokens |;" },
  { place: "upstream", statement: "server 127.0.0.1:9 |;" },
  { place: "upstream", statement: "random |;" },
  { place: "main", statement: "error_log logs |;" },
  { place: "main", statement: "worker_processes |;" },
  { place: "events", statement: "use |;" },
  { place: "stream server", statement: "proxy_next_upstream |;" },
];

/** What a build may lack: only the commercial nginx, another system, another library. */
const lacking =
  /^(?:invalid event type|unknown directive|"(?:ntlm|state)"|(?:deferred|accept_filter) .*not supported|.*requires .* support|host not found|no "ssl_certificate" is defined)/;
const commercial = new Set(["resolve", "route=", "service=", "slow_start=", "drain", "status_zone="]);
/** Beginnings, and what goes on. */
const examples: Readonly<Record<string, string>> = {
  modified: " 1h",
  "weight=": "2",
  "max_conns=": "9",
  "max_fails=": "3",
  "fail_timeout=": "5s",
  "valid=": "9s",
  "backlog=": "9",
  "rcvbuf=": "9k",
  "sndbuf=": "9k",
  "fastopen=": "9",
};

/** The value in its statement, and the statement in its place; several values each in a block of its own. */
function textOf({ place, statement }: (typeof holes)[number], values: readonly string[]): string {
  const statements = values.map((value) => statement.replace("|", value));
  const outer = places[place] ?? "";
  if (place === "location")
    return `events {} http { server { ${statements.map((each, at) => `location /${at} { ${each} }`).join(" ")} } }`;
  if (place === "server") return `events {} http { ${statements.map((each) => `server { ${each} }`).join(" ")} }`;
  // nginx asks a server of stream for both.
  const needed = place === "stream server" ? "listen 127.0.0.1:12345; proxy_pass 127.0.0.1:1; " : "";
  return outer.replace("|", needed + statements.join(" "));
}

test("nginx accepts the values that are offered", async (t) => {
  const [nginx] = await findNginx();
  if (!nginx) return t.skip("no nginx here to judge what is offered");
  const refused: string[] = [];
  let count = 0;
  await inParallel(holes, async (hole, folder) => {
    const { place, statement, newer = [] } = hole;
    const { items } = await completionAt((places[place] ?? "").replace("|", statement));
    const values = items.flatMap(({ label, kind }) => {
      if (newer.includes(label) || commercial.has(label) || kind === "variable" || /^(?:=|unix:)$/.test(label))
        return [];
      if (/[=:]$/.test(label) && !Object.hasOwn(examples, label)) return [];
      return [`${label}${examples[label] ?? ""}`];
    });
    assert.ok(values.length > 0, `nothing is offered for ${statement}`);
    count += values.length;
    // Most are accepted all together; where they are not, each is asked about alone.
    const canStandTogether = place === "location" || place === "server";
    if (canStandTogether && (await ask(nginx, folder, textOf(hole, values))) === "") return;
    for (const value of values) {
      const message = await ask(nginx, folder, textOf(hole, [value]));
      if (message !== "" && !lacking.test(message)) refused.push(`${statement.replace("|", value)} ${message}`);
    }
  });
  assert.deepEqual(refused, []);
  assert.ok(count > 150, `only ${count} values`);
});
