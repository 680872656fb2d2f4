import type { Span } from "../finding.ts";
import { timeText } from "../nginx/time.ts";
import type { EffectiveView, ViewedValue } from "./effective.ts";
import type { ViewedHeader, ViewedRequest } from "./effective-request.ts";

/** Names a place for people: `site.conf:12`. */
export type Locate = (span: Span) => string;

/** Comments behind lines begin here at the latest. */
const MAX_COLUMN = 60;
const INDENT = "    ";

/** A view as a text that reads as nginx configuration: the requests first, as comments, then the values in their blocks. */
export function effectiveText(view: EffectiveView, locate: Locate): string {
  const at = view.span ? ` (${locate(view.span)})` : "";
  const sections = [
    [`# ${view.title} of ${view.server.title}${at}: what is in force here`, ...entranceLines(view)],
    requestLines(["A WebSocket handshake", "a plain GET"], view.handshake, locate),
    verdictLines(view, locate),
    requestLines(["A plain GET", "a handshake"], view.plain, locate),
    doubtLines(view, locate),
    configurationLines(view, locate),
  ];
  const texts = sections.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
  return `${texts.join("\n\n")}\n`;
}

function entranceLines({ urls, ways, evidence }: EffectiveView): readonly string[] {
  const lines = urls.map((url, index) => `# ${index === 0 ? "Opened as " : "      or  "}${oneLine(url)}`);
  lines.push(`# ${oneLine(ways)}`);
  if (evidence !== undefined) lines.push(`# It counts as a WebSocket location because ${oneLine(evidence)}.`);
  return lines;
}

function requestLines(
  [title, other]: readonly [string, string],
  request: ViewedRequest,
  locate: Locate,
): readonly string[] {
  if (request.kind === "ended") {
    const at = request.span ? ` (${locate(request.span)})` : "";
    return [`# ${title}`, "#", `#     ${oneLine(request.text)}${at}`];
  }
  const by = request.by
    ? `, by ${oneLine(request.by.text)}${request.by.span ? ` (${locate(request.by.span)})` : ""}`
    : "";
  const isMarked = request.headers.some(({ differs }) => differs);
  const legend = isMarked ? ` (* not so in ${other})` : "";
  const rows = request.headers.map((header) => [headerText(header), headerOrigin(header, locate)] as const);
  const lines = request.headers.map(({ differs }, index) => {
    const [text, origin] = rows[index] as readonly [string, string];
    return `# ${differs ? "  * " : "    "}${pad(text, rows)}${origin}`.trimEnd();
  });
  return [
    `# ${title} reaches ${oneLine(request.to)}${by} as${legend}`,
    "#",
    `#     ${oneLine(request.line)}`,
    ...lines,
  ];
}

function headerText({ name, value, written, from }: ViewedHeader): string {
  return oneLine(`${name}: ${value ?? written ?? (from === "client" ? "…" : "")}`);
}

function headerOrigin({ value, written, from, span }: ViewedHeader, locate: Locate): string {
  if (from === "client") return value === undefined ? "the client's" : "from the client";
  if (from === "nginx")
    return value === undefined && !written?.includes("$") ? "nginx's own before 1.29.7" : "nginx's own";
  const place = span ? locate(span) : "";
  return value !== undefined && written !== undefined ? `${place}: ${oneLine(written)}` : place;
}

/** Whether it is a handshake for the backend, and how long its tunnel may be silent. */
function verdictLines(view: EffectiveView, locate: Locate): readonly string[] {
  const { handshake } = view;
  if (handshake.kind !== "request") return [];
  const lines = [`# ${verdict(handshake)}`];
  if (view.handler.backends.length > 0) lines.push(`# Behind it: ${oneLine(view.handler.backends.join(", "))}`);
  const idle = idleText(view, locate);
  return idle === undefined ? lines : [...lines, `# ${idle}`];
}

/** Whether the backend can answer a handshake with 101, as a sentence. */
export function verdict({ lacks }: Pick<Extract<ViewedRequest, { kind: "request" }>, "lacks">): string {
  if (lacks === undefined) return "Whether that is a WebSocket handshake depends on what is not known here.";
  if (lacks.length === 0) return "That is a WebSocket handshake: the backend can answer 101.";
  const isOnlyOld = lacks.every((lack) => lack.startsWith("HTTP/1.0"));
  if (isOnlyOld) return `The handshake comes as ${lacks[0]}: many backends refuse that.`;
  return `That is no WebSocket handshake: ${oneLine(lacks.join(", "))}.`;
}

/** How long a tunnel may be silent, as a sentence. */
export function idleText({ idle }: Pick<EffectiveView, "idle">, locate: Locate): string | undefined {
  if (!idle) return undefined;
  const place = idle.span ? locate(idle.span) : "nginx's default";
  const origin = [idle.name, place, ...(idle.note === undefined ? [] : [idle.note])].join(", ");
  return `A tunnel without traffic is closed after ${timeText(idle.milliseconds)} (${origin}).`;
}

function doubtLines({ doubts }: EffectiveView, locate: Locate): readonly string[] {
  if (doubts.length === 0) return [];
  const lines = doubts.map(({ text, span }) => `#   - ${span ? `${locate(span)}: ` : ""}${oneLine(text)}`);
  return ["# Not certain:", ...lines];
}

type Row = readonly [text: string, comment: string];

function configurationLines(view: EffectiveView, locate: Locate): readonly string[] {
  const rows: (Row | string)[] = [];
  const { blocks } = view;
  let indent = "";
  for (const [index, { head, span }] of blocks.entries()) {
    if (index > 0) rows.push("");
    rows.push([`${indent}${head} {`, span ? locate(span) : ""]);
    indent += INDENT;
    if (index === 0 && view.server.span)
      for (const line of view.server.lines) rows.push(valueRow(line, indent, locate));
  }
  for (const [index, { title, values }] of view.topics.entries()) {
    if (index > 0) rows.push("");
    rows.push(`${indent}# ${title}`);
    for (const value of values) rows.push(valueRow(value, indent, locate));
  }
  while (indent !== "") {
    indent = indent.slice(INDENT.length);
    rows.push(`${indent}}`);
  }
  const written = rows.filter((row): row is Row => typeof row !== "string");
  return rows.map((row) => {
    if (typeof row === "string") return row;
    return row[1] === "" ? row[0] : `${pad(row[0], written)}# ${row[1]}`;
  });
}

function valueRow({ line, from, span, note }: ViewedValue, indent: string, locate: Locate): Row {
  const place = span ? locate(span) : "nginx's default";
  const level = from === "here" || from === "default" ? "" : `, from ${from}`;
  // A line that is a comment already needs no second sign, and one of several lines would end in the middle.
  const text = line.startsWith("#") ? oneLine(line) : line;
  return [`${indent}${text}`, `${place}${level}${note === undefined ? "" : `: ${note}`}`];
}

/** Makes texts as wide as the widest of them that is not too wide. */
function pad(text: string, rows: readonly Row[]): string {
  const width = Math.max(0, ...rows.map(([each]) => each.length).filter((length) => length < MAX_COLUMN));
  return `${text.padEnd(width)}  `;
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, " ");
}
