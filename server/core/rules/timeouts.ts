import type { ProxyBlock } from "../model/proxy.ts";
import type { RequestScope } from "../model/request-scope.ts";
import type { Entry, Scope } from "../model/scope.ts";
import { parseTime } from "../nginx/time.ts";
import type { Word } from "../syntax/directive.ts";

/** The read time-out in force for a tunnel. */
export interface ReadTimeout {
  readonly word: Word;
  readonly milliseconds: number;
  /** The level that sets it. */
  readonly scope: Scope | undefined;
}

/** What nginx closes an idle tunnel after unless told otherwise, in milliseconds (ngx_http_proxy_module). */
export const DEFAULT_READ_TIMEOUT_MS = 60_000;

/** The value of `proxy_read_timeout` in force; undefined when it is unset or is not a time. */
export function readTimeout(proxy: ProxyBlock): ReadTimeout | undefined {
  const { entry, scope } = proxy.value("proxy_read_timeout");
  const word = entry?.directive.args[0];
  const milliseconds = word ? parseTime(word.value) : undefined;
  return word && milliseconds !== undefined ? { word, milliseconds, scope } : undefined;
}

/** Whether somebody probably wrote `ms` and meant seconds: 3600ms, 86400ms, but not 500ms or 5000ms. */
export function seemsToMeanSeconds(text: string): boolean {
  const match = /^(\d+)ms$/.exec(text);
  const number = Number(match?.[1]);
  return match !== null && number >= 1000 && number % 1000 !== 0 && number % 600 === 0;
}

/** A time-out that was raised although it does not end an idle tunnel. */
export interface RaisedTimeout {
  readonly entry: Entry;
  readonly word: Word;
  readonly scope: Scope;
}

/** Time-outs that are believed to keep a tunnel open, the likeliest first, with nginx's defaults in milliseconds. */
const otherTimeouts: readonly (readonly [name: string, milliseconds: number])[] = [
  ["proxy_send_timeout", 60_000],
  ["send_timeout", 60_000],
  ["proxy_connect_timeout", 60_000],
  ["keepalive_timeout", 75_000],
];

/** In a server that serves more than a tunnel only a time like this, in milliseconds, shows what it was raised for. */
const LONG_FOR_SERVER_MS = 300_000;

/**
 * The time-out that somebody raised instead of `proxy_read_timeout`: in the location, or far in its server. What http
 * sets for everything shows nothing.
 */
export function raisedInstead(proxy: RequestScope): RaisedTimeout | undefined {
  if (proxy.value("proxy_read_timeout").entry) return undefined;
  for (const [name, usual] of otherTimeouts) {
    const { entry, scope } = proxy.value(name);
    const word = entry?.directive.args[0];
    const milliseconds = word ? parseTime(word.value) : undefined;
    if (!entry || !word || !scope || milliseconds === undefined || milliseconds <= usual) continue;
    if (scope.kind === "location") return { entry, word, scope };
    if (scope.kind === "server" && milliseconds >= LONG_FOR_SERVER_MS) return { entry, word, scope };
  }
  return undefined;
}
