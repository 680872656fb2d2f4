import type { Symptom } from "./symptom.ts";

/** Lines of the error log about the way to the backend. */
export const upstreamLog: readonly Symptom[] = [
  {
    id: "backend-refused",
    title: "`connect() failed (111: Connection refused) while connecting to upstream`",
    seen: ["error log"],
    signs: {
      texts: [
        "connect() failed (111…connecting to upstream",
        "connect() failed (113…connecting to upstream",
        "connect() to unix:…failed",
      ],
    },
    explanation:
      "Nobody listens where proxy_pass points to, so the client gets a 502. The line is of the level error and names the address after “upstream:”.",
    causes: [
      {
        what: "The backend does not run, or listens on another address.",
        rules: [],
        check:
          "Compare the address in the line with ss -ltn on that machine; in a container, localhost is the container itself.",
      },
      {
        what: "localhost means ::1 first, and the backend listens on 127.0.0.1 only.",
        rules: [],
        check: "Look whether the line says [::1]; write 127.0.0.1 in proxy_pass.",
      },
    ],
  },
  {
    id: "no-live-upstreams",
    title: "`no live upstreams while connecting to upstream`",
    seen: ["error log"],
    signs: { texts: ["no live upstreams", "upstream server temporarily disabled"] },
    explanation:
      "nginx has no server left to try: each has failed before and is left alone for fail_timeout, 10 s by default, or each has reached its max_conns. The client gets a 502. The first failure has a line of its own further up.",
    causes: [
      {
        what: "All servers failed just before.",
        rules: [],
        check: "Read the lines before this one: they name the first reason.",
      },
      {
        what: "max_conns is reached; a WebSocket counts for as long as it lives.",
        rules: ["max-conns"],
        check: "Size max_conns for open connections, not for requests.",
      },
    ],
  },
  {
    id: "backend-closed-early",
    title: "`upstream prematurely closed connection while reading response header`",
    seen: ["error log"],
    signs: {
      texts: ["upstream prematurely closed connection", "recv() failed (104…while reading response header"],
    },
    explanation:
      "The backend took the handshake and closed the connection without an answer, so the client gets a 502. It crashed, or it does not like what it reads.",
    causes: [
      {
        what: "The backend fails on this request.",
        rules: ["missing-upgrade-headers", "missing-connection-header", "http-version-1-0", "http-version-2"],
        check: "Look into the log of the backend at that time.",
      },
      {
        what: "The backend speaks TLS and nginx plain HTTP.",
        rules: ["tls-mismatch"],
        check: "Try https:// in proxy_pass.",
      },
    ],
  },
  {
    id: "backend-not-http",
    title: "`upstream sent no valid HTTP/1.0 header`",
    seen: ["error log"],
    signs: { texts: ["upstream sent no valid http/1.0 header", "upstream sent invalid header"] },
    explanation:
      "What the backend sends does not begin with an HTTP status line. Either it is no HTTP server, or it speaks another version of the protocol.",
    causes: [
      {
        what: "The port belongs to something else, or speaks HTTP/2 or TLS only.",
        rules: ["tls-mismatch", "http-version-2"],
        check: "Ask the address in the line with curl -v.",
      },
    ],
  },
  {
    id: "backend-header-too-big",
    title: "`upstream sent too big header while reading response header`",
    seen: ["error log"],
    signs: { texts: ["upstream sent too big header"] },
    explanation:
      "The headers of the backend's answer do not fit into proxy_buffer_size, 4 or 8 KB by default, so the client gets a 502. Large cookies are the usual reason.",
    causes: [
      {
        what: "The answer carries long cookies or other headers.",
        rules: [],
        check: "Raise proxy_buffer_size and proxy_buffers together: the first alone may be refused by nginx -t.",
      },
    ],
  },
  {
    id: "no-resolver",
    title: "`no resolver defined to resolve …`",
    seen: ["error log"],
    signs: { texts: ["no resolver defined to resolve", "could not be resolved (", "while resolving, resolver:"] },
    explanation:
      "proxy_pass has a variable, so nginx looks the name up while it runs, and for that it needs a resolver that answers. Names in /etc/hosts do not count there. The client gets a 502.",
    causes: [
      {
        what: "There is no resolver directive.",
        rules: ["variable-without-resolver"],
        check: "Add resolver with the address of a name server, in Docker 127.0.0.11, or name an upstream block.",
      },
      {
        what: "The resolver does not know the name or does not answer.",
        rules: [],
        check: "Ask the same server: dig @ADDRESS NAME.",
      },
    ],
  },
  {
    id: "backend-tls-failed",
    title: "`SSL_do_handshake() failed … while SSL handshaking to upstream`",
    seen: ["error log"],
    signs: {
      texts: [
        "ssl_do_handshake() failed…to upstream",
        "ssl_do_handshake() failed…wrong version number",
        "ssl_do_handshake() failed…unrecognized name",
        "peer closed connection in ssl handshake…to upstream",
      ],
    },
    explanation:
      "proxy_pass says https:// and the TLS connection to the backend could not be made; the client gets a 502. “wrong version number” means that the backend answered in plain HTTP. “unrecognized name” or “handshake failure” usually means that it wants the name, which nginx does not send by default.",
    causes: [
      {
        what: "The backend does not speak TLS on this port (“wrong version number”).",
        rules: ["tls-mismatch"],
        check: "Write http:// in proxy_pass; TLS then ends at nginx.",
      },
      {
        what: "The backend needs the server name (“unrecognized name”, “handshake failure”).",
        rules: ["upstream-sni"],
        check: "Write proxy_ssl_server_name on; and, if the names differ, proxy_ssl_name.",
      },
    ],
  },
  {
    id: "backend-certificate",
    title: "`upstream SSL certificate does not match`, or `verify error`",
    seen: ["error log"],
    signs: { texts: ["upstream ssl certificate does not match", "upstream ssl certificate verify error"] },
    explanation:
      "proxy_ssl_verify is on and the certificate of the backend is for another name, or not signed by a known authority. The client gets a 502. Without proxy_ssl_verify on nginx does not look at the certificate at all.",
    causes: [
      {
        what: "nginx compares with the name in proxy_pass, which may be that of an upstream block.",
        rules: ["ssl-verify-name"],
        check: "Say the right name with proxy_ssl_name.",
      },
      {
        what: "The authority is not in proxy_ssl_trusted_certificate.",
        rules: [],
        check: "Name a file with the authority that signed the certificate.",
      },
    ],
  },
  {
    id: "backend-http2",
    title: "`upstream sent too large http2 frame`, or `upstream rejected request with error 1`",
    seen: ["error log"],
    signs: {
      texts: ["upstream sent too large http2 frame", "upstream rejected request with error", "upstream sent http2 "],
    },
    explanation:
      "nginx speaks HTTP/2 to the backend, and that cannot carry the handshake, so the client gets a 502. The first line comes from a backend that answers in HTTP/1.1, the second from one that does speak HTTP/2.",
    causes: [
      {
        what: "proxy_http_version is 2 where a WebSocket passes.",
        rules: ["http-version-2"],
        check: "Write proxy_http_version 1.1; in the location.",
      },
      {
        what: "grpc_pass, which speaks HTTP/2 only, stands where proxy_pass belongs.",
        rules: ["pass-cannot-upgrade"],
        check: "The line says grpc:// after “upstream:”; use proxy_pass for the WebSocket.",
      },
    ],
  },
];
