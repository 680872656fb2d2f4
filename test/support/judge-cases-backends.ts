import type { JudgeCase } from "./judge-cases.ts";

const headers = "proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;";

function proxied(more: string): string {
  return `server { location /ws { proxy_pass http://127.0.0.1:8080; proxy_http_version 1.1; ${headers} ${more} } }`;
}

const working = proxied("");
const withHost = proxied("proxy_set_header Host $http_host;");
const withScheme = proxied("proxy_set_header Host $http_host; proxy_set_header X-Forwarded-Proto https;");
const withoutHeaders = "server { location /ws { proxy_pass http://127.0.0.1:8080; proxy_http_version 1.1; } }";
const literal = withoutHeaders.replace("proxy_http", "proxy_set_header Connection upgrade; proxy_http");
const impatient = proxied("proxy_read_timeout 1s;");
const third = working.replace("8080", "8082");
const dead = working.replace("8080", "8089");
const keeping = `proxy_cache_path /var/cache/nginx keys_zone=c:1m; ${proxied("proxy_cache c;")}`;
const cgi = (protocol: string): string =>
  `server { location /ws { include ${protocol}_params; ${protocol}_pass 127.0.0.1:8080; } }`;

/** Every kind of backend, where it says yes and where it says no, and the ports that stand for backends. */
export const backendCases: readonly JudgeCase[] = [
  ["handshake /ws 101 origin", withHost, undefined],
  ["handshake /ws 403 origin", working, undefined],
  ["handshake /ws 101 origin", working, /the answer was 403/],
  ["get /ws 426 origin", working, undefined],
  ["handshake http://localhost:81/ws 101 origin", withHost.replace("{", "{ listen 81;"), undefined],
  [
    "handshake http://localhost:81/ws 403 origin",
    proxied("proxy_set_header Host $host;").replace("{", "{ listen 81;"),
    undefined,
  ],
  ["handshake /ws 101 cable", withHost, undefined],
  ["handshake /ws 404 cable", working, undefined],
  ["handshake /ws 404 cable", withScheme, undefined],
  ["handshake /ws 101 cable", withScheme, /the answer was 404/],
  ["handshake /ws 101 picky\n#: get /ws 400 picky", working, undefined],
  ["handshake /ws 200 picky\n#: get /ws 200 picky", withoutHeaders, undefined],
  ["handshake /ws 400 picky", literal, undefined],
  ["get /ws 200 picky", working, /the answer was 400/],
  ["handshake /ws 101 fallback\n#: get /ws 200 fallback\n#: post /ws 100000 200 fallback", working, undefined],
  ["upgrade h2c /ws 200 fallback", working, undefined],
  ["handshake /ws 101 fallback", withoutHeaders, /the answer was 200/],
  ["handshake /ws 101 slow", working, undefined],
  ["handshake /ws 504 slow", impatient, undefined],
  ["handshake /ws 101 slow", impatient, /the answer was 504/],
  ["handshake /ws 101 cached\n#: get /ws 426 cached\n#: handshake /ws 426 cached", keeping, undefined],
  ["get /ws 426 cached\n#: handshake /ws 101 cached", keeping, /the answer was 426/],
  ["get /ws 426\n#: handshake /ws 101", keeping, undefined],
  ["handshake /ws 502 reset", working, undefined],
  ["handshake /ws 101 reset", working, /the answer was 502.*prematurely closed/],
  ["handshake /ws 101 uwsgi\n#: get /ws 404 uwsgi", cgi("uwsgi"), undefined],
  ["handshake /ws 101 uwsgi", `${working.replace("/ws", "/x")}`, /the answer was 404/],
  ["get /ws 200 fastcgi\n#: handshake /ws 200 fastcgi", cgi("fastcgi"), undefined],
  ["handshake /ws 101 fastcgi", cgi("fastcgi"), /the answer was 200/],
  ["handshake /ws 101 events", working, undefined],
  ["handshake /ws 101\n#: handshake /ws 101 ws", third, undefined],
  ["handshake /ws 502\n#: get /ws 502", dead, undefined],
  ["handshake /ws 101", dead, /the answer was 502.*Connection refused/],
];
