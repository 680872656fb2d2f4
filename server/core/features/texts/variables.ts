import type { HoverText } from "../hover-text.ts";

const proxy = "https://nginx.org/en/docs/http/ngx_http_proxy_module.html";
const core = "https://nginx.org/en/docs/http/ngx_http_core_module.html";

/** Variables that decide the same. */
export const variableTexts: Readonly<Record<string, HoverText>> = {
  http_upgrade: {
    text: "The Upgrade header of the client: `websocket` in a handshake, empty in a plain request.",
    url: `${core}#var_http_`,
  },
  http_connection: {
    text: "The Connection header of the client: `Upgrade` (Chromium) or `keep-alive, Upgrade` (Firefox) in a handshake. Passing it on works, but forwards whatever else the client writes there.",
    url: `${core}#var_http_`,
  },
  connection: {
    text: "The serial number of the connection, not the Connection header. For that one see `$http_connection`.",
    url: `${core}#var_connection`,
  },
  http_host: {
    text: "The Host header as the client sent it, with the port where it is not the usual one. Backends that compare Origin with Host need exactly this.",
    url: `${core}#var_http_`,
  },
  host: {
    text: "The host the client asked for, lower case and without the port. On a port other than 80 and 443 a comparison with Origin fails; `$http_host` keeps the port.",
    url: `${core}#var_host`,
  },
  proxy_host: {
    text: "The name and port in `proxy_pass`. This is what the backend gets as Host unless it is set; one that compares Origin with Host then takes your own pages for foreign ones (403, ActionCable 404).",
    url: `${proxy}#var_proxy_host`,
  },
  server_name: {
    text: "The first name in `server_name`, not the one that the client asked for: with `_` or a list of names the backend gets a wrong Host.",
    url: `${core}#var_server_name`,
  },
  http_origin: {
    text: "The page that opens the WebSocket: scheme, host, and the port where it is not the usual one. nginx passes it on by itself; backends compare it with Host to refuse the pages of other sites.",
    url: `${core}#var_http_`,
  },
  scheme: {
    text: "`http` or `https`, as the client connected to this nginx. Behind a proxy that ends TLS it is `http`; `$http_x_forwarded_proto` is what that proxy says.",
    url: `${core}#var_scheme`,
  },
  proxy_add_x_forwarded_for: {
    text: "The X-Forwarded-For header of the client with its address appended.",
    url: `${proxy}#var_proxy_add_x_forwarded_for`,
  },
};
