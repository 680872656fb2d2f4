// The names by which nginx configuration is told from that of other programs, in little space: the table of all directives
// is too large for whoever only wants to know whether a file is for nginx.

/** First words that directives share, and that other programs do not use with an underscore behind. */
const families =
  /^(?:access|accept|acme|add|aio|auth|autoindex|brotli|charset|client|dav|debug|error|fastcgi|geoip|grpc|gunzip|gzip|health|hls|http[23]|image|imap|js|keepalive|large|least|limit|lingering|log|lua|map|max|memcached|more|mp4|mqtt|open|otel|perl|pop3|proxy|quic|real|resolver|scgi|secure|send|server|session|smtp|ssi|ssl|status|stub|sub|tcp|tunnel|types|userid|uwsgi|variables|worker|xslt|zone)_[a-z]/;

/** Others; plain words only if they are not everybody's. */
const names: ReadonlySet<string> = new Set(
  (
    "aio alias allow autoindex charset daemon deny env etag events expires gzip http2 include index internal keepalive " +
    "listen pid resolver return rewrite root satisfy sendfile server set ssi ssl user userid " +
    "default_type disable_symlinks empty_gif ip_hash keyval_zone load_module port_in_redirect rewrite_log set_real_ip_from " +
    "split_clients try_files underscores_in_headers valid_referers"
  ).split(" "),
);

/** Whether a name is that of a directive, or could be one of a family of directives. */
export function isFamiliarName(name: string): boolean {
  return names.has(name) || families.test(name);
}
