import { answeredHere, applicationRefuses, errorPage, headersMissing, headersWrong, wrongHandler } from "./causes.ts";
import type { Symptom } from "./symptom.ts";

/** HTTP statuses from 500 on where a 101 should be. */
export const serverErrors: readonly Symptom[] = [
  {
    id: "handshake-500",
    title: "The handshake is answered with `500`",
    seen: ["browser console", "answer to the handshake"],
    signs: { words: ["internal_server_error"], statuses: [500] },
    explanation:
      "With WebSockets a 500 is often from nginx itself, and then the error log has a line at the level error or alert for each request. Paste that line here: it names the reason.",
    causes: [
      {
        what: "A variable gives proxy_pass an address with ws:// or wss://, or without a scheme.",
        rules: ["proxy-pass-ws-scheme", "upstream-server-scheme"],
        check: 'The error log says: invalid URL prefix in "ws://…".',
      },
      {
        what: "A rewrite leaves an empty path.",
        rules: ["rewrite-empties-uri"],
        check: "The error log says: the rewritten URI has a zero length.",
      },
      {
        what: "The subrequest of auth_request carries the upgrade headers.",
        rules: ["auth-request-inherits-upgrade"],
        check: "The error log says: auth request unexpected status.",
      },
      {
        what: "nginx has no connections or files left.",
        rules: ["worker-connections", "rlimit-nofile"],
        check: "The error log has an alert: worker_connections are not enough, or Too many open files.",
      },
      {
        what: "The captures of a regular expression were overwritten by a map.",
        rules: ["map-regex-clobbers-captures"],
        check: "The error log says: invalid port in upstream.",
      },
      {
        what: "try_files or error_page leads in a circle.",
        rules: ["try-files-before-proxy"],
        check: "The error log says: rewrite or internal redirection cycle.",
      },
      {
        ...headersMissing,
        what: "The headers of the handshake are missing, and the backend fails on that.",
      },
      { ...headersWrong, what: "The headers of the handshake are wrong, and the backend fails on that." },
      applicationRefuses,
    ],
  },
  {
    id: "handshake-502",
    title: "The handshake is answered with `502`",
    seen: ["browser console", "answer to the handshake"],
    signs: { words: ["bad_gateway"], statuses: [502] },
    explanation:
      "nginx got no usable answer from the backend. There are about ten reasons, and the error log has a line at the level error or crit that says which one. Paste that line here.",
    causes: [
      {
        what: "The backend does not run, or listens somewhere else.",
        rules: [],
        check:
          "The error log says: connect() failed (111: Connection refused). In a container, localhost is the container itself.",
      },
      {
        what: "nginx and the backend do not agree about TLS.",
        rules: ["tls-mismatch", "upstream-sni", "ssl-verify-name"],
        check: "The error log says: SSL_do_handshake() failed, or something about the certificate.",
      },
      {
        what: "The handshake is sent over HTTP/2, which cannot carry it here.",
        rules: ["http-version-2"],
        check: "proxy_http_version has to be 1.1 for a WebSocket.",
      },
      {
        what: "The name of the backend is in a variable, and nginx has no resolver.",
        rules: ["variable-without-resolver"],
        check: "The error log says: no resolver defined to resolve.",
      },
      wrongHandler,
      {
        what: "All servers are full or marked as down.",
        rules: ["max-conns"],
        check: "The error log says: no live upstreams.",
      },
      errorPage,
    ],
  },
  {
    id: "handshake-503",
    title: "The handshake is answered with `503` or `429`",
    seen: ["browser console", "answer to the handshake"],
    signs: { words: ["service_unavailable|temporarily_unavailable|too_many_requests"], statuses: [503, 429] },
    explanation:
      "A limit is reached. If it is one of nginx, the error log says “limiting connections” or “limiting requests” at the level error. A WebSocket holds its place in limit_conn for as long as it lives.",
    causes: [
      {
        what: "limit_conn counts open WebSockets, and there are too many of one client or address.",
        rules: ["limit-conn"],
        check: "Behind another proxy all clients may share one address.",
      },
      {
        what: "limit_req refuses when many clients reconnect at once.",
        rules: ["limit-req"],
        check: "Give it burst and nodelay; messages are not counted, only handshakes.",
      },
      {
        what: "The application or a proxy before it is overloaded or in maintenance.",
        rules: [],
        check: "If the error log of nginx says nothing, the answer came from behind it.",
      },
      answeredHere,
    ],
  },
  {
    id: "handshake-504",
    title: "The handshake is answered with `504`",
    seen: ["browser console", "answer to the handshake", "error log"],
    signs: {
      words: ["gateway_timeout|gateway_time_out|gateway_timed_out"],
      statuses: [504],
      texts: ["upstream timed out…while reading response header", "upstream timed out…while connecting to upstream"],
    },
    explanation:
      "The backend did not answer the handshake within proxy_read_timeout (60 s by default), or nginx could not connect within proxy_connect_timeout. The error log says which, at the level error: “while reading response header” or “while connecting to upstream”.",
    causes: [
      {
        what: "The read time-out is too short, zero, or in the wrong unit.",
        rules: ["timeout-invalid", "timeout-unit", "read-timeout-short"],
        check: "Look at the time in the access log: it is the time-out that was in force.",
      },
      {
        what: "The backend takes the handshake and never answers, because it does not recognise it.",
        rules: [
          "missing-upgrade-headers",
          "headers-lost-by-inheritance",
          "duplicate-proxy-set-header",
          "pass-cannot-upgrade",
        ],
        check: "Send the handshake to the backend without nginx.",
      },
      {
        what: "A firewall between nginx and the backend swallows the connection.",
        rules: [],
        check: "The error log then says “while connecting to upstream”.",
      },
    ],
  },
];
