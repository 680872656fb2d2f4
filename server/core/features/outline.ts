import type { Span } from "../finding.ts";
import { readLocationName } from "../model/location-name.ts";
import { isDataBlock } from "../syntax/data-blocks.ts";
import type { Directive, Place } from "../syntax/directive.ts";
import { type Document, type Segment, spanOf } from "../syntax/document.ts";
import { blockEnd } from "./block-end.ts";
import { passOf, serverLabel, shorten, upstreamDetail } from "./outline-labels.ts";

/** What an entry of an outline is. */
export type OutlineKind =
  | "container"
  | "server"
  | "location"
  | "named location"
  | "upstream"
  | "upstream server"
  | "variable"
  | "zone"
  | "log format"
  | "condition"
  | "block";

/** An entry of an outline. Places stay right while other segments change, so the entries of a segment are kept. */
export interface OutlineItem {
  readonly kind: OutlineKind;
  /** Never empty. */
  readonly name: string;
  readonly detail: string;
  /** All of it begins where `from` begins and ends where `to` ends: they differ for blocks that span segments. */
  readonly from: Place;
  readonly to: Place;
  /** The words that name it, inside of the range. */
  readonly selection: Place;
  readonly children: readonly OutlineItem[];
}

/** Deeper blocks are in no outline: nginx's own levels are fewer. */
const MAX_DEPTH = 32;

const cache = new WeakMap<Segment, readonly OutlineItem[]>();

/** The blocks of a document, and the statements that name something. */
export function outlineOf(document: Document): readonly OutlineItem[] {
  const items: OutlineItem[] = [];
  let inContainer: OutlineItem[] | undefined;
  let container: Segment | undefined;
  for (const segment of document.segments) {
    if (segment.kind === "open") {
      const [directive] = segment.directives();
      if (!directive) continue;
      inContainer = [];
      container = segment;
      items.push(itemOf(directive, "container", headText(directive), inContainer));
    } else if (segment.kind === "plain") {
      const level = segment.container !== undefined && segment.container === container ? inContainer : undefined;
      for (const item of itemsIn(segment)) (level ?? items).push(item);
    }
  }
  return items;
}

function itemsIn(segment: Segment): readonly OutlineItem[] {
  let known = cache.get(segment);
  if (!known) {
    known = itemsOf(segment.directives(), undefined, 0);
    cache.set(segment, known);
  }
  return known;
}

function itemsOf(
  directives: readonly Directive[],
  block: Directive | undefined,
  depth: number,
): readonly OutlineItem[] {
  return directives.flatMap((directive) => describe(directive, block, depth) ?? []);
}

function describe(directive: Directive, block: Directive | undefined, depth: number): OutlineItem | undefined {
  if (!directive.isBlock) return describeStatement(directive, block);
  const { name } = directive;
  const inner =
    depth >= MAX_DEPTH || isDataBlock(name) || isRaw(name) ? [] : itemsOf(directive.children(), directive, depth + 1);
  if (name === "server" && block?.name !== "upstream")
    return itemOf(directive, "server", serverLabel(directive), inner);
  if (name === "location") {
    const isNamed = readLocationName(directive)?.modifier === "@";
    return itemOf(
      directive,
      isNamed ? "named location" : "location",
      headText(directive),
      inner,
      passOf(directive, block),
    );
  }
  if (name === "upstream") return itemOf(directive, "upstream", headText(directive), inner, upstreamDetail(directive));
  if (name === "map" || name === "split_clients") {
    const [source, target] = directive.args;
    const label = target ? `${name} ${source?.raw} → ${target.raw}` : headText(directive);
    return itemOf(directive, "variable", label, inner);
  }
  if (name === "geo") {
    const target = directive.args.at(-1)?.raw ?? "";
    const source = directive.args.length > 1 ? `${directive.args[0]?.raw} → ` : "";
    return itemOf(directive, "variable", `geo ${source}${target}`, inner);
  }
  if (name === "if") return itemOf(directive, "condition", headText(directive), inner, passOf(directive, block));
  return itemOf(directive, "block", headText(directive), inner);
}

/** Blocks whose content is a program. */
function isRaw(name: string): boolean {
  return name.endsWith("_by_lua_block");
}

const zones = /^(?:limit_req_zone|limit_conn_zone|(?:proxy|fastcgi|uwsgi|scgi)_cache_path|keyval_zone)$/;

function describeStatement(directive: Directive, block: Directive | undefined): OutlineItem | undefined {
  const { name } = directive;
  if (name === "server" && block?.name === "upstream") {
    const [address, ...parameters] = directive.args.map(({ raw }) => raw);
    return itemOf(directive, "upstream server", address ?? "server", [], parameters.join(" "));
  }
  if (name === "log_format") return itemOf(directive, "log format", `log_format ${directive.args[0]?.raw ?? ""}`, []);
  if (!zones.test(name)) return undefined;
  const zone = directive.args.map(({ value }) => /^(?:keys_)?zone=([^:]+)/.exec(value)?.[1]).find(Boolean);
  return itemOf(directive, "zone", zone === undefined ? name : `${name} ${zone}`, [], directive.args[0]?.raw);
}

function itemOf(
  directive: Directive,
  kind: OutlineKind,
  name: string,
  children: readonly OutlineItem[],
  detail = "",
): OutlineItem {
  const { segment, start } = directive.head;
  const to = blockEnd(directive);
  const end = Math.max(start, directive.words.at(-1)?.end ?? start);
  const isInside = to.segment !== segment || end <= to.end;
  return {
    kind,
    name: shorten(name) || "block",
    detail: shorten(detail),
    from: directive.head,
    to,
    selection: { segment, start, end: isInside ? end : to.end },
    children,
  };
}

/** Where an entry is now, and the words that name it. */
export function spanOfItem({ from, to, selection }: OutlineItem): { readonly range: Span; readonly selection: Span } {
  const { file, start } = spanOf(from);
  return { range: { file, start, end: spanOf(to).end }, selection: spanOf(selection) };
}

function headText(directive: Directive): string {
  return directive.words.map(({ raw }) => raw).join(" ");
}
