import { isAtLeast, type Version } from "../nginx/version.ts";
import type { RequestKind } from "./request.ts";

/** A header of a request; its value is undefined where it differs from request to request. */
export type ClientHeader = readonly [name: string, value: string | undefined];

/** One request of a client, with what is known about it. */
export interface ClientRequest {
  readonly method: string;
  /** Path and query, as in the request line. */
  readonly target: string;
  readonly headers: readonly ClientHeader[];
  /** Where it comes from. */
  readonly address: string | undefined;
  /** The port of nginx it came to. */
  readonly port: number | undefined;
}

/** What a browser sends for a path: a handshake (RFC 6455, section 4.1) or a plain GET. */
export function browserRequest(kind: RequestKind, target: string): ClientRequest {
  const handshake: readonly ClientHeader[] = [
    ["Connection", "Upgrade"],
    ["Upgrade", "websocket"],
    ["Origin", undefined],
    ["Sec-WebSocket-Version", "13"],
    ["Sec-WebSocket-Key", undefined],
  ];
  const headers: readonly ClientHeader[] = [
    ["Host", undefined],
    ["User-Agent", undefined],
    ...(kind === "websocket" ? handshake : [["Connection", "keep-alive"] as const]),
  ];
  return { method: "GET", target, headers, address: undefined, port: undefined };
}

/** From this version on a variable joins all headers of its name; before, it is the first one. */
const JOINED_HEADERS = "1.23.0";

/** These were joined in every version. */
const alwaysJoined = new Set(["cookie", "x_forwarded_for"]);

/**
 * `$http_name` (the part behind the prefix, lower case): a header that nginx has dropped is none. Undefined where the
 * client decides.
 */
export function headerVariable(
  headers: readonly ClientHeader[],
  name: string,
  version: Version | undefined,
): string | undefined {
  const values = headers.flatMap(([each, value]) => (each.toLowerCase().replaceAll("-", "_") === name ? [value] : []));
  if (values.length === 0) return "";
  if (values.length === 1) return values[0];
  const isJoined = alwaysJoined.has(name) || isAtLeast(version, JOINED_HEADERS);
  if (isJoined === undefined || values.includes(undefined)) return undefined;
  return isJoined ? values.join(name === "cookie" ? "; " : ", ") : values[0];
}

/** A request line's target, taken apart. */
export interface Target {
  /** The path as locations and `$uri` see it: decoded, without `.`, `..` and double slashes. */
  readonly path: string;
  readonly query: string;
  /** Whether escapes or `+` stood in the path: nginx then escapes what it copies from it. */
  readonly isQuoted: boolean;
}

/** Reads a target as `ngx_http_parse_complex_uri()` does; undefined for one that gets 400. */
export function readTarget(target: string, slashes: "merged" | "kept"): Target | undefined {
  const whole = target.split("#", 1)[0] as string;
  const mark = whole.indexOf("?");
  const written = mark < 0 ? whole : whole.slice(0, mark);
  if (!written.startsWith("/") || /%(?![0-9a-f]{2})|%00/i.test(written)) return undefined;
  const decoded = written.replace(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
  const segments: string[] = [];
  const parts = decoded.slice(1).split("/");
  const last = parts.length - 1;
  for (const [index, part] of parts.entries()) {
    if (part === "..") {
      if (segments.length === 0) return undefined;
      segments.pop();
    } else if (part !== "." && (part !== "" || slashes === "kept") && index < last) segments.push(part);
  }
  const end = parts[last] === "." || parts[last] === ".." ? "" : parts[last];
  return {
    path: `/${[...segments, end].join("/")}`,
    query: mark < 0 ? "" : whole.slice(mark + 1),
    isQuoted: /[%+]/.test(written),
  };
}

/** Escapes a path as nginx does when it writes one anew (`ngx_escape_uri`, NGX_ESCAPE_URI). */
export function escapePath(path: string): string {
  return escapeCharacters(path, /[\0- "#%<>?\\^`{|}\x7f-\xff]/g);
}

/** Escapes what goes into a query (NGX_ESCAPE_ARGS). */
export function escapeArgument(text: string): string {
  return escapeCharacters(text, /[\0- "#%&+;<>?\\^`{|}\x7f-\xff]/g);
}

function escapeCharacters(text: string, which: RegExp): string {
  return text.replace(which, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);
}
