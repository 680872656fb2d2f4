import type { ProxyBlock } from "../model/proxy.ts";
import { variablesIn } from "../nginx/variables.ts";
import type { Directive } from "../syntax/directive.ts";

/** What requests are counted by in the zone of a limit. */
export interface LimitZone {
  /** `undefined` when the zone is not in what was read. */
  readonly directive: Directive | undefined;
  /** Whether a handshake has no key, so that it is not counted at all. */
  readonly ignoresHandshakes: boolean;
  /** “one address” when each client address is counted by itself, “one key” otherwise. */
  readonly counted: string;
}

/** The zone of a name that `limit_conn_zone` or `limit_req_zone` defines, seen from a location that uses it. */
export function limitZone(proxy: ProxyBlock, directiveName: string, zone: string): LimitZone {
  const directive = proxy.environment.http
    ?.own(directiveName)
    .find(({ directive: each }) => each.args.some(({ value }) => value.startsWith(`zone=${zone}:`)))?.directive;
  const key = directive?.arg(0);
  if (key === undefined) return { directive, ignoresHandshakes: false, counted: "one key" };
  const values = proxy.evaluation("websocket").evaluate(key);
  const variables = variablesIn(key);
  const isAddress = variables.length === 1 && /^(?:binary_)?remote_addr$/.test(variables[0] ?? "");
  return {
    directive,
    ignoresHandshakes: values?.every((value) => value === "") === true,
    counted: isAddress ? "one address" : "one key",
  };
}

/** The status that a refused request gets: 503 unless `limit_conn_status` or `limit_req_status` says otherwise. */
export function limitStatus(proxy: ProxyBlock, directiveName: string): string {
  return proxy.value(directiveName).entry?.directive.arg(0) ?? "503";
}
