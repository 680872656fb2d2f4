// How the directives of well-known modules begin that nginx.org does not document.
const prefixes =
  `access_by access_key accept_language accounting ajp_ akamai_ api app_protect array_ auth_digest auth_gss
  auth_hash auth_jwt auth_ldap auth_oidc auth_pam auth_spnego auth_totp aws_ balancer_by bot_ brotli bytes cache_purge
  captcha cc_ check circle_gif client_body_in clojure coap concat consistent cookie_ cors coraza css_ datadog
  dav_ext_ debug_ delay dosdetector doslist drizzle_ dubbo dynamic_ dyups echo enable_ntls encrypted_ eval exit_ expires_by
  f5_ fair fancyindex fastdfs footer form_ geoip2 graphite graphql gridfs hash_ health_ healthcheck hls hmux_ http_js iconv
  influx init_ ip2 js_ jsonp jvm_ jwt kafka keyval length_hiding limit_speed limit_traffic limit_upload log_by
  log_zmq lower_ lua_ match memc_ metric mogilefs mongo modsecurity more_ mruby_ naxsi nchan ngx_ njs_ notice opentelemetry
  opentracing otel_ pagespeed passenger perl php_ postgres postpone_ preread_by probe prometheus push_stream pta_ python_
  rack_ rails_ rds_ redis replace_filter report_ req_status resolve rewrite_by rrd_ rtmp secure_token security_
  session_ set_by sflow shib slab_ sla_ slowfs small_light sphinx2 spnego srcache_ ssl_certificate_by ssl_client_hello_by
  ssl_ct ssl_dyn_rec ssl_enc_ ssl_session_fetch ssl_session_store ssl_sign_ statsd status_zone sticky strip subs_ sysguard
  syslog tcp_proxy tcpu testcookie tfs_ tnt_ track_ trim unzip upload upstream_ upstream_show vhost_ vod websocket_ webp wasm_
  waf xquic xrlt xss_ xudp zip zmq zstd`.split(/\s+/);

// Directives whose names tell them apart, and what old versions had.
const names = new Set(
  `balancer_resolver bind_conn client content_handler_type jvm_path limit_zone metadata name processes rewrite_handler_type
  send_min_rate set_form_input set_misc_base32_padding set_unescape_uri spdy_chunk_size spdy_headers_comp value vnswrr
  iwrr multi upstream_conf open_file_cache_retest satisfy_any optimize_server_names connections post_accept_timeout
  proxy_connect proxy_connect_allow proxy_connect_address proxy_connect_bind proxy_connect_response
  proxy_connect_connect_timeout proxy_connect_read_timeout proxy_connect_send_timeout proxy_connect_data_timeout
  proxy_downstream_buffer proxy_upstream_buffer`.split(/\s+/),
);

/** Whether a directive that the tables do not have may well be that of a module somebody builds in. */
export function mayBeThirdParty(name: string): boolean {
  return (
    names.has(name) || /_by_lua(?:_block|_file)?$/.test(name) || prefixes.some((prefix) => name.startsWith(prefix))
  );
}
