import { isAtLeast, type Version } from "./version.ts";

/**
 * The version that brought a directive, from 1.11.0 on, of modules that nginx itself is built with (“This directive
 * appeared in version …” on nginx.org). What NGINX Plus or another module had before is not here, nor is max_headers,
 * which distributions put into older versions.
 */
const appeared: Readonly<Record<string, string>> = {
  "1.11.4": "proxy_protocol_timeout",
  "1.11.5": "preread_buffer_size preread_timeout",
  "1.11.6":
    "fastcgi_cache_max_range_offset proxy_cache_max_range_offset scgi_cache_max_range_offset uwsgi_cache_max_range_offset",
  "1.11.8": "absolute_redirect",
  "1.11.10":
    "fastcgi_cache_background_update proxy_cache_background_update scgi_cache_background_update uwsgi_cache_background_update",
  "1.11.11": "worker_shutdown_timeout",
  "1.13.2": "add_trailer",
  "1.13.10": "subrequest_output_buffer_size",
  "1.15.1": "random",
  "1.15.3": "ssl_early_data",
  "1.15.6":
    "fastcgi_socket_keepalive grpc_socket_keepalive memcached_socket_keepalive proxy_socket_keepalive scgi_socket_keepalive uwsgi_socket_keepalive",
  "1.15.7": "proxy_requests",
  "1.17.1": "limit_req_dry_run",
  "1.17.6": "limit_conn_dry_run",
  "1.17.10": "auth_delay",
  "1.19.3": "proxy_cookie_flags userid_flags",
  "1.19.4":
    "grpc_ssl_conf_command proxy_smtp_auth proxy_ssl_conf_command ssl_conf_command ssl_reject_handshake uwsgi_ssl_conf_command",
  "1.19.10": "keepalive_time",
  "1.21.0": "max_errors",
  "1.21.4": "mp4_start_key_frame proxy_half_close ssl_alpn",
  "1.25.0":
    "http3 http3_hq http3_max_concurrent_streams http3_stream_buffer_size quic_active_connection_id_limit quic_bpf quic_gso quic_host_key quic_retry",
  "1.25.1": "http2",
  "1.27.2": "proxy_pass_trailers",
  "1.27.4":
    "grpc_ssl_certificate_cache keepalive_min_timeout proxy_ssl_certificate_cache ssl_certificate_cache uwsgi_ssl_certificate_cache",
  "1.29.0": "early_hints",
  "1.29.1": "ssl_certificate_compression",
  "1.29.3": "add_header_inherit add_trailer_inherit",
  "1.29.4": "ssl_ech_file",
};

const versions = new Map(
  Object.entries(appeared).flatMap(([version, names]) => names.split(" ").map((name) => [name, version] as const)),
);

/** The version from which on nginx does not know `ssl on` any more. */
export const SSL_REMOVED = "1.25.1";

/** The version that brought a directive which this older one does not know; undefined where it may be known. */
export function cameLater(name: string, version: Version | undefined): string | undefined {
  const since = versions.get(name);
  return since !== undefined && isAtLeast(version, since) === false ? since : undefined;
}

/** Every directive with the version that brought it. */
export function sinceTable(): Iterable<readonly [name: string, version: string]> {
  return versions;
}
