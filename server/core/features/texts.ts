/** What a directive or variable means for a WebSocket, and where nginx documents it. */
export interface HoverText {
  /** Markdown, a few sentences. */
  readonly text: string;
  readonly url: string;
  /** What holds when it is not set; empty when that does not help. */
  readonly fallback?: string;
}

const proxy = "https://nginx.org/en/docs/http/ngx_http_proxy_module.html";
const core = "https://nginx.org/en/docs/http/ngx_http_core_module.html";
const upstream = "https://nginx.org/en/docs/http/ngx_http_upstream_module.html";

/** Directives that decide whether a WebSocket connects and lives. */
export const directiveTexts: Readonly<Record<string, HoverText>> = {
  proxy_pass: {
    text: "Hands the request to a backend over HTTP. The handshake is such a request: when the backend answers 101 and the client had asked for an upgrade, nginx turns the two connections into a tunnel. The scheme is `http://` or `https://`, never `ws://`.",
    url: `${proxy}#proxy_pass`,
  },
  proxy_set_header: {
    text: "Sets a header of the request to the backend. `Upgrade` and `Connection` are dropped unless they are set here. A level that sets one header inherits none from the levels around it.",
    url: `${proxy}#proxy_set_header`,
  },
  proxy_http_version: {
    text: "The HTTP version towards the backend. An upgrade exists only in HTTP/1.1. The default is 1.0 before nginx 1.29.7 and 1.1 from then on; with 2 (from 1.29.4) no WebSocket passes.",
    url: `${proxy}#proxy_http_version`,
    fallback: "1.0 before nginx 1.29.7, then 1.1",
  },
  proxy_read_timeout: {
    text: "How long a tunnel may be silent. Data in either direction starts the time anew, and so does a ping. When it is over nginx closes both connections without a close frame: the browser reports 1006.",
    url: `${proxy}#proxy_read_timeout`,
    fallback: "60s",
  },
  proxy_send_timeout: {
    text: "How long one write to the backend may be blocked. It does not end an idle tunnel, so raising it changes nothing there; `proxy_read_timeout` does.",
    url: `${proxy}#proxy_send_timeout`,
    fallback: "60s",
  },
  proxy_connect_timeout: {
    text: "How long the TCP connection to the backend may take. It is over before the handshake begins and does not touch an open tunnel.",
    url: `${proxy}#proxy_connect_timeout`,
    fallback: "60s",
  },
  proxy_buffering: {
    text: "Collects answers before they go to the client. A tunnel never uses these buffers, so it makes no difference to WebSocket frames. It matters for server-sent events and long polling on the same location.",
    url: `${proxy}#proxy_buffering`,
    fallback: "on",
  },
  client_max_body_size: {
    text: "Limits the body of an HTTP request. WebSocket messages are no bodies and are not limited by it; the limit for those is in the backend. It matters for the polling requests of Socket.IO, SockJS and SignalR (413).",
    url: `${core}#client_max_body_size`,
    fallback: "1m",
  },
  proxy_ssl_verify: {
    text: "Whether the certificate of an `https://` backend is checked. Off is the default, so writing `off` for a self-signed backend changes nothing.",
    url: `${proxy}#proxy_ssl_verify`,
    fallback: "off",
  },
  map: {
    text: "Defines a variable by looking up another one. For WebSocket: `$http_upgrade` is empty in a plain request and `websocket` in a handshake. A map stands directly in `http`; the order of maps and servers does not matter, and of two maps for one variable the last counts.",
    url: "https://nginx.org/en/docs/http/ngx_http_map_module.html#map",
  },
  upstream: {
    text: "A named group of backends. An open tunnel stays with the backend it reached, so a plain WebSocket needs no sticky sessions; transports of several requests (Socket.IO polling) do.",
    url: `${upstream}#upstream`,
  },
  ip_hash: {
    text: "Sends a client address always to the same backend. Only the first three octets of an IPv4 address count. A WebSocket alone does not need it; polling transports with several backends do.",
    url: `${upstream}#ip_hash`,
  },
  keepalive: {
    text: "How many idle connections to the backends stay open. A plain request uses one only if it does not carry `Connection: close`.",
    url: `${upstream}#keepalive`,
  },
  location: {
    text: "Decides which requests these directives apply to. `=` matches the exact path, `^~` a prefix before regular expressions are tried, `~` and `~*` a regular expression. `/ws` also matches `/ws/` and `/wsx`; `/ws/` does not match `/ws`.",
    url: `${core}#location`,
  },
  server: {
    text: "In `http`: a virtual server, chosen by address, port and the Host header. In `upstream`: one backend.",
    url: `${core}#server`,
  },
  server_name: {
    text: "The host names of this server. A handshake for another name lands in the default server of the port, often with 404.",
    url: `${core}#server_name`,
  },
  listen: {
    text: "The address and port of the server. `wss://` needs `ssl` here, also on port 443. `http2` does no harm: browsers open their WebSockets over a separate HTTP/1.1 connection.",
    url: `${core}#listen`,
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
  return: {
    text: "Answers at once, before any `proxy_pass`. Browsers do not follow redirects of a handshake: `ws://` clients of a server that only redirects to `https://` get 301 and fail.",
    url: "https://nginx.org/en/docs/http/ngx_http_rewrite_module.html#return",
  },
  set: {
    text: "Gives a variable a value while the request is processed. In other servers and locations the variable exists too, but is empty.",
    url: "https://nginx.org/en/docs/http/ngx_http_rewrite_module.html#set",
  },
  if: {
    text: "Applies directives when a condition holds. `if ($http_upgrade)` holds for a handshake. Headers and time-outs cannot be set in it.",
    url: "https://nginx.org/en/docs/http/ngx_http_rewrite_module.html#if",
  },
  include: {
    text: "Puts the text of other files here. Headers from an include count as headers of this level: they replace those of the outer level.",
    url: "https://nginx.org/en/docs/ngx_core_module.html#include",
  },
  http: {
    text: "The level of servers, upstreams and maps.",
    url: `${core}#http`,
  },
  worker_connections: {
    text: "How many connections a worker process holds. A tunnel takes two: one to the client, one to the backend. When they are used up, new clients are closed without an answer.",
    url: "https://nginx.org/en/docs/ngx_core_module.html#worker_connections",
    fallback: "512",
  },
  worker_rlimit_nofile: {
    text: "How many files and connections the system lets a worker process open. Below `worker_connections` it is the real limit.",
    url: "https://nginx.org/en/docs/ngx_core_module.html#worker_rlimit_nofile",
  },
  send_timeout: {
    text: "How long one write to the client may be blocked. It does not end an idle tunnel.",
    url: `${core}#send_timeout`,
    fallback: "60s",
  },
};

/** Variables that decide the same. */
export const variableTexts: Readonly<Record<string, HoverText>> = {
  http_upgrade: {
    text: "The Upgrade header of the client: `websocket` in a handshake, empty in a plain request.",
    url: `${core}#var_http_`,
  },
  http_connection: {
    text: "The Connection header of the client: `Upgrade` (Chromium) or `keep-alive, Upgrade` (Firefox) in a handshake. Passing it on works, but forwards whatever else the client writes there.",
    url: `${core}#var_http_`,
  },
  connection: {
    text: "The serial number of the connection, not the Connection header. For that one see `$http_connection`.",
    url: `${core}#var_connection`,
  },
  http_host: {
    text: "The Host header as the client sent it, with the port. Backends that compare Origin with Host need exactly this.",
    url: `${core}#var_http_`,
  },
  host: {
    text: "The host the client asked for, lower case and without the port. On a port other than 80 and 443 a comparison with Origin fails; `$http_host` keeps the port.",
    url: `${core}#var_host`,
  },
  proxy_host: {
    text: "The name and port in `proxy_pass`. This is what the backend gets as Host unless it is set.",
    url: `${proxy}#var_proxy_host`,
  },
  scheme: { text: "`http` or `https`, as the client connected to this nginx.", url: `${core}#var_scheme` },
  proxy_add_x_forwarded_for: {
    text: "The X-Forwarded-For header of the client with its address appended.",
    url: `${proxy}#var_proxy_add_x_forwarded_for`,
  },
};
