import type { HoverText } from "../hover-text.ts";

const upstream = "https://nginx.org/en/docs/http/ngx_http_upstream_module.html";

/** Directives about several backends. */
export const balancingTexts: Readonly<Record<string, HoverText>> = {
  upstream: {
    text: "A named group of backends. An open tunnel stays with the backend it reached, so a plain WebSocket needs no sticky sessions; transports of several requests (Socket.IO polling) do.",
    url: `${upstream}#upstream`,
  },
  ip_hash: {
    text: "Sends a client address always to the same backend. Only the first three octets of an IPv4 address count. A WebSocket alone does not need it; polling transports with several backends do.",
    url: `${upstream}#ip_hash`,
    symptom: "Socket.IO with several backends and no stickiness: 400 “Session ID unknown”.",
  },
  hash: {
    text: "Chooses the backend by a key, such as `$remote_addr`. With `consistent` few clients move when a server is added. Polling transports with several backends need something like it; a WebSocket alone does not.",
    url: `${upstream}#hash`,
  },
  least_conn: {
    text: "Chooses the backend with the fewest connections. Tunnels live long, so it balances them better than round robin.",
    url: `${upstream}#least_conn`,
  },
  random: {
    text: "Chooses a backend at random, or the better one of two.",
    url: `${upstream}#random`,
  },
  sticky: {
    text: "Keeps a client on one backend by a cookie, a route or what was learned. In open source nginx from 1.29.6.",
    url: `${upstream}#sticky`,
  },
  keepalive: {
    text: "How many idle connections to the backends stay open. A plain request uses one only if it does not carry `Connection: close`.",
    url: `${upstream}#keepalive`,
  },
};
