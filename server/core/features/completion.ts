import { isDataBlock } from "../syntax/data-blocks.ts";
import { dataItems } from "./completion-data.ts";
import { directiveItems } from "./completion-directives.ts";
import { headerItems } from "./completion-headers.ts";
import type { Completion, CompletionItem, Site, Spotted } from "./completion-item.ts";
import { hostPart, locationItems, upstreamItems, zoneItems } from "./completion-names.ts";
import { spotAt } from "./completion-spot.ts";
import { valueItems } from "./completion-values.ts";
import { variableBegun, variableItems } from "./completion-variables.ts";

/** Arguments that are a variable nearly always. */
const takesVariable: ReadonlySet<string> = new Set(["map", "if", "split_clients", "limit_req_zone", "limit_conn_zone"]);

/** What can be written at a place; undefined where nothing can be said. */
export async function complete(site: Site): Promise<Completion | undefined> {
  const spotted = spotAt(site);
  const { cursor } = spotted;
  if (cursor.kind === "nothing") return undefined;
  const variable = variableCompletion(spotted);
  if (variable) return variable;
  if (cursor.quoted) return undefined;
  if (isInclude(spotted)) return { start: cursor.start, end: cursor.end, items: await pathItems(spotted) };
  const host = cursor.kind === "argument" ? hostPart(spotted) : undefined;
  if (host) return { start: host.start, end: host.end, items: upstreamItems(spotted, host) };
  return { start: cursor.start, end: cursor.end, items: itemsAt(spotted) };
}

function itemsAt(spotted: Spotted): readonly CompletionItem[] {
  const { cursor, contexts } = spotted;
  if (isData(spotted)) return dataItems(spotted);
  if (cursor.kind === "directive") return contexts.length > 0 ? directiveItems(spotted) : [];
  const special = [...headerItems(spotted), ...zoneItems(spotted), ...locationItems(spotted)];
  const found = new Map<string, CompletionItem>();
  for (const item of [...special, ...valueItems(spotted)]) if (!found.has(item.label)) found.set(item.label, item);
  const [name = ""] = cursor.before;
  if (takesVariable.has(name) && cursor.before.length === 1 && cursor.typed === "")
    for (const item of variableItems(spotted)) found.set(item.label, item);
  return [...found.values()];
}

function isData({ cursor }: Spotted): boolean {
  return isDataBlock(cursor.blocks[0]?.words[0] ?? "");
}

/** A word that ends in the beginning of a variable. */
function variableCompletion(spotted: Spotted): Completion | undefined {
  const { cursor, site } = spotted;
  const begun = variableBegun(cursor.typed);
  if (!begun || isPattern(spotted)) return undefined;
  if (cursor.kind === "directive" && !isData(spotted)) return undefined;
  const start = site.offset - begun.length;
  const rest = /^\w*/.exec(site.document.slice(site.offset, cursor.end))?.[0].length ?? 0;
  const isClosed = begun.brace && site.document.slice(site.offset + rest, site.offset + rest + 1) === "}";
  const items = preferred(headerItems(spotted), variableItems(spotted, begun.brace ? "brace" : undefined));
  return { start, end: site.offset + rest + (isClosed ? 1 : 0), items };
}

/** The items, those first that are right for the header whose value is being written. */
function preferred(right: readonly CompletionItem[], items: readonly CompletionItem[]): readonly CompletionItem[] {
  const ranks = new Map(right.map(({ label, rank }) => [label, rank]));
  // In braces it is the same variable.
  const plain = (label: string): string => label.replace(/^\$\{(\w+)\}$/, "$$$1");
  return items.map((item) => ({ ...item, rank: ranks.get(plain(item.label)) ?? item.rank }));
}

/** Whether a `$` at a place is the end of a regular expression. */
function isPattern({ cursor }: Spotted): boolean {
  const [name = "", ...args] = cursor.before;
  if (cursor.kind === "directive") return cursor.typed.startsWith("~");
  if (name === "location") return true;
  if (name === "rewrite" && args.length === 0) return true;
  if (name === "server_name" || name === "valid_referers") return cursor.typed.startsWith("~");
  return name === "if" && /^!?~\*?$/.test(args.at(-1) ?? "");
}

function isInclude({ cursor }: Spotted): boolean {
  return cursor.kind === "argument" && cursor.before[0] === "include" && cursor.before.length === 1;
}

async function pathItems({ site, cursor }: Spotted): Promise<readonly CompletionItem[]> {
  const paths = await site.paths(cursor.typed);
  return paths.map((path) => {
    const isFolder = path.endsWith("/");
    return {
      label: path,
      kind: isFolder ? "folder" : "file",
      rank: isFolder ? 1 : 0,
      ...(isFolder ? { goesOn: true as const } : {}),
    };
  });
}
