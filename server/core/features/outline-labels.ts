import { hasWebsocketToken } from "../model/tokens.ts";
import type { Directive } from "../syntax/directive.ts";
import { passUsers } from "./mention-words.ts";

/** Longer labels do not fit anywhere. */
const MAX_LABEL = 100;
/** No more names of a server are told. */
const MAX_NAMES = 2;

/** One line of bounded length. */
export function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= MAX_LABEL ? line : `${line.slice(0, MAX_LABEL - 1)}…`;
}

/** `server example.com :443 ssl`: its names, and what it listens on. */
export function serverLabel(server: Directive): string {
  const children = server.children();
  const names = children
    .filter(({ name }) => name === "server_name")
    .flatMap(({ args }) => args.map(({ raw }) => raw))
    .filter((name) => name !== '""' && name !== "''");
  const shown = names.slice(0, MAX_NAMES).join(", ");
  const listens = new Set(children.filter(({ name }) => name === "listen").map(listenLabel));
  return ["server", names.length > MAX_NAMES ? `${shown}, …` : shown, ...listens]
    .filter((part) => part !== "")
    .join(" ");
}

/** The port and what is spoken there; an address only when it is one of several that the machine may have. */
function listenLabel(listen: Directive): string {
  const [address = "", ...parameters] = listen.args.map(({ value }) => value);
  const port = /^(?:(?:\*|0\.0\.0\.0|\[::\]):)?(\d+)$/.exec(address)?.[1];
  const spoken = parameters.filter((parameter) => parameter === "ssl" || parameter === "quic");
  return [port === undefined ? address : `:${port}`, ...spoken].join(" ");
}

/** How many servers an upstream has. */
export function upstreamDetail(upstream: Directive): string {
  const count = upstream.children().filter(({ name }) => name === "server").length;
  return count === 1 ? "1 server" : `${count} servers`;
}

/** Where a location passes its requests; that these may be WebSockets only where the text around says so. */
export function passOf(location: Directive, block: Directive | undefined): string {
  const own = location.children();
  const pass = own.findLast(({ name }) => passUsers.has(name));
  const url = pass?.args[0]?.value;
  if (!pass || url === undefined) return "";
  return `${pass.name === "proxy_pass" && passesUpgrade(own, block) ? "WebSocket → " : "→ "}${url}`;
}

/** Headers are inherited as a whole: those of the level around count only when there is none here. */
function passesUpgrade(own: readonly Directive[], block: Directive | undefined): boolean {
  const isHeader = ({ name }: Directive): boolean => name === "proxy_set_header";
  const setsUpgrade = (directive: Directive): boolean => {
    const value = directive.arg(1) ?? "";
    const isMeant = value.toLowerCase().includes("$http_upgrade") || hasWebsocketToken(value);
    return directive.arg(0)?.toLowerCase() === "upgrade" && isMeant;
  };
  const headers = own.filter(isHeader);
  if (headers.length > 0) return headers.some(setsUpgrade);
  // A file that is included here may bring headers, which would replace those from outside.
  if (own.some(({ name }) => name === "include")) return false;
  return block?.children().some((directive) => isHeader(directive) && setsUpgrade(directive)) === true;
}
