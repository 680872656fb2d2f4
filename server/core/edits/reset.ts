import type { ProxyBlock } from "../model/proxy.ts";
import { hasUpgradeToken } from "../model/tokens.ts";
import type { DraftEdit, DraftFix } from "../rules/rule.ts";
import { copies, passAnchor } from "./headers.ts";
import { insertAfter, replace } from "./insert.ts";

/**
 * Makes a location send plain requests only: Upgrade and Connection become empty, and the headers that it inherits
 * until now and would lose are copied. Undefined where an include of the location itself brings the pair.
 */
export function resetUpgrade(proxy: ProxyBlock): DraftFix | undefined {
  const { location } = proxy;
  if (!location) return undefined;
  const title = "Send it as a plain request: empty Upgrade and Connection";
  if (location.own("proxy_set_header").length === 0) {
    const lines = [...copies(proxy.headers.entries), 'proxy_set_header Upgrade "";', 'proxy_set_header Connection "";'];
    return { title, applicability: "safe", edits: [insertAfter(passAnchor(proxy), lines)] };
  }
  const edits: DraftEdit[] = [];
  const evaluation = proxy.evaluation("websocket");
  for (const header of ["upgrade", "connection"]) {
    for (const { directive, via } of proxy.setters(header)) {
      const word = directive.args[1];
      if (!word || word.value === "") continue;
      const value = header === "upgrade" ? undefined : evaluation.evaluate(word.value);
      if (value && !value.some(hasUpgradeToken)) continue;
      if (via.length > location.via.length) return undefined;
      edits.push(replace(word, '""'));
    }
  }
  return edits.length > 0 ? { title, applicability: "safe", edits } : undefined;
}
