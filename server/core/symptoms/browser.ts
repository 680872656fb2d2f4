import type { Symptom } from "./symptom.ts";

/** What the console of a browser says, besides a status. */
export const browser: readonly Symptom[] = [
  {
    id: "closed-without-answer",
    title: "`Connection closed before receiving a handshake response`",
    seen: ["browser console", "access log"],
    signs: {
      texts: [
        "connection closed before receiving a handshake response",
        "connection upgrade in subrequest",
        "err_empty_response",
        "socket hang up",
      ],
      statuses: [0, 444],
    },
    explanation:
      "The server closed the connection without a single byte. nginx does that for return 444, when a subrequest answers with 101 (“connection upgrade in subrequest” in the error log, level error; status 000 in the access log), and when it has no connection left to accept with.",
    causes: [
      {
        what: "The target of auth_request or mirror gets the upgrade headers and answers with 101.",
        rules: ["auth-request-inherits-upgrade", "mirror-inherits-upgrade"],
        check: 'Set Upgrade and Connection to "" in that location, and repeat the other headers there.',
      },
      {
        what: "A default server or a rule closes unknown requests with 444.",
        rules: ["return-before-proxy", "unreachable-location"],
        check: "Check that the server_name fits the host that the browser asks for.",
      },
      {
        what: "nginx has no connections left; each WebSocket takes two.",
        rules: ["worker-connections", "rlimit-nofile"],
        check: "The error log has an alert: worker_connections are not enough.",
      },
    ],
  },
  {
    id: "response-header-missing",
    title: "`'Upgrade' header is missing` or `'Sec-WebSocket-Accept' header is missing`",
    seen: ["browser console"],
    signs: { texts: ["'upgrade' header is missing", "'sec-websocket-accept' header is missing"] },
    explanation:
      "The answer is a 101, but a header that belongs to it was removed on the way. The logs look healthy, with status 101.",
    causes: [
      {
        what: "proxy_hide_header removes it.",
        rules: ["response-header-hidden"],
        check: "proxy_hide_header is inherited; proxy_pass_header Upgrade; in the location undoes it.",
      },
      {
        what: "The backend is no real WebSocket server.",
        rules: ["sec-websocket-stripped"],
        check: "Send the handshake to it without nginx and look at the answer.",
      },
    ],
  },
  {
    id: "response-header-twice",
    title: "`'Upgrade' header must not appear more than once`",
    seen: ["browser console"],
    signs: { texts: ["header must not appear more than once"] },
    explanation:
      "The answer is a 101 and carries the header twice. nginx passes the one of the backend on; an add_header with always adds another.",
    causes: [
      {
        what: "add_header repeats what the backend already sends.",
        rules: ["add-header-upgrade"],
        check: "Delete the add_header; headers to the backend are set with proxy_set_header.",
      },
    ],
  },
  {
    id: "subprotocol-not-answered",
    title: "`Sent non-empty 'Sec-WebSocket-Protocol' header but no response was received`",
    seen: ["browser console"],
    signs: { texts: ["'sec-websocket-protocol' header but no response was received"] },
    explanation:
      "The client asked for a subprotocol, such as mqtt or graphql-ws, and the 101 does not name one. Chromium then ends the connection.",
    causes: [
      {
        what: "nginx removes the header, on the way there or back.",
        rules: ["response-header-hidden", "sec-websocket-stripped"],
        check: "The header passes by itself in both directions; remove what hides or clears it.",
      },
      {
        what: "The server does not know the subprotocol.",
        rules: [],
        check: "Compare the second argument of new WebSocket(…) with what the server offers.",
      },
    ],
  },
  {
    id: "csp-blocks",
    title: '`violates the following Content Security Policy directive: "connect-src …"`',
    seen: ["browser console"],
    signs: {
      texts: [
        "content security policy…connect-src",
        "connect-src…content security policy",
        "content security policy…default-src",
      ],
    },
    explanation:
      "The page forbids itself to connect there. The policy comes from a Content-Security-Policy header of nginx or of the application. https: in connect-src does not allow wss:, and 'self' allows the same host and port only.",
    causes: [
      {
        what: "The policy does not name the WebSocket's address.",
        rules: ["csp-blocks-websocket"],
        check: "Add wss:// and the host to connect-src.",
      },
    ],
  },
  {
    id: "closed-by-page",
    title: "`WebSocket is closed before the connection is established`",
    seen: ["browser console"],
    signs: { texts: ["websocket is closed before the connection is established"] },
    explanation:
      "The page called close() while the handshake was still running. In development that is often a component that is mounted twice. nginx is not part of it unless the handshake takes long.",
    causes: [
      {
        what: "The script closes the socket too early.",
        rules: [],
        check: "Look at who calls close(), and at how long the handshake takes in the network tab.",
      },
    ],
  },
  {
    id: "http2-protocol-error",
    title: "`ERR_HTTP2_PROTOCOL_ERROR` on ordinary requests",
    seen: ["browser console"],
    signs: { texts: ["http2_protocol_error", "nghttp2_protocol_error"] },
    explanation:
      "An answer over HTTP/2 carried a header that HTTP/2 forbids, such as Upgrade. Before 1.31.3 nginx passes an Upgrade header of the backend on into HTTP/2. WebSockets themselves work beside HTTP/2: browsers open an own HTTP/1.1 connection for them.",
    causes: [
      {
        what: "The backend sends an Upgrade header with ordinary answers.",
        rules: [],
        check: "Hide that header where no WebSocket is served, not in the WebSocket location.",
      },
    ],
  },
  {
    id: "session-unknown",
    title: "`Session ID unknown`, or `No Connection with that ID`",
    seen: ["browser console", "answer to the handshake"],
    signs: { texts: ["session id unknown", "no connection with that id"] },
    explanation:
      "socket.io, SockJS and SignalR begin with ordinary requests, and all of them have to reach the same backend. With several backends and round robin they do not. A raw WebSocket is one connection and needs no stickiness.",
    causes: [
      {
        what: "The requests of one client go to different backends.",
        rules: ["affinity-needed", "hash-volatile-key", "ip-hash-coarse"],
        check: "Use hash $remote_addr consistent; or ip_hash; or let the client use the WebSocket transport only.",
      },
      {
        what: "The query with the session is lost on the way.",
        rules: ["variable-uri", "path-stripped"],
        check: "A variable in proxy_pass together with a path drops the query.",
      },
      {
        what: "The backend restarted and forgot its sessions.",
        rules: [],
        check: "Then it passes by itself once the clients have reconnected.",
      },
    ],
  },
  {
    id: "refused-without-detail",
    title: "The browser only says that the connection failed",
    seen: ["browser console"],
    signs: {
      texts: [
        "establish a connection to the server at ws",
        "was interrupted while the page was loading",
        "there was a bad response from the server",
        "can't establish a connection",
        "error during websocket handshake: unexpected response code",
        "unexpected server response",
        "websocket connection to…failed",
      ],
      isFallback: true,
    },
    explanation:
      "Firefox and Safari do not say which status the handshake got: “can’t establish a connection to the server at”, “was interrupted while the page was loading”, “There was a bad response from the server”. The network tab shows the status, and so does the access log of nginx.",
    causes: [
      {
        what: "The handshake was refused, most often because the headers do not reach the backend.",
        rules: [
          "missing-upgrade-headers",
          "headers-lost-by-inheritance",
          "connection-not-upgrade",
          "missing-connection-header",
          "http-version-1-0",
          "map-source-connection-exact",
        ],
        check: "Find the status in the network tab, filter WS, and explain that.",
      },
      {
        what: "An open connection was cut, or the page was left.",
        rules: ["read-timeout-default", "read-timeout-short"],
        check: "See whether it ends after a fixed quiet time.",
      },
    ],
  },
];
