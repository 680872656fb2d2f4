/** What values a directive takes, as far as nginx refuses all others. */
export type Allowed =
  /** `on` or `off`, in any case. */
  | { readonly kind: "flag" }
  /** Words, each value one of them; in any case unless `isExact`. */
  | { readonly kind: "words"; readonly words: readonly string[]; readonly isExact: boolean; readonly from: number }
  /** A whole number. */
  | { readonly kind: "number" }
  /** Bytes with `k` or `m`, with `g` too where `isLarge`; the value at `at`. */
  | { readonly kind: "size"; readonly isLarge: boolean; readonly at: number };

const list = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Each was tried on nginx 1.22.1. */
const flags = list(`absolute_redirect accept_mutex aio_write autoindex autoindex_exact_size autoindex_localtime
  chunked_transfer_encoding client_body_in_single_buffer create_full_put_path etag fastcgi_buffering
  fastcgi_cache_background_update fastcgi_cache_lock fastcgi_cache_revalidate fastcgi_force_ranges
  fastcgi_ignore_client_abort fastcgi_intercept_errors fastcgi_keep_conn fastcgi_pass_request_body
  fastcgi_pass_request_headers fastcgi_request_buffering fastcgi_socket_keepalive grpc_intercept_errors
  grpc_socket_keepalive grpc_ssl_server_name grpc_ssl_session_reuse grpc_ssl_verify gunzip gzip gzip_vary
  ignore_invalid_headers limit_conn_dry_run limit_req_dry_run log_not_found log_subrequest
  memcached_socket_keepalive merge_slashes mirror_request_body mp4_start_key_frame msie_padding msie_refresh
  multi_accept open_file_cache_errors override_charset pcre_jit port_in_redirect proxy_buffering
  proxy_cache_background_update proxy_cache_convert_head proxy_cache_lock proxy_cache_revalidate proxy_force_ranges
  proxy_ignore_client_abort proxy_intercept_errors proxy_pass_request_body proxy_pass_request_headers
  proxy_request_buffering proxy_socket_keepalive proxy_ssl_server_name proxy_ssl_session_reuse proxy_ssl_verify
  random_index real_ip_recursive recursive_error_pages reset_timedout_connection rewrite_log scgi_buffering
  scgi_cache_background_update scgi_cache_lock scgi_cache_revalidate scgi_force_ranges scgi_ignore_client_abort
  scgi_intercept_errors scgi_pass_request_body scgi_pass_request_headers scgi_request_buffering scgi_socket_keepalive
  sendfile server_name_in_redirect ssi ssi_last_modified ssi_silent_errors ssl_early_data ssl_prefer_server_ciphers
  ssl_reject_handshake ssl_session_tickets ssl_stapling ssl_stapling_verify sub_filter_last_modified sub_filter_once
  tcp_nodelay tcp_nopush underscores_in_headers uninitialized_variable_warn uwsgi_buffering
  uwsgi_cache_background_update uwsgi_cache_lock uwsgi_cache_revalidate uwsgi_force_ranges uwsgi_ignore_client_abort
  uwsgi_intercept_errors uwsgi_pass_request_body uwsgi_pass_request_headers uwsgi_request_buffering
  uwsgi_socket_keepalive uwsgi_ssl_server_name uwsgi_ssl_session_reuse uwsgi_ssl_verify`);

const numbers = list(`http2_max_concurrent_streams keepalive_requests map_hash_bucket_size map_hash_max_size
  proxy_headers_hash_bucket_size proxy_headers_hash_max_size proxy_next_upstream_tries proxy_ssl_verify_depth
  server_names_hash_bucket_size server_names_hash_max_size ssl_verify_depth types_hash_bucket_size types_hash_max_size
  variables_hash_bucket_size variables_hash_max_size worker_connections worker_rlimit_nofile`);

const sizes = list(`client_body_buffer_size client_header_buffer_size fastcgi_buffer_size fastcgi_busy_buffers_size
  gzip_min_length postpone_output proxy_buffer_size proxy_busy_buffers_size proxy_max_temp_file_size
  proxy_temp_file_write_size scgi_buffer_size scgi_busy_buffers_size sendfile_max_chunk ssl_buffer_size
  uwsgi_buffer_size uwsgi_busy_buffers_size`);

const buffers = list(
  "fastcgi_buffers gzip_buffers large_client_header_buffers output_buffers proxy_buffers scgi_buffers uwsgi_buffers",
);

const protocols = "SSLv2 SSLv3 TLSv1 TLSv1.1 TLSv1.2 TLSv1.3";
const tries =
  "error timeout denied invalid_header http_500 http_502 http_503 http_504 http_403 http_404 http_429 updating non_idempotent off";
/** FastCGI, uwsgi and SCGI answer with fewer. */
const cgiTries =
  "error timeout denied invalid_header http_500 http_503 http_403 http_404 http_429 updating non_idempotent off";
const stale =
  "error timeout invalid_header updating http_500 http_502 http_503 http_504 http_403 http_404 http_429 off";
const levels = "info notice warn error";

const words: Readonly<Record<string, string>> = {
  client_body_in_file_only: "on off clean",
  gzip_http_version: "1.0 1.1",
  gzip_proxied: "off expired no-cache no-store private no_last_modified no_etag auth any",
  gzip_static: "on off always",
  if_modified_since: "off exact before",
  keepalive_disable: "none msie6 safari",
  limit_conn_log_level: levels,
  limit_req_log_level: levels,
  lingering_close: "off on always",
  // HTTP/2 is a matter of nginx's own version, and another rule speaks of it.
  proxy_http_version: "1.0 1.1 2",
  proxy_cache_use_stale: stale,
  proxy_next_upstream: tries,
  fastcgi_next_upstream: cgiTries,
  uwsgi_next_upstream: cgiTries,
  scgi_next_upstream: cgiTries,
  grpc_next_upstream: tries,
  proxy_ssl_protocols: protocols,
  uwsgi_ssl_protocols: protocols,
  grpc_ssl_protocols: protocols,
  satisfy: "all any",
  ssl_protocols: protocols,
  ssl_verify_client: "on off optional optional_no_ca",
};

const table = new Map<string, Allowed>([
  ...flags.map((name) => [name, { kind: "flag" }] as const),
  ...numbers.map((name) => [name, { kind: "number" }] as const),
  ...sizes.map((name) => [name, { kind: "size", isLarge: false, at: 0 }] as const),
  ...buffers.map((name) => [name, { kind: "size", isLarge: false, at: 1 }] as const),
  ["client_max_body_size", { kind: "size", isLarge: true, at: 0 }],
  ...Object.entries(words).map(
    ([name, text]) => [name, { kind: "words", words: list(text), isExact: false, from: 0 }] as const,
  ),
  [
    "error_log",
    { kind: "words", words: list("debug info notice warn error crit alert emerg"), isExact: true, from: 1 },
  ],
]);

/** What values a directive takes; undefined where nginx takes many, or where that depends on its version. */
export function allowedValues(name: string): Allowed | undefined {
  return table.get(name);
}

/** Every directive with the values it takes. */
export function allowedValuesTable(): Iterable<readonly [name: string, allowed: Allowed]> {
  return table;
}
