// Whoever copies what a rule page says one sees has to come back to that rule.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { diagnose, rules, rulesOf } from "../server/core/index.ts";

/** What a cell says beside the symptom, and why it cannot lead to the rule. */
const exceptions: readonly (readonly [page: string, text: string, reason: string])[] = [
  ["auth-redirects-handshake", "log in again", "what the page does not see"],
  [
    "buffering-delays-events",
    "200",
    "the status of an event stream that is well; as a handshake it means something else",
  ],
  ["error-page-masks-status", "401", "in the log of the backend; the browser sees 200, which leads to the rule"],
  ["error-page-masks-status", "403", "the same"],
  ["header-name-typo", "syntax is ok", "what nginx says about every file that it takes"],
  ["timeout-invalid", "is duplicate", "the end of a message of which the row above has the beginning"],
  ["timeout-invalid", "is not allowed here", "the same"],
  ["upstream-sni", "… handshake failure", "the end of a line; alone it would be said of WebSocket handshakes too"],
];

const pages = join(__dirname, "..", "..", "docs", "rules");

/** The cells of the tables under “What you see”, without the column that says where. */
function cellsOf(page: string): readonly string[] {
  const text = readFileSync(join(pages, `${page}.md`), "utf8");
  const [section = ""] = /(?<=^## What you see\n)[\s\S]*?(?=^## )/m.exec(text) ?? [];
  const rows = section.split("\n").filter((line) => /^\| (?!---|Where)/.test(line));
  return rows.flatMap((row) => row.slice(2, -2).split(" | ").slice(1));
}

/** Names of headers, paths and values, headers with a value, and request lines: they say of what the cell speaks. */
const mention = /^(?!.*(?:err_|error|\d{3}|\\x))(?:\S+|[A-Z][\w-]+: \S+|(?:GET|POST) \S+)$/i;

/** What a person would paste: code, quoted words, and statuses and close codes in the prose. */
function symptomsIn(cell: string): readonly string[] {
  const quoted = [...cell.matchAll(/`([^`]+)`|“([^”]+)”/g)].map((match) => match[1] ?? match[2] ?? "");
  const prose = cell.replace(/`[^`]+`|“[^”]+”/g, "");
  const numbers = [...prose.matchAll(/(?<![\w.])(?:[2-5]\d\d|10[01]\d)(?![\w.]*\w| s\b)/g)].map(([number]) => number);
  return [...quoted.filter((text) => !mention.test(text)), ...numbers];
}

test("what a page says one sees leads back to its rule", () => {
  const lost: string[] = [];
  const used = new Set<string>();
  for (const { id } of rules) {
    for (const text of cellsOf(id).flatMap(symptomsIn)) {
      const named = diagnose(text).flatMap(({ symptom }) => rulesOf(symptom));
      if (named.includes(id)) continue;
      const exception = exceptions.find(([page, except]) => except === text && page === id);
      if (exception === undefined) lost.push(`${id}: ${text} → ${diagnose(text).map(({ symptom }) => symptom.id)}`);
      else used.add(exception.join());
    }
  }
  assert.equal(lost.join("\n"), "");
  assert.deepEqual(
    exceptions.filter((exception) => !used.has(exception.join())),
    [],
    "exceptions that are none",
  );
});
