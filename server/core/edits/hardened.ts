import type { ProxyBlock } from "../model/proxy.ts";
import type { DraftFix } from "../rules/rule.ts";
import { insertBeforeServers } from "./connection.ts";
import { replace } from "./insert.ts";

/** The two headers of the handshake, and what they are for a WebSocket; for everything else they are empty. */
const wanted = [
  { header: "upgrade", value: "websocket", names: ["websocket_upgrade", "upgrade_to_websocket"] },
  { header: "connection", value: "upgrade", names: ["websocket_connection", "connection_to_websocket"] },
] as const;

/**
 * Passes on no upgrade but that to WebSocket, with two maps before the servers; undefined in a file that has no level for
 * maps, or where a header is not there to be changed.
 */
export function restrictUpgrade(proxy: ProxyBlock): DraftFix | undefined {
  const { environment } = proxy;
  const edits = [];
  const lines: ((unit: string) => readonly string[])[] = [];
  for (const { header, value, names } of wanted) {
    const known = allowList(proxy, value);
    const fresh = names.find((name) => !environment.definitions.get(name)) ?? `${names[0]}_2`;
    if (!known) lines.push((unit) => mapLines(fresh, value, unit));
    const word = proxy.setters(header).at(-1)?.directive.args[1];
    if (!word) return undefined;
    edits.push(replace(word, `$${known ?? fresh}`));
  }
  const maps = insertBeforeServers(environment, (unit) => lines.flatMap((write) => write(unit)));
  if (!maps) return undefined;
  return {
    title: "Pass on upgrades to WebSocket only",
    applicability: "suggested",
    edits: lines.length > 0 ? [maps, ...edits] : edits,
  };
}

/** A map that is there already and is this value for a WebSocket and empty for everything else. */
function allowList(proxy: ProxyBlock, value: string): string | undefined {
  const is = (name: string, kind: "websocket" | "plain" | "h2c", text: string) => {
    const values = proxy.evaluation(kind).variable(name);
    return values?.length === 1 && values[0]?.toLowerCase() === text;
  };
  const found = proxy.environment
    .mapsGiving(value)
    .find(({ target }) => is(target, "websocket", value) && is(target, "plain", "") && is(target, "h2c", ""));
  return found?.target;
}

function mapLines(name: string, value: string, unit: string): readonly string[] {
  return [`map $http_upgrade $${name} {`, `${unit}default   '';`, `${unit}websocket ${value};`, "}"];
}
