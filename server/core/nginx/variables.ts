// Variables that nginx and its well-known modules define (nginx.org, “Alphabetical index of variables”), lower case.
const builtIn = new Set(
  `ancient_browser arg args binary_remote_addr body_bytes_sent bytes_received bytes_sent connection
  connection_requests connection_time connections_active connections_reading connections_waiting connections_writing
  content_length content_type date_gmt date_local document_root document_uri fastcgi_path_info fastcgi_script_name
  geoip_area_code geoip_city geoip_city_continent_code geoip_city_country_code geoip_city_country_code3
  geoip_city_country_name geoip_country_code geoip_country_code3 geoip_country_name geoip_dma_code geoip_latitude
  geoip_longitude geoip_org geoip_postal_code geoip_region geoip_region_name gzip_ratio host hostname http2 http3 https
  invalid_referer is_args is_request_port jwt_payload limit_conn_status limit_rate limit_req_status
  memcached_key modern_browser msec msie nginx_version pid pipe protocol proxy_add_x_forwarded_for proxy_host
  proxy_internal_body_length proxy_internal_chunked proxy_port proxy_protocol_addr proxy_protocol_port
  proxy_protocol_server_addr proxy_protocol_server_port query_string realip_remote_addr realip_remote_port
  realpath_root remote_addr remote_port remote_user request request_body request_body_file request_completion
  request_filename request_id request_length request_method request_port request_time request_uri scheme
  secure_link secure_link_expires server_addr server_name server_port server_protocol session_time slice_range spdy
  spdy_request_priority ssl_alpn_protocol ssl_cipher ssl_ciphers ssl_client_cert ssl_client_escaped_cert
  ssl_client_fingerprint ssl_client_i_dn ssl_client_i_dn_legacy ssl_client_raw_cert ssl_client_s_dn
  ssl_client_s_dn_legacy ssl_client_serial ssl_client_sigalg ssl_client_v_end ssl_client_v_remain
  ssl_client_v_start ssl_client_verify ssl_curve ssl_curves ssl_early_data ssl_ech_outer_server_name ssl_ech_status
  ssl_preread_alpn_protocols ssl_preread_protocol ssl_preread_server_name ssl_protocol ssl_server_name ssl_session_id
  ssl_session_reused ssl_sigalg ssl_sigalgs status tcpinfo_rcv_space tcpinfo_rtt tcpinfo_rttvar tcpinfo_snd_cwnd
  time_iso8601 time_local uid_got uid_reset uid_set upstream_addr upstream_bytes_received upstream_bytes_sent
  upstream_cache_age upstream_cache_key upstream_cache_last_modified upstream_cache_etag upstream_cache_status
  upstream_connect_time upstream_first_byte_time upstream_header_time upstream_last_addr upstream_last_server_name
  upstream_queue_time upstream_response_length upstream_response_time upstream_session_time upstream_status uri
  otel_parent_id otel_parent_sampled otel_span_id otel_trace_id acme_certificate acme_certificate_key
  brotli_ratio zstd_ratio`.split(/\s+/),
);

const prefixes = [
  "http_",
  "sent_http_",
  "sent_trailer_",
  "trailer_",
  "upstream_http_",
  "upstream_trailer_",
  "upstream_cookie_",
  "cookie_",
  "arg_",
  "jwt_header_",
  "jwt_claim_",
  "oidc_claim_",
  "proxy_protocol_tlv_",
  "geoip2_",
  "passenger_",
];

/** The variables with names of their own that nginx and well-known modules define. */
export function builtInVariables(): Iterable<string> {
  return builtIn;
}

/** Whether nginx or a well-known module defines a variable (name without `$`, any case). */
export function isBuiltInVariable(name: string): boolean {
  const lower = name.toLowerCase();
  return builtIn.has(lower) || /^\d+$/.test(lower) || prefixes.some((prefix) => lower.startsWith(prefix));
}

/** A piece of a value: plain text, or a variable with its place in the text. */
export type ValuePart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "variable"; readonly name: string; readonly start: number; readonly end: number };

/**
 * Splits a value as `ngx_http_script_compile()` does: `$name` and `${name}` are variables, names are lower-cased
 * because nginx compares them without case.
 */
export function splitValue(value: string): readonly ValuePart[] {
  const parts: ValuePart[] = [];
  const pattern = /\$(?:\{([A-Za-z0-9_]+)\}|([A-Za-z0-9_]+))/g;
  let last = 0;
  for (const match of value.matchAll(pattern)) {
    if (match.index > last) parts.push({ kind: "text", text: value.slice(last, match.index) });
    last = match.index + match[0].length;
    parts.push({ kind: "variable", name: (match[1] ?? match[2] ?? "").toLowerCase(), start: match.index, end: last });
  }
  if (last < value.length) parts.push({ kind: "text", text: value.slice(last) });
  return parts;
}

/**
 * Whether a name is written as the environment's are, all capitals: such a `$NAME` that nothing defines is filled in by
 * envsubst or the like before nginx reads the file.
 */
export function looksLikeTemplateName(written: string): boolean {
  const name = written.replace(/^\$\{?|\}$/g, "");
  return /^[A-Z][A-Z0-9_]*$/.test(name) && !isBuiltInVariable(name);
}

/** The names of the variables in a value. */
export function variablesIn(value: string): readonly string[] {
  return splitValue(value).flatMap((part) => (part.kind === "variable" ? [part.name] : []));
}
