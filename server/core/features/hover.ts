import type { Span } from "../finding.ts";
import type { Environment } from "../model/config.ts";
import { effectiveList, effectiveValue } from "../model/effective.ts";
import type { Scope } from "../model/scope.ts";
import { Evaluation, type Value } from "../model/values.ts";
import { splitValue } from "../nginx/variables.ts";
import type { Directive, Place, Word } from "../syntax/directive.ts";
import { type Document, spanOf } from "../syntax/document.ts";
import { baseName } from "../text/path.ts";
import { placeOf, viewOf } from "./effective.ts";
import { DOUBTS } from "./effective-level.ts";
import { shortForm } from "./effective-short.ts";
import type { Locate } from "./effective-text.ts";
import { describeDefinition, describeInclude, describeUpstream, upstreamNamed } from "./hover-names.ts";
import { type HoverText, ownText, type Reference } from "./hover-text.ts";
import { serverAround } from "./overview.ts";
import { directiveTexts, variableTexts } from "./texts.ts";

/** What to show when the pointer rests on something. */
export interface Hover {
  readonly span: Span;
  readonly markdown: string;
}

/** A place in a configuration: the scope and the directive at an offset. */
export interface Spot {
  readonly scope: Scope;
  readonly directive: Directive;
  readonly environment: Environment;
  /** Names other places. */
  readonly locate: Locate;
}

/** What a hover can say beyond the texts of our own. */
export interface HoverSources {
  readonly reference?: Reference | undefined;
  /** The contexts around the place as a bit mask; 0 where they are not known. */
  readonly mask: number;
  /** Whether the place is in a `map` or the like, whose lines are no directives. */
  readonly isData: boolean;
  /** The files of an include; undefined when they are not known. */
  readonly included: (include: Directive) => readonly Document[] | undefined;
}

/** Explains the directive, the variable or the name at an offset. */
export function hoverAt(
  document: Document,
  offset: number,
  spot: Spot | undefined,
  sources: HoverSources,
): Hover | undefined {
  const directive = spot?.directive ?? directiveAt(document, offset);
  if (!directive) return undefined;
  const word = directive.words.find((candidate) => contains(candidate, offset));
  if (!word) return undefined;
  const isName = word === directive.words[0];
  if (isName && sources.isData) return undefined;
  if (isName) return hoverDirective(directive, word, spot, sources);
  const variable = variableAt(word, offset);
  if (variable) return hoverVariable(variable.name, variable.place, spot, sources);
  const lines = describeName(directive, word, spot, sources);
  return lines.length > 0 ? { span: spanOf(word), markdown: lines.join("\n") } : undefined;
}

/** What an argument leads to: the servers of an upstream, the files of an include. */
function describeName(
  directive: Directive,
  word: Word,
  spot: Spot | undefined,
  { isData, included }: HoverSources,
): readonly string[] {
  if (directive.name === "include") return describeInclude(included(directive));
  if (isData || !spot) return [];
  const upstream = upstreamNamed(directive, word.value, spot.environment.upstreams);
  return upstream ? describeUpstream(upstream, origin) : [];
}

/** The innermost directive at an offset. */
export function directiveAt(document: Document, offset: number): Directive | undefined {
  let found: Directive | undefined;
  let level: readonly Directive[] = document.directives();
  for (;;) {
    const next = level.find((directive) => isInside(directive, offset));
    if (!next) return found;
    found = next;
    level = next.children();
  }
}

function isInside(directive: Directive, offset: number): boolean {
  const { start, end } = spanOf(directive.place);
  if (directive.segment.kind === "open")
    return offset >= start && (offset <= end || directive.children().some((child) => isInside(child, offset)));
  return offset >= start && offset <= end;
}

function contains(place: Place, offset: number): boolean {
  const { start, end } = spanOf(place);
  return offset >= start && offset <= end;
}

function variableAt(word: Word, offset: number): { name: string; place: Place } | undefined {
  if (word.raw.includes("\\")) return undefined;
  const base = word.start + (word.quoted ? 1 : 0);
  for (const part of splitValue(word.value)) {
    if (part.kind === "text") continue;
    const place = { segment: word.segment, start: base + part.start, end: base + part.end };
    if (contains(place, offset)) return { name: part.name, place };
  }
  return undefined;
}

function hoverDirective(
  directive: Directive,
  word: Word,
  spot: Spot | undefined,
  { reference, mask, included }: HoverSources,
): Hover | undefined {
  const documented = reference?.directive(directive.name, mask);
  const known = Object.hasOwn(directiveTexts, directive.name) ? directiveTexts[directive.name] : undefined;
  const own = ownText(known, documented);
  const text = own ?? documented;
  if (!text) return undefined;
  const inForce = own && spot ? describeInForce(directive.name, own, spot) : [];
  const lines = directive.name === "include" ? describeInclude(included(directive)) : inForce;
  const title = documented ? `**${directive.name}**\n\n${documented.facts}` : `**${directive.name}**`;
  return { span: spanOf(word), markdown: compose(title, text, lines) };
}

function hoverVariable(
  name: string,
  place: Place,
  spot: Spot | undefined,
  { reference, mask }: HoverSources,
): Hover | undefined {
  const own = Object.hasOwn(variableTexts, name) ? variableTexts[name] : undefined;
  const definition = spot?.environment.definitions.get(name);
  const lines: string[] = [];
  if (spot && (definition || name === "http_upgrade" || name === "http_connection")) {
    const inHandshake = new Evaluation(spot.environment.definitions, spot.scope, "websocket").variable(name);
    const inPlain = new Evaluation(spot.environment.definitions, spot.scope, "plain").variable(name);
    if (inHandshake || inPlain)
      lines.push(
        `In a WebSocket handshake: ${valueText(inHandshake)}  `,
        `In a plain request: ${valueText(inPlain)}`,
        "",
      );
    if (definition) lines.push(...describeDefinition(name, spot.environment, origin));
  }
  const text = own ?? (definition ? undefined : reference?.variable(name, mask));
  if (!text && lines.length === 0) return undefined;
  const body = text ?? { text: "A variable of this configuration.", url: "" };
  return { span: spanOf(place), markdown: compose(`**$${name}**`, body, lines) };
}

function compose(title: string, { text, url, symptom }: HoverText, lines: readonly string[]): string {
  const parts = [title];
  if (text !== "") parts.push(text);
  if (lines.length > 0) parts.push(lines.join("\n").trimEnd());
  if (symptom) parts.push(`When it goes wrong: ${symptom}`);
  if (url !== "") parts.push(`[nginx documentation](${url})`);
  return parts.join("\n\n");
}

/** What holds here and where it comes from. */
function describeInForce(name: string, text: HoverText, spot: Spot): readonly string[] {
  const { scope, environment } = spot;
  if (name === "proxy_set_header") return describeHeaders(scope, environment);
  if (name === "proxy_pass" || name === "location") return describeRequest(spot);
  if (text.fallback === undefined) return [];
  const { entry, doubt } = effectiveValue(scope, name);
  const unsure = doubt ? ` (${DOUBTS[doubt]} may change it)` : "";
  if (!entry) return [`In force here: ${text.fallback}, the default${unsure}.`];
  return [
    `In force here: \`${entry.directive.args.map((word) => word.raw).join(" ")}\` from ${origin(entry.directive)}${unsure}.`,
  ];
}

function describeRequest({ scope, environment, locate }: Spot): readonly string[] {
  const server = serverAround(scope, environment);
  const inHover: Locate = (span) => locate(span).replace(/:(\d+)$/, ", line $1");
  return server ? shortForm(viewOf(placeOf(scope, environment, server)), inHover) : [];
}

function describeHeaders(scope: Scope, environment: Environment): readonly string[] {
  const { entries, doubt } = effectiveList(scope, "proxy_set_header");
  if (entries.length === 0) {
    return ["Headers set for the backend here: none. Upgrade and Connection of the client are not passed on."];
  }
  const evaluation = new Evaluation(environment.definitions, scope, "websocket");
  const rows = entries.map(({ directive }) => {
    const value = directive.arg(1) ?? "";
    const seen = value.includes("$") ? evaluation.evaluate(value) : undefined;
    const shown = seen ? ` = ${valueText(seen)} in a handshake` : "";
    return `- \`${directive.arg(0)}: ${directive.args[1]?.raw ?? ""}\`${shown} (${origin(directive)})`;
  });
  const missing = ["Upgrade", "Connection"].filter(
    (name) => !entries.some(({ directive }) => directive.arg(0)?.toLowerCase() === name.toLowerCase()),
  );
  const unsure = doubt ? ["", `Others may come from ${DOUBTS[doubt]}.`] : [];
  if (missing.length > 0) unsure.unshift("", `Not passed on from the client: ${missing.join(" and ")}.`);
  return ["Headers set for the backend here:", "", ...rows, ...unsure];
}

function valueText(value: Value): string {
  if (!value) return "depends on the request";
  return value.map((text) => (text === "" ? "nothing" : `\`${text}\``)).join(" or ");
}

function origin(directive: Directive): string {
  const { document } = directive.segment;
  return `${baseName(document.file)}, line ${document.positionAt(spanOf(directive.head).start).line + 1}`;
}
