import type { Symptom } from "./symptom.ts";

/** What is seen when the connection to nginx itself fails, so that no handshake is read. */
export const connection: readonly Symptom[] = [
  {
    id: "tls-to-plain-port",
    title: "`ERR_SSL_PROTOCOL_ERROR`, or `\\x16\\x03\\x01` in the access log",
    seen: ["browser console", "access log", "error log"],
    signs: {
      texts: [
        "err_ssl_protocol_error",
        "\\x16\\x03\\x01",
        "wrong version number",
        "ssl_error_rx_record_too_long",
        "client sent invalid method while reading client request line",
      ],
    },
    explanation:
      "The client speaks TLS (wss://) to a port that speaks plain HTTP. nginx reads the first bytes of TLS as a request, answers 400 and writes them to the access log as \\x16\\x03\\x01.",
    causes: [
      {
        what: "The listen directive lacks ssl.",
        rules: ["listen-443-without-ssl"],
        check: "listen 443 alone is plain HTTP; write listen 443 ssl and name a certificate.",
      },
      {
        what: "The client uses the wrong port.",
        rules: [],
        check: "Compare the port in new WebSocket(…) with the listen directives.",
      },
    ],
  },
  {
    id: "plain-to-tls-port",
    title: "`The plain HTTP request was sent to HTTPS port`",
    seen: ["answer to the handshake", "error log"],
    signs: { texts: ["plain http request was sent to https port", "client sent plain http request to https port"] },
    explanation:
      "Somebody speaks plain HTTP to a port with TLS and gets a 400. It is the browser if it uses ws:// with that port; it is nginx if proxy_pass says http:// and the backend wants TLS. The line in the error log of the receiving nginx is of the level info.",
    causes: [
      {
        what: "proxy_pass says http:// for a backend with TLS.",
        rules: ["tls-mismatch"],
        check: "Write https:// in proxy_pass.",
      },
      {
        what: "The client uses ws:// where it has to be wss://.",
        rules: [],
        check: "Look at the address in new WebSocket(…).",
      },
    ],
  },
  {
    id: "mixed-content",
    title: "`SecurityError`: an insecure WebSocket from an https page",
    seen: ["browser console"],
    signs: {
      words: ["mixed_content"],
      texts: [
        "securityerror",
        "insecure websocket connection may not be initiated from a page loaded over https",
        "attempted to connect to the insecure websocket endpoint",
        "mixed content…ws://",
      ],
    },
    explanation:
      "A page from https:// may not open ws://. The browser refuses before anything is sent, so nginx never sees it.",
    causes: [
      {
        what: "The client asks for ws:// instead of wss://.",
        rules: ["missing-in-tls-server"],
        check: "Derive the scheme from location.protocol, and serve the path on the TLS server too.",
      },
      {
        what: "The page came over http, and this address redirects to https.",
        rules: ["ws-redirected-to-https"],
        check: "Browsers do not follow redirects of a handshake: name wss:// directly.",
      },
    ],
  },
  {
    id: "connection-refused",
    title: "`net::ERR_CONNECTION_REFUSED`",
    seen: ["browser console"],
    signs: { texts: ["err_connection_refused", "econnrefused"] },
    explanation:
      "Nobody listens on the port that the browser asks for, so nginx was not reached. This is about the browser's connection, not about the backend.",
    causes: [
      {
        what: "nginx does not run, or listens on another port or address.",
        rules: ["syntax-error", "ssl-certificate-missing"],
        check: "Run nginx -t, then look at ss -ltn on the server.",
      },
    ],
  },
  {
    id: "certificate-refused",
    title: "`net::ERR_CERT_…`",
    seen: ["browser console"],
    signs: { texts: ["net::err_cert_"] },
    explanation:
      "The browser does not accept the certificate of nginx. For a WebSocket there is no page on which to accept it anyway, so the connection just fails.",
    causes: [
      {
        what: "The certificate is self-signed, expired or for another name.",
        rules: [],
        check: "Open https:// with the same host and port in a tab: the browser says what is wrong.",
      },
    ],
  },
  {
    id: "not-http-1",
    title: "`Received HTTP/0.9 when not allowed`, or `invalid connection preface` in the error log",
    seen: ["error log", "answer to the handshake"],
    signs: { texts: ["received http/0.9 when not allowed", "invalid connection preface"] },
    explanation:
      "The port answers in HTTP/2 and nothing else, so neither pages nor WebSockets open there. Before 1.25.1 nginx does that where http2 stands on a listen without ssl. The line in the error log has the level info, and the access log has none.",
    causes: [
      {
        what: "A listen has http2 and no ssl.",
        rules: ["cleartext-http2-listener"],
        check: "Take http2 off that listen, or give the gRPC clients a port of their own.",
      },
    ],
  },
  {
    id: "connection-reset",
    title: "`net::ERR_CONNECTION_RESET`",
    seen: ["browser console"],
    signs: { texts: ["err_connection_reset", "econnreset"] },
    explanation:
      "Somebody on the way cut the connection before there was an answer: nginx, or something before it. nginx answers a handshake that it refuses with a status; it cuts only where it has no connection left, or where a configuration tells it to. If the access log of nginx has no line for the request, it never got there.",
    causes: [
      {
        what: "nginx has no connections or files left; each WebSocket takes two.",
        rules: ["worker-connections", "rlimit-nofile"],
        check: "The error log has an alert: worker_connections are not enough, or Too many open files.",
      },
      {
        what: "A server or location closes with return 444.",
        rules: ["return-before-proxy", "unreachable-location"],
        check:
          "The access log then has the status 444; check that the server_name fits the host that the browser asks for.",
      },
      {
        what: "A firewall, a virus scanner or another proxy cut it.",
        rules: [],
        check: "Try from another network, and on the server itself with curl.",
      },
    ],
  },
];
