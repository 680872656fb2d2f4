/** The two headers that a tunnel needs. */
export const upgradeHeaders = "proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;";
const working = `server { location /ws { proxy_pass http://127.0.0.1:8080; proxy_http_version 1.1; ${upgradeHeaders} } }`;
const plain = "server { location /ws { proxy_pass http://127.0.0.1:8080; proxy_http_version 1.1; } }";
const http10 = `server { location /ws { proxy_pass http://127.0.0.1:8080; proxy_http_version 1.0; ${upgradeHeaders} } }`;
const short = working.replace("proxy_http_version", "proxy_read_timeout 1s; proxy_http_version");
const tls = `server { listen 443 ssl; ssl_certificate cert.pem; ssl_certificate_key key.pem;
  location /ws { proxy_pass https://127.0.0.1:8080; proxy_http_version 1.1; ${upgradeHeaders} } }`;
const redirect = `server { listen 80; return 301 https://$host$request_uri; }\n${tls}`;
const named = `server { return 404; }
  server { server_name app.example.com; location /ws { proxy_pass http://127.0.0.1:8080; proxy_http_version 1.1; ${upgradeHeaders} } }`;
const dead = "server { location /ws { proxy_pass http://127.0.0.1:8080; return 444; } }";
const spread = `upstream both { server 127.0.0.1:8080; server 127.0.0.1:8081; }
  server { location /ws { proxy_pass http://both; proxy_http_version 1.1; ${upgradeHeaders} } }`;
const dualStack = working.replace("server {", "server { listen 80 default_server; listen [::]:80 ipv6only=on;");
const unmapped = `location /ws { proxy_pass http://127.0.0.1:8080; proxy_http_version 1.1;
  proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade; }`;
const whole = `user nobody;\npid /run/nginx.pid;\nevents {}\nhttp { include mime.types; access_log /var/log/a.log;
  include /etc/nginx/conf.d/*.conf; ${working} }`;
const hidden = working.replace("proxy_http_version", "proxy_hide_header Sec-WebSocket-Accept; proxy_http_version");

/** What is stated · about which configuration · what the judge must say (nothing: it holds). */
export type JudgeCase = readonly [truths: string, configuration: string, disagreement: RegExp | undefined];

/** What is usual: statuses, what the backend receives, idle tunnels, and what `nginx -t` says. */
export const judgeCases: readonly JudgeCase[] = [
  ["handshake /ws 101", working, undefined],
  ["handshake /ws 101", plain, /line 1, "handshake \/ws 101": the answer was 426/],
  ["handshake /ws 426", plain, undefined],
  ["handshake /ws 426", working, /the answer was 101/],
  ["handshake /ws 400", http10, undefined],
  ["handshake /ws 101 ws", http10, undefined],
  ["handshake /ws 101", http10, /the answer was 400/],
  ["handshake /ws 101 lenient", plain, undefined],
  ["handshake /ws 426 lenient", plain, /the answer was 101/],
  ["handshake /ws 200 http", working, undefined],
  ["handshake /ws 101 http", working, /the answer was 200/],
  [
    "handshake /ws 101",
    hidden,
    /the answer was 101, but a browser refuses it: .Sec-WebSocket-Accept. header is missing/,
  ],
  ["handshake /ws 444", dead, undefined],
  ["handshake /ws 444", working, /the answer was 101/],
  ["handshake /ws 101", dead, /closed without an answer/],
  ["handshake /ws 101", tls, undefined],
  ["handshake /ws 400", tls, /the answer was 101/],
  ["handshake /ws 301", redirect, undefined],
  ["handshake https://app.example.com/ws 101", redirect, undefined],
  ["handshake https://app.example.com/ws 301", redirect, /the answer was 101/],
  ["handshake https://localhost/ws 101", working, /nothing in the fixture listens/],
  ["handshake /ws 404", named, undefined],
  ["handshake http://app.example.com/ws 101", named, undefined],
  ["handshake http://other.example.com/ws 101", named, /the answer was 404/],
  ["handshake /ws 101", dualStack, undefined],
  ["handshake http://localhost:81/ws 101", dualStack.replace("[::]:80", "[::]:81"), undefined],
  ["get /ws 426", working, undefined],
  ["get /ws 200", working, /the answer was 426/],
  ["get /ws 200 http", plain, undefined],
  ["get /ws 426 http", plain, /the answer was 200/],
  ["get / 404", working, undefined],
  ["receives /ws Upgrade: websocket", working, undefined],
  ["receives /ws Upgrade:", plain, undefined],
  ["receives /ws Upgrade:", working, /the backend received Upgrade: websocket/],
  ["receives /ws connection: upgrade", working, undefined],
  ["receives /ws Connection: close", working, /the backend received Connection: upgrade/],
  ["receives /ws Upgrade: websocket", plain, /the backend received no Upgrade/],
  ["receives /other Upgrade: websocket", working, /the backend received nothing/],
  ["receives /ws Host: 127.0.0.1:8080", working, undefined],
  ["receives /ws Host: both\n#: receives /ws Host: both", spread, undefined],
  ["receives /ws Host: 127.0.0.1:8081", working, /the backend received Host: 127\.0\.0\.1:8080/],
  ["receives-get /ws Connection: upgrade", working, undefined],
  ["receives-get /ws Connection:", working, /the backend received Connection: upgrade/],
  ["receives-get /ws Upgrade:", working, undefined],
  ["closes /ws 1", short, undefined],
  ["closes /ws 1", working, /still open after 2 s/],
  ["closes /ws 2.5", short, /closed after [01]\.\d s already/],
  ["closes /ws 1", plain, /there was no tunnel, the answer was 426/],
  ["stays /ws 1.5", working, undefined],
  ["stays /ws 1.5", short, /closed after 1\.\d s/],
  ["stays /ws 1", plain, /there was no tunnel/],
  ["nginx ok", working, undefined],
  ["nginx ok", "serverr {}", /nginx accepts it.*unknown directive "serverr" in inline\.conf:2/],
  ['nginx fails unknown directive "serverr"', "serverr {}", undefined],
  ["nginx fails in inline.conf:4", "\n\nserverr {}", undefined],
  ["nginx fails in inline.conf:3", "\n\nserverr {}", /fails with "in inline\.conf:3"/],
  ["nginx fails unknown directive", working, /but nginx .* accepts it/],
  ["nginx fails unknown directive\n#: get / 200", "serverr {}", /nothing can be asked of an nginx that does not start/],
  ["handshake /ws 101", "serverr {}", /the fixture says that nginx accepts it/],
  ["context server\n#: handshake /ws 101", "location /ws { return 204; }", /the answer was 204/],
  ["context server\n#: with map\n#: handshake /ws 101", unmapped, undefined],
  ['context server\n#: nginx fails unknown "connection_upgrade"', unmapped, undefined],
  ["context location\n#: get / 418", "return 418;", undefined],
  ["context location\n#: get / 200", "return 418;", /the answer was 418/],
  ["context main\n#: handshake /ws 101", whole, undefined],
  ["context main\n#: handshake /ws 426", whole, /the answer was 101/],
  ["nginx >= 1.0.0\n#: handshake /ws 426", working, /the answer was 101/],
  ["nginx < 999.0.0\n#: handshake /ws 426", working, /the answer was 101/],
  ["handshake /ws", working, /line 1: "#: handshake \/ws" is no truth/],
  ["handshake /ws 101 loud", working, /is no truth/],
  ["hanshake /ws 101", working, /is no truth/],
];
