// The URL of proxy_pass, taken apart as `ngx_parse_url()` does.
import type { Word } from "../syntax/directive.ts";

/** Where the URI part begins in the URL of a `proxy_pass` (at its `/` or `?`); undefined when it has none. */
export function uriStart(url: string): number | undefined {
  const scheme = url.indexOf("://");
  // `$backend/path`: scheme and host are in the variable.
  const host = scheme >= 0 ? scheme + 3 : (/^\$(?:\{\w+\}|\w+)/.exec(url)?.[0].length ?? 0);
  if (url.startsWith("unix:", host)) {
    const colon = url.indexOf(":", host + 5);
    return colon < 0 || colon + 1 >= url.length ? undefined : colon + 1;
  }
  const found = url.slice(host).search(/[/?]/);
  return found < 0 ? undefined : host + found;
}

/** The URI part of the URL of a `proxy_pass`; undefined when it has none and requests keep their own path. */
export function uriPart(url: string): string | undefined {
  const start = uriStart(url);
  return start === undefined ? undefined : url.slice(start);
}

/** The URL as it is written, quotes included, with another URI part. */
export function withUri(url: Word, uri: string): string {
  const { raw, quoted } = url;
  return raw.slice(0, uriStart(raw) ?? raw.length) + uri + (quoted ? raw.slice(-1) : "");
}
