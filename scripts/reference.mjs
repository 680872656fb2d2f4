// Writes server/core/nginx/reference.json: what the nginx documentation says about each directive and built-in variable,
// cut down to its forms, its default and its first sentence. The source is the npm package @nginx/reference-lib, which
// is not among the dependencies because it is needed only when nginx gets new directives:
//
//   npm pack @nginx/reference-lib && tar xzf nginx-reference-lib-*.tgz
//   node scripts/reference.mjs package
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const folder = process.argv[2];
if (folder === undefined) throw new Error("Say where the unpacked @nginx/reference-lib lies.");
const { getDirectives, getVariables } = await import(pathToFileURL(resolve(folder, "dist/index.js")).href);
const known = JSON.parse(readFileSync("server/core/nginx/directives.json", "utf8"));

/** A summary longer than this ends at a word. */
const longest = 136;

/** The bits of `contexts` in server/core/nginx/directives.ts. */
const bits = [
  ...["main", "events", "http", "server", "location", "upstream", "server if", "location if", "limit_except"],
  ...["stream", "stream server", "stream upstream", "mail", "mail server", "mgmt", "oidc_provider", "acme_issuer"],
];

function maskOf({ name, module, contexts }) {
  // The documentation says “any” by saying nothing.
  if (contexts.every((context) => context === "")) return known[name].reduce((mask, [own]) => mask | own, 0);
  const family = /^ngx_(stream|mail)_/.exec(module)?.[1];
  const names = contexts.flatMap((context) => {
    if (context === "if in location") return ["location if"];
    if (context === "if") return ["server if", "location if"];
    return [family !== undefined && ["server", "upstream"].includes(context) ? `${family} ${context}` : context];
  });
  return names.reduce((mask, context) => {
    const bit = bits.indexOf(context);
    if (bit < 0) throw new Error(`unknown context ${context}`);
    return mask | (1 << bit);
  }, 0);
}

const entities = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  ldquo: "“",
  rdquo: "”",
  hellip: "…",
  nbsp: " ",
  mdash: "—",
  ndash: "–",
  rsquo: "’",
  lsquo: "‘",
};

function decode(text) {
  return text
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replace(/&(\w+);/g, (all, name) => entities[name] ?? all);
}

/** A form: placeholders in `<…>`, everything else literal; `{...}` for a block. */
function formOf(html) {
  const marked = html
    .replace(/<em><code>(.*?)<\/code><\/em>/g, "\u0001$1\u0002")
    .replace(/<em>(.*?)<\/em>/g, "\u0001$1\u0002");
  const text = decode(marked.replace(/<[^>]*>/g, ""))
    .replaceAll("\u0001", "<")
    .replaceAll("\u0002", ">");
  return text
    .replace(/…/g, "...")
    .replace(/\s*\{\.\.\.\}/, "")
    .replace(/\s+/g, " ")
    .trim();
}

function summaryOf(html) {
  const paragraph = /<p>([\s\S]*?)<\/p>/.exec(html)?.[1] ?? "";
  const code = paragraph.replace(/<code>(.*?)<\/code>/gs, "`$1`");
  const text = decode(code.replace(/<[^>]*>/g, ""))
    .replace(/[“"](`[^`]*`)[”"]/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
  const sentence = /^.*?[^.A-Z][.:](?= [A-Z“`(]|$)/.exec(text)?.[0] ?? text;
  const plain = sentence.replace(/, for example:$|[:;]$/, "").replace(/\.$/, "");
  if (plain.length <= longest) return plain;
  return `${plain
    .slice(0, longest)
    .replace(/\s+\S*$/, "")
    .replace(/[,;(]+$/, "")} …`;
}

/** Texts that many rows share are kept once; a row has their numbers. */
function createTable() {
  const texts = [];
  const numbers = new Map();
  return {
    texts,
    numberOf(text) {
      if (!numbers.has(text)) numbers.set(text, texts.push(text) - 1);
      return numbers.get(text);
    },
  };
}

const modules = createTable();
const summaries = createTable();
const forms = createTable();
const moduleOf = ({ module }) => modules.numberOf(module === "Core functionality" ? "ngx_core_module" : module);

const directives = {};
for (const each of getDirectives()) {
  if (known[each.name] === undefined) continue;
  const form = [...new Set(each.syntax.map(formOf))].join("\n");
  const row = [moduleOf(each), maskOf(each), summaries.numberOf(summaryOf(each.description)), forms.numberOf(form)];
  if (each.default !== "") row.push(each.default);
  directives[each.name] = [...(directives[each.name] ?? []), row];
}
const variables = {};
for (const each of getVariables()) {
  const key = each.name.slice(1).replace("NAME", "").toLowerCase();
  const row = [moduleOf(each), summaries.numberOf(summaryOf(each.description))];
  const rows = variables[key] ?? [];
  if (!rows.some(([module]) => module === row[0])) variables[key] = [...rows, row];
}

const inLines = (table) =>
  Object.keys(table)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${JSON.stringify(table[name])}`)
    .join(",\n");
const listed = ({ texts }) => `[\n${texts.map((text) => JSON.stringify(text)).join(",\n")}\n]`;
const parts = [
  ...[`"modules":${listed(modules)}`, `"summaries":${listed(summaries)}`, `"forms":${listed(forms)}`],
  ...[`"directives":{\n${inLines(directives)}\n}`, `"variables":{\n${inLines(variables)}\n}`],
];
writeFileSync("server/core/nginx/reference.json", `{${parts.join(",\n")}}\n`);
