import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import table from "../server/core/nginx/directives.json" with { type: "json" };
import { type Context, contexts, directiveShapes } from "../server/core/nginx/directives.ts";
import { findNginx, type Nginx, testConfig } from "./support/nginx.ts";
import { Random } from "./syntax/mutate.ts";

// The tables of directives against nginx itself: where a directive may stand, with how many values, and how often. A
// sample of them; REFUSED=all tries every directive.

const isAll = process.env.REFUSED === "all";
const random = new Random(Number(process.env.SEED ?? 20_264));
const names = Object.keys(table);
const chosen = isAll ? names : names.filter(() => random.below(60) === 0);

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
