import type { ProxyBlock } from "../model/proxy.ts";
import type { Scope } from "../model/scope.ts";
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
