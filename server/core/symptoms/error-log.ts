import type { Symptom } from "./symptom.ts";

/** Lines of the error log about requests, besides those about established connections. */
export const errorLog: readonly Symptom[] = [
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
      texts: [
        "upstream prematurely closed connection while reading response header",
        "recv() failed (104…while reading response header",
      ],
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
    signs: { texts: ["limiting connections by zone", "limiting requests, excess"] },
    explanation:
      "A limit of nginx refused the handshake with 503, or the status of limit_conn_status and limit_req_status. In limit_conn a WebSocket holds its place for as long as it lives; limit_req counts handshakes only.",
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
    signs: { texts: ["too many open files"] },
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
    signs: { texts: ["ssl_do_handshake() failed…to upstream", "peer closed connection in ssl handshake…to upstream"] },
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
    id: "invalid-port",
    title: "`invalid port in upstream`",
    seen: ["error log", "nginx -t"],
    signs: { texts: ["invalid port in upstream"] },
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
    signs: { texts: ['open() "…failed (2: no such file or directory), client:', "directory index of…is forbidden"] },
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
        rules: ["nested-location-no-pass", "try-files-before-proxy"],
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
];
