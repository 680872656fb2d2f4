import type { HoverText } from "../hover-text.ts";

const core = "https://nginx.org/en/docs/http/ngx_http_core_module.html";

/** Directives about servers, listeners and their clients. */
export const servingTexts: Readonly<Record<string, HoverText>> = {
  http: {
    text: "The level of servers, upstreams and maps.",
    url: `${core}#http`,
  },
  server: {
    text: "In `http`: a virtual server, chosen by address, port and the Host header. In `upstream`: one backend.",
    url: `${core}#server`,
  },
  server_name: {
    text: "The host names of this server. A handshake for another name lands in the default server of the port, often with 404.",
    url: `${core}#server_name`,
    symptom: "404 or 200 from a server that knows nothing of the path.",
  },
  listen: {
    text: "The address and port of the server. `wss://` needs `ssl` here, also on port 443. `http2` does no harm: browsers open their WebSockets over a separate HTTP/1.1 connection.",
    url: `${core}#listen`,
    symptom: "No `ssl` on the port of `wss://`: `ERR_SSL_PROTOCOL_ERROR`.",
  },
  http2: {
    text: "HTTP/2 for clients. Browsers open their WebSockets over a separate HTTP/1.1 connection, so it does no harm.",
    url: "https://nginx.org/en/docs/http/ngx_http_v2_module.html#http2",
    fallback: "off",
  },
  ssl_certificate: {
    text: "The certificate for `wss://` and `https://`. A browser shows no warning page for a WebSocket: with a certificate it does not trust, the connection just fails.",
    url: "https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_certificate",
  },
  ssl_certificate_key: {
    text: "The private key of `ssl_certificate`.",
    url: "https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_certificate_key",
  },
  ssl_protocols: {
    text: "The TLS versions that clients may use, for `wss://` as for `https://`.",
    url: "https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_protocols",
  },
  client_max_body_size: {
    text: "Limits the body of an HTTP request. WebSocket messages are no bodies and are not limited by it; the limit for those is in the backend. It matters for the polling requests of Socket.IO, SockJS and SignalR (413).",
    url: `${core}#client_max_body_size`,
    fallback: "1m",
    symptom:
      "413 for a polling request. A message that is too large is closed by the backend with 1009, never by nginx.",
  },
  large_client_header_buffers: {
    text: "Limits the request line and the headers of a client. A long `?token=` or many cookies need more.",
    url: `${core}#large_client_header_buffers`,
    fallback: "4 8k",
    symptom: "400 “Request Header Or Cookie Too Large”, or 414.",
  },
  send_timeout: {
    text: "How long one write to the client may be blocked. It does not end an idle tunnel.",
    url: `${core}#send_timeout`,
    fallback: "60s",
  },
  keepalive_timeout: {
    text: "How long a connection of a client stays open between requests. A tunnel is one request and is not ended by it.",
    url: `${core}#keepalive_timeout`,
    fallback: "75s",
  },
  tcp_nodelay: {
    text: "Sends small packets at once. It is on by default, for tunnels too.",
    url: `${core}#tcp_nodelay`,
    fallback: "on",
  },
  gzip: {
    text: "Compresses answers. The frames of a tunnel are never touched; server-sent events are held back by it unless buffering is off.",
    url: "https://nginx.org/en/docs/http/ngx_http_gzip_module.html#gzip",
    fallback: "off",
  },
  resolver: {
    text: "The DNS servers that nginx asks while it runs. Needed when a variable in `proxy_pass` holds a host name.",
    url: `${core}#resolver`,
    symptom: "502, and `no resolver defined to resolve …` in error.log.",
  },
};
