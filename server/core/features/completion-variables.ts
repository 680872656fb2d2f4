import type { Environment } from "../model/config.ts";
import { variableNames, variableReference } from "../nginx/reference.ts";
import { type CompletionItem, originOf, type Site, type Spotted } from "./completion-item.ts";
import { variableTexts } from "./texts.ts";
import { sourceText, type VariableOrigin, variablesIn } from "./variable-origin.ts";

/** What people pass on of a request most often. */
const often = [
  ...["http_upgrade", "http_connection", "host", "http_host", "remote_addr", "scheme", "request_uri", "uri", "args"],
  ...["proxy_add_x_forwarded_for", "http_origin", "server_port", "server_name", "binary_remote_addr"],
];

/** Headers of a request that configurations look at. */
const requestHeaders =
  "accept authorization cookie origin referer user_agent x_forwarded_for x_forwarded_host x_forwarded_proto x_real_ip sec_websocket_key sec_websocket_protocol sec_websocket_version".split(
    " ",
  );

/** No more variables of a configuration than this are listed. */
const MAX_DEFINED = 500;

/** The piece of a word from a `$` to the cursor, if it is the beginning of a variable. */
export function variableBegun(typed: string): { readonly brace: boolean; readonly length: number } | undefined {
  const match = /\$(\{?)\w*$/.exec(typed);
  return match ? { brace: match[1] === "{", length: match[0].length } : undefined;
}

/** Variables, written with `$` or, inside of a word, with `${…}`. */
export function variableItems({ site, contexts, mask }: Spotted, brace?: "brace"): readonly CompletionItem[] {
  const isStream = contexts.length > 0 && contexts.every((context) => context.startsWith("stream"));
  const write = (name: string): string => (brace ? `\${${name}}` : `$${name}`);
  const items = new Map<string, CompletionItem>();
  for (const item of definedItems(site)) items.set(item.label, { ...item, label: write(item.label) });
  const builtIn = [...variableNames(isStream ? "stream" : "http"), ...(isStream ? [] : often)];
  for (const name of builtIn) {
    if (items.has(name)) continue;
    if (name.endsWith("_")) {
      items.set(name, familyItem(name, write));
      continue;
    }
    items.set(name, builtInItem(name, write, mask, isStream));
  }
  if (!isStream)
    for (const header of requestHeaders) {
      const name = `http_${header}`;
      if (!items.has(name)) items.set(name, { ...builtInItem(name, write, mask, false), detail: headerOf(header) });
    }
  return [...items.values()];
}

function headerOf(name: string): string {
  return `the client's ${name.replace(/(?:^|_)\w/g, (part) => part.toUpperCase()).replaceAll("_", "-")} header`;
}

function builtInItem(name: string, write: (name: string) => string, mask: number, isStream: boolean): CompletionItem {
  const own = Object.hasOwn(variableTexts, name) ? variableTexts[name]?.text : undefined;
  const detail = own?.split(/[.:;] /)[0] ?? variableReference(name, isStream ? "stream" : undefined)?.summary ?? "";
  const rank = often.indexOf(name);
  return {
    label: write(name),
    kind: "variable",
    detail: detail.replaceAll("`", ""),
    rank: rank < 0 ? 300 : 210 + rank,
    topic: { kind: "variable", name, mask },
  };
}

function familyItem(name: string, write: (name: string) => string): CompletionItem {
  const text = write(name);
  return {
    label: `${text}…`,
    kind: "variable",
    detail: variableReference(name)?.summary ?? "",
    text,
    snippet: `${text.replace("}", "").replace("$", "\\$")}\${1:name}${text.endsWith("}") ? "\\}" : ""}`,
    rank: 400,
    topic: { kind: "variable", name, mask: -1 },
  };
}

function* definedItems(site: Site): Generator<CompletionItem> {
  let count = 0;
  for (const environment of site.environments) {
    for (const origin of firstOrigins(environment)) {
      if (count++ >= MAX_DEFINED) return;
      yield {
        label: origin.name,
        kind: "variable",
        detail: `${sourceText(origin)}, ${originOf(origin.directive, site)}`,
        rank: 200,
        topic: { kind: "variable", name: origin.name, mask: -1 },
      };
    }
  }
}

/** Each variable once, with the statement that is met first. */
function* firstOrigins(environment: Environment): Generator<VariableOrigin> {
  const seen = new Set<string>();
  for (const origin of variablesIn(environment)) {
    if (seen.has(origin.name)) continue;
    seen.add(origin.name);
    yield origin;
  }
}
