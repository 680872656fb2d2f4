import { effectiveValue } from "../model/effective.ts";
import { HTTP_1_1_BY_DEFAULT, isAtLeast, type Version } from "../nginx/version.ts";
import type { EffectivePlace, ViewedValue } from "./effective.ts";
import { doubtIn, isPassedBy } from "./effective-level.ts";

/** What nginx does unless told otherwise, as far as it matters to a WebSocket (ngx_http_proxy_merge_loc_conf). */
const defaults: readonly (readonly [name: string, value: string])[] = [
  ["proxy_pass_request_headers", "on"],
  ["proxy_socket_keepalive", "off"],
  ["proxy_connect_timeout", "60s"],
  ["proxy_send_timeout", "60s"],
  ["proxy_read_timeout", "60s"],
];

/** The same for backends that speak TLS. */
const tlsDefaults: readonly (readonly [name: string, value: string])[] = [
  ["proxy_ssl_server_name", "off"],
  ["proxy_ssl_name", "$proxy_host"],
  ["proxy_ssl_verify", "off"],
];

/** The defaults in force at a place that passes requests to a backend with `proxy_pass`. */
export function defaultsOf(place: EffectivePlace): readonly ViewedValue[] {
  const { scope, location, environment } = place;
  if (!isPassedBy("proxy_pass", place)) return [];
  const url = location?.pass?.directive.arg(0) ?? "";
  const known = [...defaults, ...(/^https:/i.test(url) ? tlsDefaults : [])].map(([name, value]) => ({
    name,
    value,
    note: undefined,
  }));
  return [versionDefault(environment.version), ...known].flatMap(({ name, value, note }) => {
    const inForce = effectiveValue(scope, name);
    if (inForce.entry) return [];
    return [
      { name, line: `${name} ${value};`, from: "default", span: undefined, note: note ?? doubtIn(inForce) } as const,
    ];
  });
}

function versionDefault(version: Version | undefined): { name: string; value: string; note: string | undefined } {
  const isModern = isAtLeast(version, HTTP_1_1_BY_DEFAULT);
  const note = isModern === undefined ? "1.1 from nginx 1.29.7 on" : undefined;
  return { name: "proxy_http_version", value: isModern ? "1.1" : "1.0", note };
}
