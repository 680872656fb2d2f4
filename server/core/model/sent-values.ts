import { splitValue } from "../nginx/variables.ts";
import type { Evaluation } from "./values.ts";

/** Variables that are never empty in a request of a browser, whatever their value. */
const neverEmpty = new Set(
  `binary_remote_addr connection host hostname http_host http_sec_websocket_key msec nginx_version pid
  proxy_add_x_forwarded_for proxy_host proxy_port remote_addr remote_port request request_id request_method
  request_time request_uri scheme server_addr server_port server_protocol time_iso8601 time_local uri`.split(/\s+/),
);

/** Whether a header with this value is certainly sent with the request that is played: an empty one is not. */
export function sendsValue(evaluation: Evaluation, value: string): boolean {
  return splitValue(value).some((part) => {
    if (part.kind === "text") return part.text !== "";
    const values = evaluation.variable(part.name);
    return values ? values.length > 0 && values.every((text) => text !== "") : neverEmpty.has(part.name);
  });
}
