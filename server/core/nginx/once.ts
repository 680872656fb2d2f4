/**
 * Directives that nginx takes once on a level (`"…" directive is duplicate`), of those that a WebSocket depends on. Each
 * was tried on nginx 1.22.1. What is a list there (`proxy_set_header`, `proxy_redirect`, `server_name` …) is not here,
 * nor are time-outs, about which another rule says more.
 */
const once = new Set(
  `auth_request client_body_buffer_size client_max_body_size internal keepalive keepalive_requests keepalive_time
  large_client_header_buffers proxy_bind proxy_buffer_size proxy_buffering proxy_buffers proxy_busy_buffers_size
  proxy_cache proxy_cache_background_update proxy_cache_convert_head proxy_cache_key proxy_cache_lock
  proxy_cache_lock_age proxy_cache_max_range_offset proxy_cache_min_uses proxy_cache_revalidate proxy_force_ranges
  proxy_headers_hash_bucket_size proxy_headers_hash_max_size proxy_http_version proxy_ignore_client_abort
  proxy_intercept_errors proxy_limit_rate proxy_max_temp_file_size proxy_method proxy_next_upstream_tries proxy_pass
  proxy_pass_request_body proxy_pass_request_headers proxy_request_buffering proxy_send_lowat proxy_set_body
  proxy_socket_keepalive proxy_ssl_certificate proxy_ssl_certificate_key proxy_ssl_ciphers proxy_ssl_crl
  proxy_ssl_name proxy_ssl_server_name proxy_ssl_session_reuse proxy_ssl_trusted_certificate proxy_ssl_verify
  proxy_ssl_verify_depth proxy_store proxy_temp_file_write_size proxy_temp_path resolver root satisfy ssl
  ssl_ciphers ssl_prefer_server_ciphers ssl_session_timeout tcp_nodelay`.split(/\s+/),
);

/** Whether nginx refuses a second directive of this name on the same level. */
export function isTakenOnce(name: string): boolean {
  return once.has(name);
}
