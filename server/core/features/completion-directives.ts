import { type Context, contexts, directiveNames, directiveShapes } from "../nginx/directives.ts";
import { type FormPart, parseForm, plainForm } from "../nginx/forms.ts";
import { directiveReference, isCommercial, isTooNewFor, sinceOf } from "../nginx/reference.ts";
import { retiredDirective } from "../nginx/retired.ts";
import { signaturesOf } from "../nginx/signatures.ts";
import type { Version } from "../nginx/version.ts";
import { type CompletionItem, escapeSnippet, type Spotted } from "./completion-item.ts";
import { directiveTexts } from "./texts.ts";

/** What a WebSocket needs, in the order in which people write it. */
const first = [
  ...["http", "events", "server", "listen", "server_name", "location", "proxy_pass", "proxy_http_version"],
  ...["proxy_set_header", "proxy_read_timeout", "proxy_send_timeout", "map", "upstream", "zone", "keepalive"],
  ...["proxy_buffering", "include", "worker_processes", "worker_connections", "error_log", "pid", "user"],
];

/** Choices beyond this many are no help as tab stops. */
const MAX_CHOICES = 12;

/** Lists that were made: they depend on little, and are asked for with every word. */
const lists = new Map<string, readonly CompletionItem[]>();

/** More lists than this are not kept. */
const MAX_LISTS = 64;

/** The directives that may stand at a place. */
export function directiveItems({ site, cursor, contexts: around, mask }: Spotted): readonly CompletionItem[] {
  const version = site.environments.find((environment) => environment.version)?.version;
  const key = `${mask} ${versionText(version)} ${cursor.follows}`;
  let items = lists.get(key);
  if (!items) {
    items = directiveNames()
      .filter((name) => directiveShapes(name).some(({ contextMask }) => (contextMask & mask) !== 0))
      .map((name) => directiveItem(name, mask, version, cursor.follows, around));
    if (lists.size >= MAX_LISTS) lists.clear();
    lists.set(key, items);
  }
  return items;
}

function directiveItem(
  name: string,
  mask: number,
  version: Version | undefined,
  follows: Spotted["cursor"]["follows"],
  around: readonly Context[],
): CompletionItem {
  const retired = retiredDirective(name);
  const isBlock = directiveShapes(name).some(({ contextMask, block }) => block && (contextMask & mask) !== 0);
  return {
    label: name,
    kind: isBlock ? "block" : "directive",
    detail: detailOf(name, mask, version, around),
    ...textOf(name, mask, isBlock, follows),
    rank: retired ? 90 : rankOf(name, mask, version),
    ...(retired ? { isDeprecated: true as const } : {}),
    topic: { kind: "directive", name, mask },
  };
}

function rankOf(name: string, mask: number, version: Version | undefined): number {
  const place = first.indexOf(name);
  if (place >= 0) return place;
  if (isCommercial(name) || isTooNewFor(name, mask, version)) return 60;
  return Object.hasOwn(directiveTexts, name) ? 40 : 50;
}

/** Its form, since when it is there, and where it may not stand although others may. */
function detailOf(name: string, mask: number, version: Version | undefined, around: readonly Context[]): string {
  const retired = retiredDirective(name);
  const since = sinceOf(name, mask);
  const form = plainForm(signaturesOf(name, mask)[0]?.form ?? "");
  const only = around.filter((context) => (maskOfDirective(name) & (1 << contexts.indexOf(context))) !== 0);
  const parts = [
    form.length > 40 ? `${form.slice(0, 39)}…` : form,
    retired
      ? `${retired.removed ? `gone since ${retired.removed}` : "obsolete"}: ${retired.instead.replaceAll("`", "")}`
      : "",
    since && !retired
      ? `since ${since}${isTooNewFor(name, mask, version) ? `, not in ${versionText(version)}` : ""}`
      : "",
    isCommercial(name) ? "commercial nginx" : "",
    only.length < around.length ? `only in ${only.join(", ")}` : "",
  ];
  return parts.filter(Boolean).join(" · ");
}

function maskOfDirective(name: string): number {
  return directiveShapes(name).reduce((all, { contextMask }) => all | contextMask, 0);
}

function versionText(version: Version | undefined): string {
  return version ? `${version.major}.${version.minor}.${version.patch}` : "";
}

/** What is inserted: as much as does not stand behind the word already. */
function textOf(
  name: string,
  mask: number,
  isBlock: boolean,
  follows: Spotted["cursor"]["follows"],
): Pick<CompletionItem, "text" | "snippet" | "goesOn"> {
  if (follows === "words") return {};
  const stops = tabStops(name, mask);
  const head = [name, ...stops].join(" ");
  if (isBlock) {
    if (follows === "semicolon") return {};
    return { text: stops.length > 0 ? `${name} ` : `${name} {`, snippet: `${head} {\n\t$0\n}` };
  }
  const end = follows === "semicolon" ? "" : ";";
  if (stops.length === 0) return { text: `${name}${end}` };
  return { text: `${name} `, snippet: `${head}${end}` };
}

/** A tab stop for each argument that has to be there; a choice where all of its values are known. */
function tabStops(name: string, mask: number): readonly string[] {
  const form = signaturesOf(name, mask)[0]?.form ?? "";
  const parts = parseForm(form);
  const needed = parts.filter(({ isOptional }) => !isOptional);
  const fallback = directiveReference(name, mask)?.fallback ?? "";
  const [only] = needed.length === 0 ? parts : needed;
  if (!only) return [];
  if (needed.length < 2) return [choiceOf(only) ?? usualValue(only, fallback) ?? stopsIn(form, only, { count: 0 })];
  const numbers = { count: 0 };
  return needed.map((part) => stopsIn(form, part, numbers));
}

function choiceOf({ words, placeholder }: FormPart): string | undefined {
  const isFixed = placeholder === undefined && !words.some((word) => /[=:]$/.test(word));
  return isFixed && words.length > 1 && words.length <= MAX_CHOICES ? `\${1|${words.join(",")}|}` : undefined;
}

/** nginx's own value as a beginning, where it is one that people change rather than turn on. */
function usualValue({ words, placeholder }: FormPart, fallback: string): string | undefined {
  if (["", "off", "none"].includes(fallback) || /\||\.\.\./.test(fallback)) return undefined;
  const isUseful = placeholder === undefined ? words.length > 0 : !words.includes(fallback) && !fallback.includes(" ");
  return isUseful ? `\${1:${escapeSnippet(fallback)}}` : undefined;
}

/** One part of a form with what stands for something as tab stops: its first choice, without what may be left out. */
function stopsIn(form: string, { start, end }: FormPart, numbers: { count: number }): string {
  const choice = form.slice(start, end).split("|")[0] ?? "";
  const text = choice
    .replace(/\[[^\]]*\]+/g, "")
    .replace(/ \.\.\./g, "")
    .trim();
  if (!text.includes("<")) return `\${${++numbers.count}:${escapeSnippet(text)}}`;
  return text
    .split(/(<[^>]*>)/)
    .map((piece) => {
      if (!piece.startsWith("<")) return escapeSnippet(piece);
      return `\${${++numbers.count}:${escapeSnippet(piece.slice(1, -1))}}`;
    })
    .join("");
}
