import type { HoverText } from "../hover-text.ts";

const proxy = "https://nginx.org/en/docs/http/ngx_http_proxy_module.html";

/** Directives about what the backend gets and how its answer comes back. */
export const passingTexts: Readonly<Record<string, HoverText>> = {
  proxy_pass: {
    text: "Hands the request to a backend over HTTP. The handshake is such a request: when the backend answers 101 and the client had asked for an upgrade, nginx turns the two connections into a tunnel. The scheme is `http://` or `https://`, never `ws://`.",
    url: `${proxy}#proxy_pass`,
    symptom: "`ws://` here: nginx does not start, or answers 500 when a variable holds it. A dead backend: 502.",
  },
  proxy_set_header: {
    text: "Sets a header of the request to the backend. `Upgrade` and `Connection` are dropped unless they are set here. A level that sets one header inherits none from the levels around it.",
    url: `${proxy}#proxy_set_header`,
    symptom: "Without Upgrade and Connection: `Unexpected response code: 404`, 400, 426 or 405, by backend.",
  },
  proxy_http_version: {
    text: "The HTTP version towards the backend. An upgrade exists only in HTTP/1.1. The default is 1.0 before nginx 1.29.7 and 1.1 from then on; with 2 (from 1.29.4) no WebSocket passes.",
    url: `${proxy}#proxy_http_version`,
    fallback: "1.0 before nginx 1.29.7, then 1.1",
    symptom: "With 1.0 some backends answer 400 or 426, a few answer 101 and then pass no data. With 2: 502.",
  },
  proxy_method: {
    text: "Replaces the method of the request to the backend. A handshake is a GET; any other method is refused by WebSocket servers.",
    url: `${proxy}#proxy_method`,
    symptom: "405 or 400 on every handshake.",
  },
  proxy_pass_request_headers: {
    text: "Whether the headers of the client are passed on. `off` also drops Sec-WebSocket-Key and Sec-WebSocket-Version, without which there is no handshake.",
    url: `${proxy}#proxy_pass_request_headers`,
    fallback: "on",
    symptom: "400 or 426 on every handshake.",
  },
  proxy_read_timeout: {
    text: "How long a tunnel may be silent. Data in either direction starts the time anew, and so does a ping. When it is over nginx closes both connections without a close frame: the browser reports 1006.",
    url: `${proxy}#proxy_read_timeout`,
    fallback: "60s",
    symptom:
      "Close code 1006 after exactly this time of silence; status 101 and the same time in access.log, nothing in error.log at its usual level.",
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
  proxy_socket_keepalive: {
    text: "TCP keepalive towards the backend. It notices a dead peer where a long `proxy_read_timeout` would wait.",
    url: `${proxy}#proxy_socket_keepalive`,
    fallback: "off",
  },
  proxy_buffering: {
    text: "Collects answers before they go to the client. A tunnel never uses these buffers, so it makes no difference to WebSocket frames. It matters for server-sent events and long polling on the same location.",
    url: `${proxy}#proxy_buffering`,
    fallback: "on",
  },
  proxy_request_buffering: {
    text: "Whether the body of a request is read whole before the backend gets it. A handshake has no body and a tunnel is none, so it changes nothing for WebSocket.",
    url: `${proxy}#proxy_request_buffering`,
    fallback: "on",
  },
  proxy_buffer_size: {
    text: "Holds the header of the answer. Only the head of the 101 has to fit; the frames never pass through it. Raise `proxy_buffers` with it, or nginx refuses the configuration.",
    url: `${proxy}#proxy_buffer_size`,
    symptom: "502, and `upstream sent too big header` in error.log.",
  },
  proxy_cache: {
    text: "Answers requests from a cache. An answer stored for a plain request of the same path is also given to a handshake: nginx looks into the cache first. `proxy_cache off;` in the location of the WebSocket prevents it.",
    url: `${proxy}#proxy_cache`,
    fallback: "off",
    symptom: "200, 404 or 426 that stays although the backend would say 101.",
  },
  proxy_cache_bypass: {
    text: "Requests for which the cache is not asked. `$http_upgrade` here sends handshakes past it. Without `proxy_cache` it does nothing.",
    url: `${proxy}#proxy_cache_bypass`,
  },
  proxy_hide_header: {
    text: "Removes a header from the answer. The 101 needs Upgrade, Connection, Sec-WebSocket-Accept and the chosen Sec-WebSocket-Protocol. A level that hides one header inherits none from the levels around it.",
    url: `${proxy}#proxy_hide_header`,
    symptom:
      "Browser console: `'Upgrade' header is missing`, or `Sent non-empty 'Sec-WebSocket-Protocol' header but no response was received`; the access log says 101.",
  },
  proxy_pass_header: {
    text: "Passes on a header of the answer that would be hidden otherwise; it wins over `proxy_hide_header`.",
    url: `${proxy}#proxy_pass_header`,
  },
  proxy_intercept_errors: {
    text: "Whether `error_page` replaces error answers of the backend. A 101 is not touched; a refused handshake then shows another status than the backend gave.",
    url: `${proxy}#proxy_intercept_errors`,
    fallback: "off",
    symptom: "`Unexpected response code: 200` where the backend said 403 or 502.",
  },
  proxy_redirect: {
    text: "Rewrites Location in redirects of the backend. A browser does not follow a redirect of a handshake at all.",
    url: `${proxy}#proxy_redirect`,
    fallback: "default",
  },
  proxy_next_upstream: {
    text: "When another server of the upstream is tried. It concerns the handshake only; a tunnel that breaks is not taken over.",
    url: `${proxy}#proxy_next_upstream`,
    fallback: "error timeout",
  },
  proxy_ssl_verify: {
    text: "Whether the certificate of an `https://` backend is checked. Off is the default, so writing `off` for a self-signed backend changes nothing.",
    url: `${proxy}#proxy_ssl_verify`,
    fallback: "off",
  },
  proxy_ssl_server_name: {
    text: "Whether the name of the backend is sent in the TLS handshake (SNI). Many `https://` backends need it to choose their certificate.",
    url: `${proxy}#proxy_ssl_server_name`,
    fallback: "off",
    symptom: "502, and `SSL_do_handshake() failed` in error.log.",
  },
  proxy_ssl_name: {
    text: "The name that is sent as SNI and that the certificate of the backend is checked against.",
    url: `${proxy}#proxy_ssl_name`,
    fallback: "the host in proxy_pass",
  },
  uwsgi_pass: {
    text: "Hands the request over in the uwsgi protocol. A WebSocket can pass; its silence is limited by `uwsgi_read_timeout`, not by `proxy_read_timeout`.",
    url: "https://nginx.org/en/docs/http/ngx_http_uwsgi_module.html#uwsgi_pass",
  },
  scgi_pass: {
    text: "Hands the request over in the SCGI protocol. A WebSocket can pass; its silence is limited by `scgi_read_timeout`.",
    url: "https://nginx.org/en/docs/http/ngx_http_scgi_module.html#scgi_pass",
  },
  fastcgi_pass: {
    text: "Hands the request over in FastCGI. No WebSocket can pass: there is no way to open a tunnel.",
    url: "https://nginx.org/en/docs/http/ngx_http_fastcgi_module.html#fastcgi_pass",
    symptom: "404, 502, 504, or a handshake that hangs.",
  },
  grpc_pass: {
    text: "Hands the request over as gRPC. No WebSocket can pass.",
    url: "https://nginx.org/en/docs/http/ngx_http_grpc_module.html#grpc_pass",
    symptom: "502 or 504 on every handshake.",
  },
};
