import type { ProxyBlock } from "../model/proxy.ts";
import type { DraftEdit } from "../rules/rule.ts";
import { anchorIn } from "./connection.ts";
import { lineOf, passAnchor } from "./headers.ts";
import { insertAfter } from "./insert.ts";

/** Sets one more header in a location: after its own, or after `proxy_pass` together with copies of what it inherits. */
export function addHeader(proxy: ProxyBlock, line: string): DraftEdit {
  const { location, headers } = proxy;
  const own = location?.own("proxy_set_header") ?? [];
  const last = own.at(-1);
  if (location && last) return insertAfter(anchorIn(location, location, last), [line]);
  // A level that sets one header inherits none.
  return insertAfter(passAnchor(proxy), [...headers.entries.map(lineOf), line]);
}
