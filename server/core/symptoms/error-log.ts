import type { Symptom } from "./symptom.ts";

/** Lines of the error log about what nginx does with a request by itself. */
export const errorLog: readonly Symptom[] = [
  {
    id: "ws-scheme-in-variable",
    title: '`invalid URL prefix in "ws://…"`',
    seen: ["error log", "nginx -t"],
    signs: { texts: ["invalid url prefix"] },
    explanation:
      "proxy_pass knows http:// and https:// only, also for WebSockets: a handshake is an HTTP request. Written directly, nginx refuses the file; from a variable, nginx -t passes and each request gets a 500.",
    causes: [
      {
        what: "The address of the backend begins with ws:// or wss://.",
        rules: ["proxy-pass-ws-scheme"],
        check: "Write http:// for ws:// and https:// for wss://.",
      },
      {
        what: "The address has no scheme at all.",
        rules: ["upstream-server-scheme"],
        check: "Write http:// before the name.",
      },
    ],
  },
  {
    id: "empty-rewrite",
    title: "`the rewritten URI has a zero length`",
    seen: ["error log"],
    signs: { texts: ["the rewritten uri has a zero length"] },
    explanation:
      "A rewrite took the whole path away and left nothing, so nginx answers 500. The line is of the level error.",
    causes: [
      {
        what: "rewrite ^/ws(.*)$ $1 meets the path /ws itself.",
        rules: ["rewrite-empties-uri"],
        check: "Write rewrite ^/ws/?(.*)$ /$1 break;",
      },
    ],
  },
  {
    id: "auth-request-failed",
    title: "`auth request unexpected status: 400`",
    seen: ["error log"],
    signs: { texts: ["auth request unexpected status"] },
    explanation:
      "The subrequest of auth_request got something other than 2xx, 401 or 403, so the client gets a 500. With WebSockets that is often because the subrequest carries the upgrade headers too, and the login service does not know what to do with them.",
    causes: [
      {
        what: "The location of auth_request inherits Upgrade and Connection.",
        rules: ["auth-request-inherits-upgrade"],
        check: 'Set both to "" there and repeat the other headers, because they are replaced as a whole.',
      },
      {
        what: "The login service fails by itself.",
        rules: [],
        check: "If ordinary pages fail too, it is not the WebSocket.",
      },
    ],
  },
  {
    id: "limit-reached",
    title: "`limiting connections by zone` or `limiting requests`",
    seen: ["error log"],
    signs: { texts: ["limiting connections by zone", "limiting requests, excess", "delaying request"] },
    explanation:
      "A limit of nginx refused the handshake with 503, or the status of limit_conn_status and limit_req_status. In limit_conn a WebSocket holds its place for as long as it lives; limit_req counts handshakes only. “delaying request” is the level warn: then it was let in late.",
    causes: [
      {
        what: "limit_conn is smaller than the number of tabs and clients behind one address.",
        rules: ["limit-conn"],
        check: "Use an own zone for WebSockets; behind another proxy take the real address of the client.",
      },
      {
        what: "limit_req meets many clients that reconnect at once.",
        rules: ["limit-req"],
        check: "Give it burst and nodelay.",
      },
    ],
  },
  {
    id: "worker-connections-exhausted",
    title: "`worker_connections are not enough`",
    seen: ["error log"],
    signs: { texts: ["worker_connections are not enough"] },
    explanation:
      "A worker has no connection left. Each WebSocket takes two, one to the client and one to the backend, for as long as it lives. New handshakes get a 500, or are closed without an answer. The line is of the level alert.",
    causes: [
      {
        what: "worker_connections is small; the default is 512.",
        rules: ["worker-connections", "rlimit-nofile"],
        check: "Raise worker_connections and with it worker_rlimit_nofile.",
      },
      {
        what: "Dead clients keep their connections for a very long read time-out.",
        rules: ["long-timeout-no-keepalive"],
        check: "Let TCP find them: listen … so_keepalive=on.",
      },
    ],
  },
  {
    id: "too-many-open-files",
    title: "`Too many open files`",
    seen: ["error log"],
    signs: { texts: ["too many open files", "worker_connections exceed open file resource limit"] },
    explanation:
      "The system gives nginx no more files, and each connection is one. New handshakes get a 500. The line is of the level alert or crit.",
    causes: [
      {
        what: "worker_rlimit_nofile is lower than worker_connections.",
        rules: ["rlimit-nofile", "worker-connections"],
        check: "Set worker_rlimit_nofile above worker_connections, and look at LimitNOFILE of the service.",
      },
    ],
  },
  {
    id: "invalid-port",
    title: "`invalid port in upstream`, or `no buffer space in script copy`",
    seen: ["error log", "nginx -t"],
    signs: { texts: ["invalid port in upstream", "no buffer space in script copy"] },
    explanation:
      "The address that proxy_pass came to is no address. In a request the usual reason is $1: a regular expression that ran later, in a map or an if, has overwritten it. The client gets a 500.",
    causes: [
      {
        what: "A map with a regular expression overwrote the capture that proxy_pass uses.",
        rules: ["map-regex-clobbers-captures"],
        check: "Give the capture a name: (?<port>\\d+) and $port.",
      },
    ],
  },
  {
    id: "served-from-disk",
    title: '`open() "…" failed (2: No such file or directory)`',
    seen: ["error log"],
    signs: { texts: ['open() "…failed (2: no such file or directory)', "directory index of…is forbidden"] },
    explanation:
      "nginx looked for the path in a folder instead of asking a backend: another location answers than you mean, or this one has no proxy_pass. The client gets a 404, or a 403 for a folder.",
    causes: [
      {
        what: "Another location takes the request.",
        rules: ["shadowed-by-regex", "missing-in-tls-server"],
        check: "Regular expressions win over prefixes without ^~.",
      },
      {
        what: "The location has no proxy_pass of its own: a nested location does not inherit it.",
        rules: ["missing-proxy-pass", "nested-location-no-pass", "try-files-before-proxy"],
        check: "Repeat proxy_pass in the nested location.",
      },
    ],
  },
  {
    id: "redirection-cycle",
    title: "`rewrite or internal redirection cycle`",
    seen: ["error log"],
    signs: { texts: ["rewrite or internal redirection cycle"] },
    explanation:
      "nginx was sent round in a circle by try_files, rewrite or error_page and gave up with 500. The handshake never reached a backend.",
    causes: [
      {
        what: "try_files ends in a page that does not exist.",
        rules: ["try-files-before-proxy"],
        check: "Take the WebSocket's path out of the location with try_files.",
      },
    ],
  },
  {
    id: "variable-without-value",
    title: '`using uninitialized "connection_upgrade" variable`',
    seen: ["error log"],
    signs: { texts: ["using uninitialized…variable"] },
    explanation:
      "The variable is known, because a set somewhere else names it, and has no value here. nginx does not send a header that is empty, so the backend gets none. The line is of the level warn, which an error log without a level leaves out.",
    causes: [
      {
        what: "The set that gives the value stands in another server or location.",
        rules: ["variable-set-elsewhere"],
        check: "Define it with a map in http, which holds everywhere.",
      },
    ],
  },
  {
    id: "client-tls-failed",
    title: "`SSL_do_handshake() failed … while SSL handshaking, client: …`",
    seen: ["error log"],
    signs: { texts: ["ssl_do_handshake() failed…while ssl handshaking, client:"] },
    explanation:
      "TLS between the client and nginx could not be made, so there was no handshake of a WebSocket yet. Single lines are scanners and old programs, and mean nothing. If your own client makes them, it does not accept the certificate or its version of TLS is not allowed.",
    causes: [
      {
        what: "The client does not accept the certificate, or is too old for ssl_protocols.",
        rules: [],
        check: "Open https:// with the same host and port in a browser, or try curl -v: it says what is wrong.",
      },
    ],
  },
];
