import type { EffectiveView } from "./effective.ts";
import type { ViewedHeader, ViewedRequest } from "./effective-request.ts";
import { idleText, type Locate, verdict } from "./effective-text.ts";

/** Headers that decide about a handshake or are missed most often, in this order; others only while there is room. */
const important = ["host", "upgrade", "connection", "origin", "x-forwarded-proto", "x-forwarded-for"];
const MAX_HEADERS = 6;

/** A view in a few lines of Markdown: the handshake that the backend gets, and how long the tunnel lives. */
export function shortForm(view: EffectiveView, locate: Locate): readonly string[] {
  const { handshake } = view;
  if (handshake.kind === "ended") {
    const at = handshake.span ? ` (${locate(handshake.span)})` : "";
    return [`What becomes of a handshake here: ${escapeMarkdown(handshake.text)}${at}`];
  }
  const lines = [
    `A WebSocket handshake reaches the backend as \`${handshake.line}\` with`,
    "",
    ...chosenHeaders(handshake).map((header) => `- ${headerText(header, locate)}`),
    "",
    [missingText(handshake), verdict(handshake)].filter((text) => text !== "").join(" "),
  ];
  const idle = idleText(view, locate);
  if (idle !== undefined) lines.push("", idle);
  if (view.doubts.some(({ span }) => span))
    lines.push("", `Not certain: ${view.doubts.find(({ span }) => span)?.text}`);
  return lines;
}

function chosenHeaders({ headers }: Extract<ViewedRequest, { kind: "request" }>): readonly ViewedHeader[] {
  const rank = ({ name }: ViewedHeader): number => {
    const index = important.indexOf(name.toLowerCase());
    return index < 0 ? important.length : index;
  };
  // What the client sends goes through as it is: nobody has to look at it.
  const set = headers.filter(({ from }) => from !== "client");
  return set.toSorted((a, b) => rank(a) - rank(b)).slice(0, MAX_HEADERS);
}

function headerText({ name, value, written, from, span }: ViewedHeader, locate: Locate): string {
  const shown = `\`${name}: ${value ?? written ?? "…"}\``;
  const variable = value !== undefined && written !== undefined ? ` from \`${written}\`` : "";
  const place = span ? ` (${locate(span)})` : from === "nginx" ? " (nginx's own)" : "";
  return `${shown}${variable}${place}`;
}

function missingText({ headers }: Extract<ViewedRequest, { kind: "request" }>): string {
  const missing = ["Upgrade", "Connection"].filter(
    (name) => !headers.some((header) => header.from !== "nginx" && header.name.toLowerCase() === name.toLowerCase()),
  );
  return missing.length > 0 ? `Not passed on from the client: ${missing.join(" and ")}.` : "";
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_<[]/g, "\\$&");
}
