/** A directive that nginx no longer has, or is about to drop. */
export interface Retired {
  /** What to do instead, in a few words. */
  readonly instead: string;
  /** The first version without it; undefined while nginx still reads it. */
  readonly removed?: string;
}

const retired: Readonly<Record<string, Retired>> = {
  ssl: { instead: "`listen … ssl`", removed: "1.25.1" },
  http2_push: { instead: "nothing: browsers gave it up" },
  http2_push_preload: { instead: "nothing: browsers gave it up" },
  http2_max_concurrent_pushes: { instead: "nothing: browsers gave it up" },
  http2_idle_timeout: { instead: "`keepalive_timeout`" },
  http2_recv_timeout: { instead: "`client_header_timeout`" },
  http2_max_requests: { instead: "`keepalive_requests`" },
  http2_max_field_size: { instead: "`large_client_header_buffers`" },
  http2_max_header_size: { instead: "`large_client_header_buffers`" },
  proxy_downstream_buffer: { instead: "`proxy_buffer_size`" },
  proxy_upstream_buffer: { instead: "`proxy_buffer_size`" },
  limit_zone: { instead: "`limit_conn_zone`", removed: "1.7.6" },
  upstream_conf: { instead: "`api`" },
  status: { instead: "`api`" },
};

/** What to know about a directive that is on its way out; undefined for all others. */
export function retiredDirective(name: string): Retired | undefined {
  return Object.hasOwn(retired, name) ? retired[name] : undefined;
}
