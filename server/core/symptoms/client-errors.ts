import {
  answeredHere,
  applicationRefuses,
  errorPage,
  headersMissing,
  headersWrong,
  oldVersion,
  originCheck,
  pathChanged,
  queryLost,
  storedAnswer,
  wrongHandler,
  wrongLocation,
} from "./causes.ts";
import type { Symptom } from "./symptom.ts";

/** HTTP statuses from 400 to 499 where a 101 should be, in the order of their numbers. */
export const clientErrors: readonly Symptom[] = [
  {
    id: "handshake-400",
    title: "The handshake is answered with `400`",
    seen: ["browser console", "answer to the handshake"],
    signs: { words: ["bad_request"], statuses: [400] },
    explanation:
      "Nearly always the backend sends this, because something in the handshake is not as it has to be. It is one of several answers to missing headers: others send 404, 405 or 426 for the same mistake. nginx sends 400 itself when the headers are too long, or when somebody speaks plain HTTP to a port with TLS.",
    causes: [
      headersMissing,
      headersWrong,
      oldVersion,
      {
        what: "Several backends without stickiness: socket.io says “Session ID unknown”.",
        rules: ["affinity-needed", "hash-volatile-key"],
        check: "Look at the body of the answer; a raw WebSocket needs no stickiness, polling before it does.",
      },
      {
        what: "A header arrives twice.",
        rules: ["duplicate-proxy-set-header"],
        check: "nginx sends every proxy_set_header of a level, also two of the same name.",
      },
      {
        what: "Plain requests of the same location are announced as upgrades.",
        rules: ["literal-upgrade-on-shared-location", "static-upgrade-header"],
        check: "If ordinary requests fail and WebSockets work, let a map decide about Connection.",
      },
      {
        what: "nginx speaks plain HTTP to a TLS port of the backend.",
        rules: ["tls-mismatch"],
        check: "The body then says “The plain HTTP request was sent to HTTPS port”.",
      },
      {
        what: "The key or the version of the handshake does not arrive.",
        rules: ["sec-websocket-stripped", "proxy-method-not-get"],
        check: "Sec-WebSocket-Key and Sec-WebSocket-Version pass by themselves unless somebody clears them.",
      },
      {
        what: "The cookies or the token are longer than the buffers of nginx.",
        rules: [],
        check: "The body says “Request Header Or Cookie Too Large”; see large_client_header_buffers.",
      },
      {
        what: "The browser speaks TLS to a port without it.",
        rules: ["listen-443-without-ssl"],
        check: "The access log then shows \\x16\\x03\\x01 where a request should be.",
      },
      { ...pathChanged, rules: [...pathChanged.rules, "rewrite-empties-uri"] },
      applicationRefuses,
    ],
  },
  {
    id: "handshake-401",
    title: "The handshake is answered with `401`",
    seen: ["browser console", "answer to the handshake"],
    signs: {
      words: ["unauthorized|unauthorised"],
      statuses: [401],
      texts: [
        "http authentication failed; no valid credentials available",
        "no user/password was provided for basic authentication",
      ],
    },
    explanation:
      "Somebody wants credentials. JavaScript cannot add an Authorization header to new WebSocket(…), so what is sent is a cookie, a query parameter or what the browser already knows for this host. Chromium words it “HTTP Authentication failed; no valid credentials available”.",
    causes: [
      {
        what: "auth_basic or auth_request guards the location.",
        rules: ["auth-redirects-handshake", "auth-request-inherits-upgrade"],
        check: "Find out who answers: nginx adds its own Server header and its own small page.",
      },
      queryLost,
      applicationRefuses,
    ],
  },
  {
    id: "handshake-403",
    title: "The handshake is answered with `403`",
    seen: ["browser console", "answer to the handshake"],
    signs: { words: ["forbidden"], statuses: [403], texts: ["access forbidden by rule"] },
    explanation:
      "Somebody does not allow it. Most often the backend compares the Origin header with Host and finds a difference, because nginx sent its own idea of Host. If nginx itself refuses, its error log says “access forbidden by rule” at the level error; a return 403 leaves no line there.",
    causes: [
      originCheck,
      {
        what: "nginx refuses: by method, by Referer, or by deny.",
        rules: ["method-or-referer-blocks"],
        check: "Browsers send no Referer with a handshake, and the method is always GET.",
      },
      queryLost,
      applicationRefuses,
    ],
  },
  {
    id: "handshake-404",
    title: "The handshake is answered with `404`",
    seen: ["browser console", "answer to the handshake"],
    signs: { words: ["not_found !host|file|module|command|name|package"], statuses: [404] },
    explanation:
      "Most WebSocket frameworks answer 404 to a request that does not ask for an upgrade, so the path may be right and the headers missing. It can also be the path, or another location that answers. If nginx looked for a file, its error log says “open() … failed (2: No such file or directory)”.",
    causes: [
      headersMissing,
      pathChanged,
      wrongLocation,
      headersWrong,
      { ...originCheck, what: "ActionCable answers 404 when Origin does not fit to Host and scheme." },
      {
        what: "The path in the client is not the one that the application serves.",
        rules: [],
        check: "Send the handshake to the backend without nginx.",
      },
      answeredHere,
      storedAnswer,
      errorPage,
      {
        what: "The backend serves several names and takes this request for another one.",
        rules: ["upstream-sni", "host-not-forwarded"],
        check: "Compare the name that it gets, in Host and in TLS, with the one it expects.",
      },
      {
        what: "A map with a regular expression overwrote the capture that makes the path.",
        rules: ["map-regex-clobbers-captures"],
        check: "The log of the backend shows another path than the browser asked for.",
      },
      {
        what: "Several backends without stickiness: SignalR and SockJS answer 404 to a session they do not know.",
        rules: ["affinity-needed", "hash-volatile-key"],
        check: "It concerns the requests before the WebSocket; a raw WebSocket needs no stickiness.",
      },
      wrongHandler,
    ],
  },
  {
    id: "handshake-405",
    title: "The handshake is answered with `405`",
    seen: ["browser console", "answer to the handshake"],
    signs: { words: ["method_not_allowed"], statuses: [405] },
    explanation:
      "The server does not allow this request here. Some servers (Jetty, websockify) say so to a request that does not ask for an upgrade; others because the request is no GET.",
    causes: [
      headersMissing,
      {
        what: "The request reaches the backend with another method.",
        rules: ["proxy-method-not-get"],
        check: "A handshake is a GET; proxy_method changes that.",
      },
      {
        what: "The tunnel module waits for CONNECT, which browsers do not send.",
        rules: ["tunnel-module-misuse"],
        check: "Use proxy_pass for WebSockets.",
      },
      {
        what: "nginx refuses by method or by Referer.",
        rules: ["method-or-referer-blocks"],
        check: "A handshake is always a GET, and browsers send no Referer with it.",
      },
    ],
  },
  {
    id: "handshake-413",
    title: "`413`, or “client intended to send too large body”",
    seen: ["answer to the handshake", "error log"],
    signs: {
      words: ["entity|body|request|content|upload too_large|too_big"],
      statuses: [413],
      texts: ["client intended to send too large body"],
    },
    explanation:
      "A handshake has no body, so this is an ordinary request: usually the polling that socket.io, SockJS or SignalR fall back to. The limit is client_max_body_size. It does not count WebSocket messages.",
    causes: [
      {
        what: "The client is not on a WebSocket but on its fallback, and posts more than 1 MB.",
        rules: [
          "missing-upgrade-headers",
          "headers-lost-by-inheritance",
          "connection-not-upgrade",
          "body-size-limits-polling",
        ],
        check: "First find out why the WebSocket does not open; then raise client_max_body_size for the fallback.",
      },
    ],
  },
  {
    id: "handshake-414",
    title: "`414`, or a request line or headers that are too long",
    seen: ["answer to the handshake", "error log"],
    signs: {
      statuses: [414, 494],
      texts: ["client sent too long uri", "client sent too long header line", "request header or cookie too large"],
    },
    explanation:
      "The address or one header is longer than one buffer of nginx, 8 KB by default. With WebSockets that is usually a token in the query or a heap of cookies. nginx answers 414 for the address and 400 for headers, and logs at the level info only, which the error log leaves out by default.",
    causes: [
      {
        what: "A long token stands in the query, or the cookies have grown.",
        rules: [],
        check:
          "Raise large_client_header_buffers in the default server of the port, or send the token in the first message.",
      },
    ],
  },
  {
    id: "handshake-418",
    title: "A `4xx` status that carries the headers of a 101, and then nothing",
    seen: ["browser console", "answer to the handshake"],
    signs: { statuses: [418] },
    explanation:
      "error_page without an equals sign keeps the first status, also when the page it leads to is a WebSocket. The backend believes that it is connected, the browser sees a refusal, and nothing moves.",
    causes: [
      {
        what: "error_page leads to a WebSocket location and keeps the old status.",
        rules: ["error-page-without-equals"],
        check: "Write error_page 418 = @websocket; with the equals sign.",
      },
    ],
  },
  {
    id: "handshake-426",
    title: "The handshake is answered with `426`",
    seen: ["browser console", "answer to the handshake"],
    signs: { words: ["upgrade_required"], statuses: [426] },
    explanation:
      "The backend is a WebSocket server and says that no upgrade was asked for: the Upgrade header did not reach it, or not as it has to be. The browser did send it, so it was lost on the way.",
    causes: [
      headersMissing,
      headersWrong,
      oldVersion,
      { ...storedAnswer, what: "The 426 is a stored answer to an ordinary request." },
      wrongLocation,
      {
        what: "A header of the handshake arrives twice, or its version or key does not arrive.",
        rules: ["duplicate-proxy-set-header", "sec-websocket-stripped"],
        check: "nginx sends every proxy_set_header of a level, also two of the same name.",
      },
    ],
  },
  {
    id: "closed-by-client-499",
    title: "`499` in the access log",
    seen: ["access log"],
    signs: { statuses: [499], texts: ["client prematurely closed connection"] },
    explanation:
      "The client gave up before the backend had answered the handshake. No one else ever sees this status: nginx writes it when there is nobody left to answer. The line in the error log is of the level info.",
    causes: [
      {
        what: "The backend needs longer for its answer than the client waits.",
        rules: [],
        check:
          "Compare the time in the access log with the patience of the client library, then measure the backend alone.",
      },
    ],
  },
];
