const modules = ["proxy", "uwsgi", "scgi", "fastcgi", "grpc", "memcached", "tunnel"];
const phases = ["connect_timeout", "send_timeout", "read_timeout", "next_upstream_timeout"];

/**
 * The time-outs of the http block whose first argument counts milliseconds (`ngx_conf_set_msec_slot`, and
 * `ngx_http_core_keepalive`): years and months are no units there.
 */
export const timedDirectives: ReadonlySet<string> = new Set([
  ...modules.flatMap((module) => phases.map((phase) => `${module}_${phase}`)),
  "send_timeout",
  "keepalive_timeout",
  "client_header_timeout",
  "client_body_timeout",
  "lingering_timeout",
  "resolver_timeout",
  "worker_shutdown_timeout",
]);
