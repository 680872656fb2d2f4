/** Lines that nginx 1.22.1 wrote, each with the symptom it shows. */
export const loggedLines: readonly (readonly [symptom: string, line: string])[] = [
  [
    "upgraded-timed-out",
    '2026/11/25 07:14:24 [info] 9023#9023: *2 upstream timed out (110: Connection timed out) while proxying upgraded connection, client: 127.0.0.1, server: shop.example.com, request: "GET /ws HTTP/1.1", upstream: "http://127.0.0.1:28200/ws", host: "shop.example.com"',
  ],
  ["closes-after-a-time", '127.0.0.1 - - [25/Nov/2026:07:14:24 +0000] "GET /ws HTTP/1.1" 101 0 "-" "-" 1.001'],
  [
    "handshake-504",
    '2026/11/25 07:14:26 [error] 9024#9024: *2 upstream timed out (110: Connection timed out) while reading response header from upstream, client: 127.0.0.1, server: shop.example.com, request: "GET /slow HTTP/1.1", upstream: "http://127.0.0.1:28200/slow", host: "shop.example.com"',
  ],
  [
    "backend-closed-early",
    '2026/11/25 07:14:26 [error] 9025#9025: *2 upstream prematurely closed connection while reading response header from upstream, client: 127.0.0.1, server: shop.example.com, request: "GET /prem HTTP/1.1", upstream: "http://127.0.0.1:28200/prem", host: "shop.example.com"',
  ],
  [
    "backend-reset",
    '2026/11/25 07:14:28 [error] 9047#9047: *2 recv() failed (104: Connection reset by peer) while proxying upgraded connection, client: 127.0.0.1, server: shop.example.com, request: "GET /reset HTTP/1.1", upstream: "http://127.0.0.1:28200/reset", host: "shop.example.com"',
  ],
  [
    "client-reset",
    '2026/11/25 07:15:18 [info] 9107#9107: *2 recv() failed (104: Connection reset by peer) while proxying upgraded connection, client: 127.0.0.1, server: shop.example.com, request: "GET /ws HTTP/1.1", upstream: "http://127.0.0.1:28200/ws", host: "a"',
  ],
  [
    "client-timed-out",
    '2026/11/25 07:14:30 [info] 9049#9049: *2 client timed out (110: Connection timed out) while proxying upgraded connection, client: 127.0.0.1, server: shop.example.com, request: "GET /flood HTTP/1.1", upstream: "http://127.0.0.1:28200/flood", host: "shop.example.com"',
  ],
  [
    "backend-header-too-big",
    '2026/11/25 07:14:33 [error] 9050#9050: *2 upstream sent too big header while reading response header from upstream, client: 127.0.0.1, server: shop.example.com, request: "GET /big HTTP/1.1", upstream: "http://127.0.0.1:28200/big", host: "shop.example.com"',
  ],
  [
    "backend-not-http",
    '2026/11/25 07:14:35 [error] 9051#9051: *2 upstream sent no valid HTTP/1.0 header while reading response header from upstream, client: 127.0.0.1, server: shop.example.com, request: "GET /junk HTTP/1.1", upstream: "http://127.0.0.1:28200/junk", host: "shop.example.com"',
  ],
  [
    "backend-refused",
    '2026/11/25 07:14:36 [error] 9052#9052: *2 connect() failed (111: Connection refused) while connecting to upstream, client: 127.0.0.1, server: shop.example.com, request: "GET /ws HTTP/1.1", upstream: "http://127.0.0.1:28999/ws", host: "shop.example.com"',
  ],
  [
    "no-live-upstreams",
    '2026/11/25 07:15:51 [error] 9651#9651: *5 no live upstreams while connecting to upstream, client: 127.0.0.1, server: shop.example.com, request: "GET /ws HTTP/1.1", upstream: "http://u/ws", host: "shop.example.com"',
  ],
  [
    "ws-scheme-in-variable",
    '2026/11/25 07:14:41 [error] 9054#9054: *2 invalid URL prefix in "ws://127.0.0.1:28200", client: 127.0.0.1, server: shop.example.com, request: "GET /ws HTTP/1.1", host: "shop.example.com"',
  ],
  [
    "no-resolver",
    '2026/11/25 07:14:41 [error] 9055#9055: *2 no resolver defined to resolve chat.internal, client: 127.0.0.1, server: shop.example.com, request: "GET /ws HTTP/1.1", host: "shop.example.com"',
  ],
  [
    "empty-rewrite",
    '2026/11/25 07:14:47 [error] 9057#9057: *2 the rewritten URI has a zero length, client: 127.0.0.1, server: shop.example.com, request: "GET /ws HTTP/1.1", host: "shop.example.com"',
  ],
  [
    "limit-reached",
    '2026/11/25 07:14:48 [error] 9058#9058: *4 limiting connections by zone "ws", client: 127.0.0.1, server: shop.example.com, request: "GET /ws HTTP/1.1", host: "shop.example.com"',
  ],
  [
    "limit-reached",
    '2026/11/25 07:14:50 [error] 9059#9059: *4 limiting requests, excess: 0.996 by zone "ws", client: 127.0.0.1, server: shop.example.com, request: "GET /ws HTTP/1.1", host: "shop.example.com"',
  ],
  [
    "auth-request-failed",
    '2026/11/25 07:14:50 [error] 9060#9060: *2 auth request unexpected status: 400 while sending to client, client: 127.0.0.1, server: shop.example.com, request: "GET /ws HTTP/1.1", host: "shop.example.com"',
  ],
  [
    "closed-without-answer",
    '2026/11/25 07:15:53 [error] 9652#9652: *2 connection upgrade in subrequest while reading response header from upstream, client: 127.0.0.1, server: shop.example.com, request: "GET /ws HTTP/1.1", subrequest: "/gate", upstream: "http://127.0.0.1:28200/gate", host: "shop.example.com"',
  ],
  ["closed-without-answer", '127.0.0.1 - - [25/Nov/2026:07:15:53 +0000] "GET /ws HTTP/1.1" 000 0 "-" "-" 0.004'],
  [
    "backend-tls-failed",
    '2026/11/25 07:14:51 [error] 9083#9083: *2 SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number) while SSL handshaking to upstream, client: 127.0.0.1, server: shop.example.com, request: "GET /ws HTTP/1.1", upstream: "https://127.0.0.1:28200/ws", host: "shop.example.com"',
  ],
  [
    "backend-tls-failed",
    '2026/11/25 07:14:56 [crit] 9086#9086: *2 SSL_do_handshake() failed (SSL: error:0A000458:SSL routines::tlsv1 unrecognized name:SSL alert number 112) while SSL handshaking to upstream, client: 127.0.0.1, server: shop.example.com, request: "GET /ws HTTP/1.1", upstream: "https://127.0.0.1:28101/ws", host: "shop.example.com"',
  ],
  [
    "backend-certificate",
    '2026/11/25 07:14:52 [error] 9084#9084: *2 upstream SSL certificate does not match "other.example.com" while SSL handshaking to upstream, client: 127.0.0.1, server: shop.example.com, request: "GET /ws HTTP/1.1", upstream: "https://127.0.0.1:28101/ws", host: "shop.example.com"',
  ],
  [
    "backend-certificate",
    '2026/11/25 07:14:54 [error] 9085#9085: *2 upstream SSL certificate verify error: (18:self-signed certificate) while SSL handshaking to upstream, client: 127.0.0.1, server: shop.example.com, request: "GET /ws HTTP/1.1", upstream: "https://127.0.0.1:28101/ws", host: "shop.example.com"',
  ],
  [
    "plain-to-tls-port",
    '2026/11/25 07:14:57 [info] 9087#9087: *4 client sent plain HTTP request to HTTPS port while reading client request headers, client: 127.0.0.1, server: , request: "GET /ws HTTP/1.1", host: "127.0.0.1:28101"',
  ],
  [
    "tls-to-plain-port",
    '127.0.0.1 - - [25/Nov/2026:07:14:59 +0000] "\\x16\\x03\\x01\\x01X\\x01\\x00\\x01T\\x03\\x03J\\xE1Z:\\x90\\xBA\\xC8\\xD1\\xF5\\xB8\\xEC\\xF4@ZUH\\x1F{\\x11\\xEBy\\x0B\\xDB\\xE5\\xE1\\xFERM#69\\x82 m\\xE2\\x06b\\xD3\\xA7p\\xEF\\x9F\\x00_\\xEE\\x07" 400 157 "-" "-" 0.001',
  ],
  [
    "handshake-413",
    '2026/11/25 07:15:00 [error] 9092#9092: *2 client intended to send too large body: 2000000 bytes, client: 127.0.0.1, server: shop.example.com, request: "GET /socket.io/ HTTP/1.1", host: "shop.example.com"',
  ],
  [
    "handshake-403",
    '2026/11/25 07:15:02 [error] 9093#9093: *2 access forbidden by rule, client: 127.0.0.1, server: shop.example.com, request: "GET /ws HTTP/1.1", host: "shop.example.com"',
  ],
  [
    "handshake-401",
    '2026/11/25 07:15:05 [info] 9095#9095: *2 no user/password was provided for basic authentication, client: 127.0.0.1, server: shop.example.com, request: "GET /ws HTTP/1.1", host: "shop.example.com"',
  ],
  [
    "served-from-disk",
    '2026/11/25 07:15:07 [error] 9096#9096: *2 open() "/srv/www/disk" failed (2: No such file or directory), client: 127.0.0.1, server: shop.example.com, request: "GET /disk HTTP/1.1", host: "shop.example.com"',
  ],
  [
    "served-from-disk",
    '2026/11/25 07:15:08 [error] 9097#9097: *2 directory index of "/srv/www/d/" is forbidden, client: 127.0.0.1, server: shop.example.com, request: "GET /d/ HTTP/1.1", host: "shop.example.com"',
  ],
  [
    "invalid-port",
    '2026/11/25 07:15:12 [error] 9100#9100: *2 invalid port in upstream "127.0.0.1:web", client: 127.0.0.1, server: shop.example.com, request: "GET /r/28200 HTTP/1.1", host: "shop.example.com"',
  ],
  [
    "redirection-cycle",
    '2026/11/25 07:15:12 [error] 9101#9101: *2 rewrite or internal redirection cycle while internally redirecting to "/spa/index.html", client: 127.0.0.1, server: shop.example.com, request: "GET /spa/ws HTTP/1.1", host: "shop.example.com"',
  ],
  [
    "worker-connections-exhausted",
    '2026/11/25 07:15:15 [alert] 9103#9103: *12 12 worker_connections are not enough while connecting to upstream, client: 127.0.0.1, server: shop.example.com, request: "GET /ws HTTP/1.1", upstream: "http://127.0.0.1:28200/ws", host: "shop.example.com"',
  ],
  [
    "too-many-open-files",
    '2026/11/25 07:15:16 [alert] 9105#9105: *6 socket() failed (24: Too many open files) while connecting to upstream, client: 127.0.0.1, server: shop.example.com, request: "GET /ws HTTP/1.1", upstream: "http://127.0.0.1:28200/ws", host: "shop.example.com"',
  ],
  [
    "closed-by-client-499",
    '2026/11/25 07:15:18 [info] 9106#9106: *2 epoll_wait() reported that client prematurely closed connection, so upstream connection is closed too while sending request to upstream, client: 127.0.0.1, server: shop.example.com, request: "GET /slow HTTP/1.1", upstream: "http://127.0.0.1:28200/slow", host: "shop.example.com"',
  ],
  ["handshake-426", '127.0.0.1 - - [25/Nov/2026:07:15:12 +0000] "GET /ws HTTP/1.1" 426 5 "-" "-" 0.009'],
  ["handshake-418", '127.0.0.1 - - [25/Nov/2026:07:15:27 +0000] "GET /e HTTP/1.1" 418 5 "-" "-" 1.501'],
  ["handshake-301", '127.0.0.1 - - [25/Nov/2026:07:15:27 +0000] "GET /s HTTP/1.1" 301 169 "-" "-" 0.000'],
  [
    "variable-without-value",
    '2026/11/25 09:11:09 [warn] 23965#23965: *2 using uninitialized "connection_upgrade" variable, client: 127.0.0.1, server: , request: "GET /u HTTP/1.1", host: "127.0.0.1:29874"',
  ],
  [
    "backend-http2",
    '2026/11/25 09:11:09 [error] 23965#23965: *5 upstream sent too large http2 frame: 4740180 while reading response header from upstream, client: 127.0.0.1, server: , request: "GET /g HTTP/1.1", upstream: "grpc://127.0.0.1:29871", host: "127.0.0.1:29874"',
  ],
  [
    "served-from-disk",
    '2026/11/25 09:11:09 [error] 23965#23965: *11 open() "/srv/file/x" failed (2: No such file or directory), client: 127.0.0.1, server: , request: "GET /file/x HTTP/1.1", host: "127.0.0.1:29874"',
  ],
  [
    "limit-reached",
    '2026/11/25 09:11:09 [warn] 23965#23965: *18 delaying request, excess: 0.920, by zone "r", client: 127.0.0.1, server: , request: "GET /p HTTP/1.1", host: "127.0.0.1:29875"',
  ],
  [
    "invalid-port",
    '2026/11/25 09:17:21 [alert] 409#409: *5 no buffer space in script copy, client: 127.0.0.1, server: , request: "GET /c/a HTTP/1.1", host: "127.0.0.1:29883"',
  ],
];
