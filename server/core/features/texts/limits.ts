import type { HoverText } from "../hover-text.ts";

/** Directives that limit how many tunnels there can be, and for how long. */
export const limitTexts: Readonly<Record<string, HoverText>> = {
  worker_connections: {
    text: "How many connections a worker process holds. A tunnel takes two: one to the client, one to the backend. When they are used up, new clients are closed without an answer.",
    url: "https://nginx.org/en/docs/ngx_core_module.html#worker_connections",
    fallback: "512",
    symptom: "New clients are closed without an answer; `[alert] … worker_connections are not enough` in error.log.",
  },
  worker_rlimit_nofile: {
    text: "How many files and connections the system lets a worker process open. Below `worker_connections` it is the real limit.",
    url: "https://nginx.org/en/docs/ngx_core_module.html#worker_rlimit_nofile",
    symptom: "500, and `[alert] … Too many open files` in error.log.",
  },
  worker_shutdown_timeout: {
    text: "How long old worker processes may live on after a reload. When it is over their tunnels are closed, active ones too; without it they stay until the last tunnel ends.",
    url: "https://nginx.org/en/docs/ngx_core_module.html#worker_shutdown_timeout",
    fallback: "no limit",
    symptom: "All WebSockets close with 1006 that long after a reload.",
  },
  limit_conn: {
    text: "Limits simultaneous connections of a key. A tunnel holds its place as long as it lives.",
    url: "https://nginx.org/en/docs/http/ngx_http_limit_conn_module.html#limit_conn",
    symptom: "503 while as many tunnels are open.",
  },
  limit_req: {
    text: "Limits requests in time. The handshake counts, the frames do not. Many clients that reconnect at once exceed it without `burst`.",
    url: "https://nginx.org/en/docs/http/ngx_http_limit_req_module.html#limit_req",
    symptom: "503 when many clients reconnect at once.",
  },
};
