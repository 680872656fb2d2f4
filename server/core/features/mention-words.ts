import type { Word } from "../syntax/directive.ts";
import type { MentionKind } from "./mentions.ts";

/** Directives whose address may be the name of an upstream. */
export const passUsers: ReadonlySet<string> = new Set([
  "proxy_pass",
  "grpc_pass",
  "fastcgi_pass",
  "uwsgi_pass",
  "scgi_pass",
  "memcached_pass",
  "tunnel_pass",
]);

/** Directives whose last argument may be a named location. */
export const locationUsers: ReadonlySet<string> = new Set(["error_page", "try_files", "post_action", "echo_exec"]);

/** The directive that names a log format after the file. */
export const formatUser = "access_log";

/** Which directives define and use the caches of each module. */
export const cacheFamilies = new Map<string, { readonly kind: MentionKind; readonly role: "definition" | "use" }>(
  (["proxy", "fastcgi", "uwsgi", "scgi"] as const).flatMap((family) => [
    [`${family}_cache_path`, { kind: `${family} cache`, role: "definition" }] as const,
    [`${family}_cache`, { kind: `${family} cache`, role: "use" }] as const,
  ]),
);

/** A piece of a word, in offsets that count like those of the word. */
interface Piece {
  readonly start: number;
  readonly end: number;
}

/**
 * The host of an address that may be the name of an upstream: it has no port and no variable in it. A variable with a URI
 * behind it begins with a slash.
 */
export function passTarget(directive: string, word: Word): Piece | undefined {
  const { raw } = word;
  const match =
    /^(["']?)((?:[A-Za-z]+|\$\{?scheme\}?):\/\/)?([^\s"'/:?#$\\{}[\]]+)(?=["'/?#]|\$\{?(?:request_uri|uri|document_uri)\b|$)/.exec(
      raw,
    );
  if (!match) return undefined;
  const [, quote = "", scheme = "", name = ""] = match;
  const rest = raw.slice(match[0].length);
  // Only an address with a scheme has a path after it.
  if (/^[/?#]/.test(rest) && (scheme === "" || directive === "fastcgi_pass")) return undefined;
  const start = word.start + quote.length + scheme.length;
  return { start, end: start + name.length };
}

/** The name of a zone behind `zone=` or the like, before the colon with its size. */
export function zoneWord(word: Word, prefix: string): Piece | undefined {
  const { raw } = word;
  const quote = word.quoted ? 1 : 0;
  if (!raw.startsWith(prefix, quote)) return undefined;
  const from = quote + prefix.length;
  const name = /^[^:"'$\\\s]+/.exec(raw.slice(from))?.[0];
  return name === undefined ? undefined : { start: word.start + from, end: word.start + from + name.length };
}
