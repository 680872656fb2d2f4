import { parseTime, timeText } from "../nginx/time.ts";

const unitLengths: readonly (readonly [pattern: RegExp, milliseconds: number])[] = [
  [/^(?:ms|msecs?|milliseconds?)$/, 1],
  [/^(?:s|secs?|seconds?)$/, 1000],
  [/^(?:m|mins?|minutes?)$/, 60_000],
  [/^(?:h|hrs?|hours?)$/, 3_600_000],
  [/^(?:d|days?)$/, 86_400_000],
];

/** The first duration in words that a person types: `75 seconds`, `1m`, `1 min 30 s`, `a minute`. In milliseconds. */
export function findDuration(text: string): number | undefined {
  const joined = findJoined(text);
  if (joined !== undefined) return joined;
  let total: number | undefined;
  let end = 0;
  for (const match of text.matchAll(/(?<![\w.,:/$-])(\d{1,9}(?:[.,]\d{1,3})?|an?|one|every|each) ?-?([a-z]+)/g)) {
    const length = unitLengths.find(([pattern]) => pattern.test(match[2] ?? ""))?.[1];
    const isNumber = /^\d/.test(match[1] ?? "");
    if (length === undefined || (!isNumber && (match[2] ?? "").length < 3)) continue;
    // “1 min 30 s” is one duration; “after 60 s or 75 s” are two, and the first one counts.
    if (total !== undefined && !/^(?:,| and)? ?$/.test(text.slice(end, match.index))) break;
    total = (total ?? 0) + (isNumber ? Number((match[1] ?? "").replace(",", ".")) : 1) * length;
    end = match.index + match[0].length;
  }
  return total;
}

/** `1m30s`, as nginx writes it. */
function findJoined(text: string): number | undefined {
  const word = /(?<![\w.])\d{1,6}[hm]\d{1,6}[hms][\dms]{0,8}(?!\w)/.exec(text)?.[0];
  return word === undefined ? undefined : parseTime(word);
}

/** The default of `proxy_read_timeout`, `uwsgi_read_timeout` and `scgi_read_timeout`. */
const DEFAULT_READ_MS = 60_000;

/** Whether a connection that lived for one time may have been ended by a limit of the other: 60.060 s and 60 s. */
export function isAbout(milliseconds: number, limit: number): boolean {
  return milliseconds >= limit - 1000 && milliseconds <= limit + Math.max(1000, limit / 50);
}

/** Whether the time is that after which nginx ends a quiet tunnel unless told otherwise. */
export function isDefaultReadTimeout(milliseconds: number): boolean {
  return isAbout(milliseconds, DEFAULT_READ_MS);
}

/** What the time after which a connection ended says, compared with nginx's defaults. */
export function judgeDuration(milliseconds: number): string {
  if (isDefaultReadTimeout(milliseconds)) {
    return "60 s is the default of proxy_read_timeout, and of uwsgi_read_timeout and scgi_read_timeout.";
  }
  if (isAbout(milliseconds, 75_000)) {
    return "75 s is the default of keepalive_timeout, which does not count for an open WebSocket: look for another limit of that length.";
  }
  if (isAbout(milliseconds, 600_000)) {
    return "10 min is the default of proxy_timeout, which counts where a stream server passes the connection on.";
  }
  return `No default of nginx ends an open WebSocket after ${timeText(milliseconds)}: look for a proxy_read_timeout of that length here, and for other proxies on the way.`;
}
