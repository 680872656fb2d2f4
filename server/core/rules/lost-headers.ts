import type { ProxyBlock } from "../model/proxy.ts";
import type { Entry } from "../model/scope.ts";

/** The outer headers that a location's own ones make nginx forget, apart from the two of the handshake. */
export function lostEntries(proxy: ProxyBlock, outer: readonly Entry[]): readonly Entry[] {
  return outer.filter((entry) => {
    const name = entry.directive.arg(0)?.toLowerCase() ?? "";
    if (name === "upgrade" || name === "connection" || isDefault(entry)) return false;
    return proxy.setters(name).length === 0;
  });
}

/** Whether a header is not sent, or is what nginx sends anyway. */
function isDefault({ directive }: Entry): boolean {
  const value = directive.arg(1) ?? "";
  return value === "" || (directive.arg(0)?.toLowerCase() === "host" && value === "$proxy_host");
}

/** Three names fit into a sentence as long as they are no longer than this. */
const MAX_THREE_NAMES = 48;

/** “Host, X-Real-IP and Cookie”, “Host, X-Real-IP and 2 more” */
export function listText(names: readonly string[]): string {
  const [last] = names.slice(-1);
  if (names.length <= 1) return names.join("");
  if (names.length === 2) return names.join(" and ");
  const three = `${names.slice(0, -1).join(", ")} and ${last}`;
  if (names.length === 3 && three.length <= MAX_THREE_NAMES) return three;
  return `${names.slice(0, 2).join(", ")} and ${names.length - 2} more`;
}
