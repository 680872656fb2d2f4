import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type Allowed, allowedValuesTable } from "../server/core/nginx/allowed-values.ts";
import table from "../server/core/nginx/directives.json" with { type: "json" };
import { type Context, contexts, directiveShapes } from "../server/core/nginx/directives.ts";
import { sinceTable } from "../server/core/nginx/since.ts";
import { usesVariables, variableUsers } from "../server/core/nginx/variable-users.ts";
import { compareVersions, findNginx, type Nginx, testConfig } from "./support/nginx.ts";
import { Random } from "./syntax/mutate.ts";

// The tables of directives against nginx itself: where a directive may stand, with how many values, and how often. A
// sample of them; REFUSED=all tries every directive.

const isAll = process.env.REFUSED === "all";
const random = new Random(Number(process.env.SEED ?? 20_264));
const names = Object.keys(table);
const chosen = isAll ? names : names.filter(() => random.below(120) === 0);

/** Where a directive can be tried, and what stands around it there. */
const places: readonly (readonly [Context, (line: string) => string])[] = [
  ["main", (line) => `events {}\n${line}`],
  ["events", (line) => `events { ${line} }`],
  ["http", (line) => `events {} http { ${line} }`],
  ["server", (line) => `events {} http { server { ${line} } }`],
  ["location", (line) => `events {} http { server { location / { ${line} } } }`],
  ["upstream", (line) => `events {} http { upstream u { ${line} } }`],
  ["server if", (line) => `events {} http { server { if ($host) { ${line} } } }`],
  ["location if", (line) => `events {} http { server { location / { if ($host) { ${line} } } } }`],
  ["limit_except", (line) => `events {} http { server { location / { limit_except GET { ${line} } } } }`],
];

/** They are no statements of a level, or end the test before anything is judged. */
const untried = new Set(["include", "load_module", "events", "http"]);

async function ask(nginx: Nginx, prefix: string, text: string): Promise<string> {
  writeFileSync(join(prefix, "nginx.conf"), text);
  return (await testConfig(nginx, prefix, "nginx.conf")).message;
}

/** What the tables say nginx will say. */
function expected(name: string, context: Context, count: number): "place" | "count" | "block" | "fine" | "unknown" {
  const bit = 1 << contexts.indexOf(context);
  const shapes = directiveShapes(name).filter(({ contextMask }) => (contextMask & bit) !== 0);
  if (shapes.length === 0) return "place";
  if (shapes.some(({ argumentMask }) => argumentMask === 0)) return "unknown";
  if (shapes.every(({ block }) => block)) return "block";
  const accepts = ({ argumentMask }: { argumentMask: number }) =>
    (argumentMask & (1 << 10)) !== 0 ||
    ((argumentMask & (1 << 8)) !== 0 && count >= 1) ||
    ((argumentMask & (1 << 9)) !== 0 && count >= 2) ||
    (count < 8 && (argumentMask & (1 << count)) !== 0);
  return shapes.some(accepts) ? "fine" : "count";
}

function classOf(message: string, name: string): string {
  if (message.startsWith(`"${name}" directive is not allowed here`)) return "place";
  if (message.startsWith(`invalid number of arguments in "${name}" directive`)) return "count";
  if (message.startsWith(`directive "${name}" has no opening "{"`)) return "block";
  if (message.startsWith(`unknown directive "${name}"`)) return "unknown";
  return "fine";
}

test("nginx takes directives where and as the tables say", async (t) => {
  const nginxes = await findNginx();
  if (nginxes.length === 0) return t.skip("no nginx");
  for (const nginx of nginxes) assert.deepEqual(await compareTables(nginx), [], nginx.version);
});

async function compareTables(nginx: Nginx): Promise<string[]> {
  const prefix = mkdtempSync(join(tmpdir(), "refused-"));
  const wrong: string[] = [];
  try {
    for (const name of chosen) wrong.push(...(await compareOne(nginx, prefix, name)));
  } finally {
    rmSync(prefix, { recursive: true, force: true });
  }
  return wrong;
}

async function compareOne(nginx: Nginx, prefix: string, name: string): Promise<string[]> {
  const wrong: string[] = [];
  if (untried.has(name)) return wrong;
  // The counts of values are tried in the first place that allows the directive, and one of them in the others.
  let isCounted = false;
  for (const [context, around] of places) {
    let wasFine = false;
    for (let count = 0; count <= 4; count++) {
      const line = `${[name, ..."1234".slice(0, count)].join(" ")};`;
      const said = classOf(await ask(nginx, prefix, around(line)), name);
      const told = expected(name, context, count);
      if (said === "unknown" || told === "unknown") return wrong;
      if (said !== told) wrong.push(`${context}: ${line} nginx says ${said}, the table ${told}`);
      if (said === "place" || said === "block") break;
      if (said === "fine") wasFine = true;
      if (wasFine && isCounted) break;
    }
    if (wasFine) isCounted = true;
  }
  return wrong;
}

test("nginx refuses the values that the table refuses, and takes the others", async (t) => {
  const nginxes = await findNginx();
  if (nginxes.length === 0) return t.skip("no nginx");
  for (const nginx of nginxes) assert.deepEqual(await compareValues(nginx), [], nginx.version);
});

async function compareValues(nginx: Nginx): Promise<string[]> {
  const prefix = mkdtempSync(join(tmpdir(), "refused-"));
  const wrong: string[] = [];
  const entries = [...allowedValuesTable()].filter(() => isAll || random.below(20) === 0);
  try {
    for (const [name, allowed] of entries) {
      const place = places.find(([context]) => expected(name, context, 1) !== "place");
      if (!place) continue;
      for (const [values, isRight] of samples(allowed)) {
        const message = await ask(nginx, prefix, place[1](`${name} ${values};`));
        if (message.startsWith("unknown directive")) break;
        if (message.includes("must be less than") || message.includes("low address bits")) continue;
        const isRefused = /invalid (?:value|number|log level)/.test(message);
        if (isRefused === isRight) wrong.push(`${name} ${values}: ${message}`);
      }
    }
  } finally {
    rmSync(prefix, { recursive: true, force: true });
  }
  return wrong;
}

/** Values of each kind, and whether nginx takes them. */
function samples(allowed: Allowed): readonly (readonly [values: string, isRight: boolean])[] {
  switch (allowed.kind) {
    case "flag":
      return [["on", true], ["OFF", true], ...wrongOnes(["true", "onn"])];
    case "number":
      return [["64", true], ...wrongOnes(["4k", "x", "-1", "1.5"])];
    case "size": {
      const before = allowed.at === 1 ? "4 " : "";
      const right = (allowed.isLarge ? ["8k", "8M", "1g", "0"] : ["8k", "8K"]).map((value) => before + value);
      const refused = ["8kb", "10MB", "x", "1.5m", "-1", ...(allowed.isLarge ? [] : ["1g"])];
      return [...right.map((value) => [value, true] as const), ...wrongOnes(refused.map((value) => before + value))];
    }
    default: {
      // What came with a later nginx is refused by this one.
      const right = allowed.words.filter((word) => !["2", "2.0", "denied", "updating"].includes(word));
      const before = allowed.from === 1 ? "error.log " : "";
      const kinds = allowed.isExact ? [...right] : right.flatMap((word) => [word, word.toUpperCase()]);
      const refused = right.includes("TLSv1") ? ["TLSv1.0", "TLS1.2", "SSLv4"] : ["wrong", `${right[0]}x`];
      if (allowed.isExact) refused.push("Warn");
      return [
        ...kinds.map((word) => [before + word, true] as const),
        ...wrongOnes(refused.map((value) => before + value)),
      ];
    }
  }
}

function wrongOnes(values: readonly string[]): readonly (readonly [string, boolean])[] {
  return values.map((value) => [value, false] as const);
}

test("nginx knows the directives that came before its version, and not those that came later", async (t) => {
  const nginxes = await findNginx();
  if (nginxes.length === 0) return t.skip("no nginx");
  for (const nginx of nginxes) {
    const prefix = mkdtempSync(join(tmpdir(), "refused-"));
    const wrong: string[] = [];
    for (const [name, since] of sinceTable()) {
      const message = await ask(nginx, prefix, `events {} http { ${name}; }`);
      const isLater = compareVersions(nginx.version, since) < 0;
      if (isLater && !message.startsWith("unknown directive")) wrong.push(`${name} ${since}: ${message}`);
    }
    rmSync(prefix, { recursive: true, force: true });
    assert.deepEqual(wrong, [], nginx.version);
  }
});

test("nginx stops at an unknown variable in each directive of the table", async (t) => {
  const nginxes = await findNginx();
  if (nginxes.length === 0) return t.skip("no nginx");
  for (const nginx of nginxes) {
    const prefix = mkdtempSync(join(tmpdir(), "refused-"));
    const wrong: string[] = [];
    for (const name of variableUsers().filter(() => isAll || random.below(8) === 0)) {
      const [from = 0] = usesVariables(name, 2) ?? [];
      const before = from === 0 ? "" : ({ rewrite: "^ ", set: "$own ", auth_request_set: "$own " }[name] ?? "404 ");
      const after = { limit_req_zone: " zone=a:1m rate=1r/s", limit_conn_zone: " zone=a:1m" }[name] ?? "";
      const [, around] = places.findLast(([context]) => expected(name, context, 2) !== "place") ?? places[2]!;
      const line =
        name === "map" || name === "split_clients"
          ? `${name} $nobody $own { }`
          : `${name} ${name === "return" ? "200 " : before}$nobody${name === "try_files" ? " =404" : after};`;
      const message = await ask(nginx, prefix, around(line));
      if (!message.startsWith('unknown "nobody" variable')) wrong.push(`${line} ${message}`);
    }
    rmSync(prefix, { recursive: true, force: true });
    assert.deepEqual(wrong, [], nginx.version);
  }
});
