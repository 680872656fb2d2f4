// Variables that every nginx has and whose names it gives to nobody else (ngx_http_core_variables,
// ngx_http_upstream_vars, ngx_http_proxy_vars, as far as they are not NGX_HTTP_VAR_CHANGEABLE). Those of modules that a
// build may lack are left out, and so are the families ($http_name, $arg_name, …): nginx lets a map define those.
const reserved = new Set(
  `http_host http_user_agent http_referer http_cookie content_length content_type host
  binary_remote_addr remote_addr remote_port proxy_protocol_addr proxy_protocol_port server_addr server_port
  server_protocol scheme https request_uri uri document_uri request document_root realpath_root query_string is_args
  request_filename server_name request_method remote_user bytes_sent body_bytes_sent pipe request_completion
  request_body request_body_file request_length request_time request_id status sent_http_content_type
  sent_http_content_length sent_http_location sent_http_last_modified sent_http_connection sent_http_keep_alive
  sent_http_transfer_encoding sent_http_cache_control connection connection_requests nginx_version hostname pid msec
  time_iso8601 time_local proxy_add_x_forwarded_for upstream_addr upstream_status upstream_connect_time
  upstream_header_time upstream_response_time upstream_response_length upstream_cache_status`.split(/\s+/),
);

/** Whether nginx refuses a `map`, `set` or `geo` that defines a variable of this name (any case, without `$`). */
export function isReservedVariable(name: string): boolean {
  return reserved.has(name.toLowerCase());
}
