import type { JudgeCase } from "./judge-cases.ts";

const headers = "proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;";

/** One location that passes to one backend, with more directives in it. */
function proxied(more = "", pass = "http://127.0.0.1:8080", location = "/ws"): string {
  return `server { location ${location} { proxy_pass ${pass}; proxy_http_version 1.1; ${headers} ${more} } }`;
}

/** The same in front of two backends. */
function balanced(method: string, location = "/ws"): string {
  return `upstream both { ${method} server 127.0.0.1:8080; server 127.0.0.1:8081; } ${proxied("", "http://both", location)}`;
}

const working = proxied();
const moving = working.replace(
  "{",
  "{ location = /old { return 301 /ws; } location = /x { return 301 $scheme://$host:81/; }",
);
const stripped = proxied("", "http://127.0.0.1:8080/", "/app/");
const limited = `limit_conn_zone $binary_remote_addr zone=a:1m; ${proxied("limit_conn a 2;")}`;
const plainHeaders = headers.replace("Connection upgrade", 'Connection ""');
const keepalive = balanced("", "/ws").replace("8081;", "8081; keepalive 8;").replace(headers, plainHeaders);
const oneKept = keepalive.replace("server 127.0.0.1:8081;", "");
const events = "server { location /e { proxy_pass http://127.0.0.1:8080; proxy_http_version 1.1; } }";
const heldByHttp10 = events.replace("1.1", "1.0");
const heldByGzip = events.replace("1.1;", "1.1; gzip on; gzip_types text/event-stream; gzip_min_length 0;");
const unbuffered = heldByGzip.replace("gzip on;", "gzip on; gzip_proxied any; proxy_buffering off;");
const overTls = events.replace("{", "{ listen 443 ssl; ssl_certificate cert.pem; ssl_certificate_key key.pem;");
const polling = (method: string): string => balanced(method, "/socket.io/");
const pollingOnly = polling("ip_hash;").replace("Connection upgrade", "Connection close");
const sockjs = (method: string): string => balanced(method, "/echo");
const tls = (method: string): string =>
  polling(method).replace(
    "server {",
    "server { listen 443 ssl; ssl_certificate cert.pem; ssl_certificate_key key.pem;",
  );
const doubled = proxied("add_header Upgrade websocket always;");

/** Every kind of truth that speaks of more than a status: where it holds, and where it does not. */
export const clientCases: readonly JudgeCase[] = [
  ["upgrade h2c /ws 400", working, undefined],
  ["upgrade h2c /ws 426", working, /"upgrade h2c \/ws 426": the answer was 400/],
  ["upgrade websocket /ws 101", working, undefined],
  ["post /ws 2000 413 fallback", proxied("client_max_body_size 1k;"), undefined],
  ["post /ws 2000 200 fallback", proxied("client_max_body_size 1k;"), /the answer was 413/],
  ["post /ws 2000000 413", working, undefined],
  ["post /ws 20 426", working, undefined],
  ["answers /ws Upgrade: websocket", working, undefined],
  ["answers /ws Upgrade: websocket, websocket", doubled, undefined],
  ["answers /ws Upgrade: websocket", doubled, /the client got Upgrade: websocket, websocket/],
  ["answers /ws X-None:", working, undefined],
  ["answers /ws X-None: 1", working, /the client got no X-None/],
  ["answers-get /old Location: http://localhost/ws", moving, undefined],
  ["answers-get /x Location: http://localhost:81/", moving, undefined],
  ["answers-get /old Location: /ws", moving, /the client got Location: http:\/\/localhost\/ws/],
  ["answers-get /ws Upgrade:", working, undefined],
  ["refused /ws 'Upgrade' header is missing", proxied("proxy_hide_header Upgrade;"), undefined],
  ["refused /ws 'Upgrade' header must not appear more than once", doubled, undefined],
  ["refused /ws 'Upgrade' header is missing", doubled, /a browser says: 'Upgrade' header must not appear more/],
  [
    "refused /ws 'Sec-WebSocket-Accept' header is missing",
    proxied("proxy_hide_header Sec-WebSocket-Accept;"),
    undefined,
  ],
  [
    "refused /ws Incorrect 'Sec-WebSocket-Accept' header value",
    proxied("proxy_set_header Sec-WebSocket-Key AAAAAAAAAAAAAAAAAAAAAA==;"),
    undefined,
  ],
  [
    "refused /ws Sent non-empty 'Sec-WebSocket-Protocol' header but no response was received",
    proxied('proxy_set_header Sec-WebSocket-Protocol "";'),
    undefined,
  ],
  ["refused /ws Sent non-empty 'Sec-WebSocket-Protocol' header", working, /a browser accepts the 101/],
  ["refused /ws 'Upgrade' header is missing", proxied("return 204;"), /the answer was 204/],
  ["subprotocol /ws mqtt", working, undefined],
  ["subprotocol /ws mqtt", proxied('proxy_set_header Sec-WebSocket-Protocol "";'), /no response was received/],
  ["subprotocol /ws mqtt", proxied("proxy_set_header Sec-WebSocket-Protocol wamp;"), /does not match any/],
  ["receives-line /app/ws?a=1 GET /ws?a=1 HTTP/1.1", stripped, undefined],
  ["receives-line /app/ws GET /app/ws HTTP/1.1", stripped, /the backend received GET \/ws HTTP\/1\.1/],
  ["receives-line /other GET /other HTTP/1.1", stripped, /the backend received nothing/],
  ["connections /ws 4 4", working, undefined],
  ["connections /ws 4 1\n#: connections /ws 4 1", oneKept, undefined],
  ["connections /ws 4 2\n#: connections /ws 4 2", keepalive, undefined],
  ["connections /ws 4 1", working, /4 requests opened 4 connections/],
  ["connections /ws 4 4", oneKept, /4 requests opened 1 connections/],
  ["spread /ws 4 2", balanced(""), undefined],
  ["spread /ws 9 1 ws", balanced("ip_hash;"), undefined],
  ["spread /ws 9 2", balanced("ip_hash;"), /1 backends were reached/],
  ["spread /ws 9 2", balanced("hash $remote_addr;"), undefined],
  ["spread-same /ws 4 1", balanced("hash $remote_addr;"), undefined],
  ["spread-same /ws 4 1", balanced(""), /2 backends were reached/],
  ["tunnels /ws 2 503", limited, undefined],
  ["tunnels /ws 3 503", limited, /there was no tunnel 3, the answer was 503/],
  ["tunnels /ws 2 444", limited.replace("a 2;", "a 2; limit_conn_status 444;"), undefined],
  ["tunnels /ws 2 101", working, undefined],
  ["tunnels /ws 2 503", working, /the answer was 101/],
  ["events /e prompt", events, undefined],
  ["events /e held", events, /the events arrived one by one/],
  ["events /e held", heldByHttp10, undefined],
  ["events /e prompt", heldByHttp10, /the events arrived only at the end/],
  ["events /e held", heldByGzip, undefined],
  ["events /e prompt", unbuffered, undefined],
  ["events https://localhost/e held", overTls, undefined],
  ["events /e prompt", overTls.replace("1.1;", "1.1; proxy_buffering off;"), undefined],
  ["events /none prompt", events, /there was no event stream, the answer was 404/],
  ["socketio /socket.io/ connects", polling("ip_hash;"), undefined],
  ["socketio /socket.io/ connects", pollingOnly, undefined],
  ["socketio /socket.io/ connects", polling(""), /client \d of 6 failed/],
  ["socketio /socket.io/ fails", polling(""), undefined],
  ["socketio /socket.io/ fails", polling("ip_hash;"), /all of 6 clients connected/],
  ["socketio https://localhost/socket.io/ connects", tls("ip_hash;"), undefined],
  ["socketio-ws /socket.io/ connects", polling(""), undefined],
  ["socketio-ws /socket.io/ fails", pollingOnly, undefined],
  ["socketio-ws /socket.io/ connects", pollingOnly, /client 1 of 6 failed/],
  ["socketio /app/socket.io/ fails", polling("ip_hash;").replace("/socket.io/", "/app/"), undefined],
  ["sockjs /echo connects", sockjs(""), undefined],
  ["sockjs /echo fails", sockjs("").replace("Connection upgrade", "Connection close"), undefined],
  ["sockjs /echo connects", sockjs("").replace("/echo", "/other"), /the answer to \/info was 404/],
  ["sockjs-polling /echo connects", sockjs("ip_hash;"), undefined],
  ["sockjs-polling /echo fails", sockjs(""), undefined],
  ["sockjs-polling /echo connects", sockjs(""), /client 1 of 6 failed/],
  ["sockjs-polling /echo fails", sockjs("ip_hash;"), /all of 6 clients connected/],
  ["logs error prematurely closed\n#: handshake /ws 502 reset", working, undefined],
  ["logs error prematurely closed\n#: handshake /ws 101", working, /nginx logged nothing at this level/],
  ['logs error upstream: "http://127.0.0.1:8080/ws"\n#: get /ws 502 reset', working, undefined],
  ["logs info upstream timed out\n#: closes /ws 1", proxied("proxy_read_timeout 1s;"), undefined],
  ['warns conflicting server name "a"', "server { server_name a; }\nserver { server_name a; }", undefined],
  ["warns conflicting server name", working, /nginx -t warns of nothing/],
  ["spread /ws", working, /is no truth/],
  ["events /ws late", working, /is no truth/],
  ["upgrade /ws 101", working, /is no truth/],
  ["logs loud text", working, /is no truth/],
];
