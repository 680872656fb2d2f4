import { applicationRefuses, headersMissing, oldVersion, originCheck, pathChanged, wrongLocation } from "./causes.ts";
import type { Symptom } from "./symptom.ts";

/** How people say that something fails. */
const fails =
  "not|doesnt|dont|didnt|isnt|wont|cant|cannot|fail*|broken|breaks|never|no|stop*|only|but|except|refuse*|unable";
const works = "work|works|working|worked|connect|connects|connected|connecting|fine|ok|okay|open|opens";
const websocket = "websocket*|ws|wss|socket|sockets|socket.io|socketio|signalr";

/** How people describe what they see, without a status or a line of a log. */
export const ownWords: readonly Symptom[] = [
  {
    id: "works-without-nginx",
    title: "Works directly or locally, but not through nginx",
    seen: ["answer to the handshake"],
    signs: {
      words: [
        `${works} ${fails} local*|direct*|without|bypass*|development nginx|proxy|proxied|production|prod|server|domain|deployed`,
        `${works} ${fails} ${websocket} behind|through|via nginx|proxy`,
      ],
    },
    explanation:
      "Then the backend is well and something is lost on the way. nginx passes neither Upgrade nor Connection on unless it is told to, and sends its own idea of Host. The status in the network tab tells which it is: explain that number next.",
    causes: [
      headersMissing,
      originCheck,
      oldVersion,
      wrongLocation,
      pathChanged,
      {
        what: "Another limit or answer of nginx is in the way.",
        rules: ["return-before-proxy", "tls-mismatch", "variable-without-resolver", "pass-cannot-upgrade"],
        check: "Look at the status, and into the error log of nginx.",
      },
    ],
  },
  {
    id: "one-scheme-only",
    title: "Works with `ws://` and not with `wss://`, or the other way round",
    seen: ["browser console"],
    signs: {
      words: [
        `wss|https|ssl|tls ws|http|plain|unencrypted ${works} ${fails}`,
        `wss|https|ssl|tls|letsencrypt|certbot ${websocket} ${works} ${fails}`,
        `wss|https|ssl|tls|letsencrypt|certbot ${websocket} fail*|broken|breaks|stop*`,
      ],
    },
    explanation:
      "Two servers of nginx answer for the two schemes, and only one of them is set up for the WebSocket, or the one with TLS does not get as far as that. A page from https:// may not open ws:// at all. Browsers do not follow a redirect from one to the other.",
    causes: [
      {
        what: "The location stands in one server only, usually in that of port 80.",
        rules: ["missing-in-tls-server", "unreachable-location"],
        check: "Compare the locations of the server with listen 443 ssl with those of port 80.",
      },
      {
        what: "Port 443 does not speak TLS.",
        rules: ["listen-443-without-ssl", "ssl-certificate-missing"],
        check: "listen 443 alone is plain HTTP; write listen 443 ssl and name a certificate.",
      },
      {
        what: "The browser does not accept the certificate, for which a WebSocket shows no question.",
        rules: [],
        check: "Open https:// with the same host and port in a tab: the browser says what is wrong.",
      },
      {
        what: "Port 80 redirects to https, which no handshake follows.",
        rules: ["ws-redirected-to-https", "redirect-if-http"],
        check: "Name wss:// directly; a page from https:// has to.",
      },
      {
        what: "The backend compares the scheme or the port of Origin with what nginx tells it.",
        rules: ["forwarded-proto-missing", "host-not-forwarded", "host-port-lost"],
        check: "Forward Host and X-Forwarded-Proto in the server with TLS too.",
      },
      {
        ...headersMissing,
        what: "The server with TLS has the location and lacks the headers in it.",
      },
    ],
  },
  {
    id: "falls-back-to-polling",
    title: "Falls back to polling: `Failed to start the transport 'WebSockets'`",
    seen: ["browser console"],
    signs: {
      texts: ["failed to start the transport 'websockets'"],
      words: [
        "polling|longpolling fall*|fallback|works|working|only|stays|stuck|instead|keeps|never|uses|using|switch*",
        "fall*|fallback|downgrade* socket.io|socketio|signalr|sockjs|sse|blazor|websocket* !page",
      ],
    },
    explanation:
      "socket.io, SignalR and SockJS try the WebSocket, and stay on ordinary requests when its handshake fails. The page works, only slower. Stickiness is not the reason: without it the polling would fail as well.",
    causes: [
      headersMissing,
      {
        what: "The headers are there, but their values or the version do not make a handshake.",
        rules: ["map-values-wrong", "http-version-1-0", "upgrade-value-invalid", "header-name-typo"],
        check: "Look for the status of the one request with transport=websocket or of the type WS in the network tab.",
      },
      {
        what: "The location hands its requests to a module that cannot carry a WebSocket.",
        rules: ["pass-cannot-upgrade"],
        check: "Only proxy_pass, uwsgi_pass and scgi_pass can.",
      },
      {
        what: "The client or the server is set to polling only.",
        rules: [],
        check:
          "Look for transports in the settings of both; SignalR skips the WebSocket if the server does not offer it.",
      },
    ],
  },
  {
    id: "polling-fails",
    title: "`xhr poll error`",
    seen: ["browser console"],
    signs: { texts: ["xhr poll error", "xhr post error"], words: ["polling|poll error|errors|fails|failed|failing"] },
    explanation:
      "socket.io says that about its ordinary requests, which come before the WebSocket. So it is not about the upgrade: the path does not lead to the server, or the answer is an error. The network tab shows the status of the request to /socket.io/.",
    causes: [
      { ...pathChanged, rules: ["path-stripped", "variable-uri", "trailing-slash-redirect"] },
      wrongLocation,
      {
        what: "Several backends without stickiness: the body of a 400 says “Session ID unknown”.",
        rules: ["affinity-needed", "hash-volatile-key"],
        check: "Use hash $remote_addr consistent; or let the client use the WebSocket transport only.",
      },
      {
        what: "The backend does not run, or forbids the origin of the page (CORS).",
        rules: [],
        check: "A 502 is the first; the browser says the second in a line of its own.",
      },
    ],
  },
  {
    id: "kernel-connecting",
    title: "Jupyter: the kernel stays on “Connecting”",
    seen: ["browser console"],
    signs: {
      words: [
        "jupyter*|notebook|notebooks kernel|kernels|connect*|terminal|websocket*",
        "kernel|kernels connecting|connect|websocket*|disconnected",
      ],
    },
    explanation:
      "The page of Jupyter loads over HTTP, and its kernels and terminals need a WebSocket. That fails: the headers of the handshake do not arrive, or Jupyter refuses with 403, because it compares Origin with Host.",
    causes: [
      headersMissing,
      originCheck,
      oldVersion,
      {
        what: "Only the page is proxied, not /api/kernels and /terminals/websocket.",
        rules: ["shadowed-by-regex", "missing-proxy-pass", "nested-location-no-pass", "path-stripped"],
        check: "Look for the status of the request to /api/kernels/…/channels in the network tab.",
      },
    ],
  },
  {
    id: "events-late",
    title: "Events or messages arrive late, or many at once",
    seen: ["browser console"],
    signs: {
      words: [
        "event|events|sse|stream|streaming|eventsource|message|messages|chunks|tokens late|delay*|buffered|buffering|at_once|batch|batches|lag|laggy|bursts",
      ],
    },
    explanation:
      "nginx does not hold back what goes through a WebSocket. It does with answers of HTTP: server-sent events, which SignalR and SockJS fall back to, wait when gzip works on them or when the backend answers in HTTP/1.0. So find out first which of the two it is.",
    causes: [
      {
        what: "The client is on server-sent events, and nginx collects them.",
        rules: ["buffering-delays-events"],
        check:
          "Look for a request of the type eventsource in the network tab; proxy_buffering off; in its location lets events pass.",
      },
      {
        what: "The client fell back, because the WebSocket does not open.",
        rules: ["missing-upgrade-headers", "headers-lost-by-inheritance", "connection-not-upgrade", "http-version-1-0"],
        check: "Look for the status of the handshake in the network tab, filter WS.",
      },
      {
        what: "The application itself sends late.",
        rules: [],
        check: "Try the same without nginx.",
      },
    ],
  },
  {
    id: "closes-on-reload",
    title: "Closes when nginx is reloaded, or when something is deployed",
    seen: ["end of the connection"],
    signs: {
      words: [
        "reload*|deploy*|redeploy*|restart*|renew*|renewal|certbot|rollout clos*|disconnect*|drop*|lost|lose|loses|die|dies|died|cut|cuts|end|ends|kick*|reconnect*|kill* !page|tab|browser|f5",
      ],
    },
    explanation:
      "After a reload the old workers of nginx go on with their open tunnels, until worker_shutdown_timeout ends them, or for ever without it. A restart of nginx or of the backend ends all of them at once. The browser reports 1006, and the error log has no line at its default level.",
    causes: [
      {
        what: "nginx was reloaded and worker_shutdown_timeout ended the tunnels of the old workers.",
        rules: ["reload-drops-or-pins"],
        check: "Let clients reconnect with a delay of their own, or raise worker_shutdown_timeout.",
      },
      {
        what: "nginx or the backend was restarted, not reloaded.",
        rules: [],
        check: "Use nginx -s reload instead of a restart; the backend can tell its clients with 1001 before it ends.",
      },
      {
        what: "Clients reconnect all at once, and a limit refuses some.",
        rules: ["limit-req", "worker-connections", "least-conn-suggestion"],
        check: "Look for 503 or 500 in the access log just after it.",
      },
    ],
  },
  {
    id: "cannot-connect",
    title: "The WebSocket does not open, and there is no status yet",
    seen: ["browser console", "answer to the handshake"],
    signs: {
      texts: ["websocket: bad handshake", "websocket error", "bad handshake"],
      words: [
        "websocket*|wss|handshake pending|hangs|hanging|stuck|forever",
        `websocket*|wss|ws|socket.io|socketio|signalr|handshake|upgrade ${fails} work|works|working|connect|connects|connecting|open|opens|establish*|error|errors|succeed*|fails|failed|failing`,
      ],
      isFallback: true,
    },
    explanation:
      "That is how libraries, and people, say that the handshake was refused, without the reason. The status is the reason: it stands in the network tab, filter WS, and in the access log of nginx. Explain that number next.",
    causes: [headersMissing, originCheck, oldVersion, wrongLocation, pathChanged, applicationRefuses],
  },
];
