import type { HoverText } from "../hover-text.ts";

const core = "https://nginx.org/en/docs/http/ngx_http_core_module.html";

/** Directives that decide where a request goes, and what is done to its answer. */
export const routingTexts: Readonly<Record<string, HoverText>> = {
  location: {
    text: "Decides which requests these directives apply to. `=` matches the exact path, `^~` a prefix before regular expressions are tried, `~` and `~*` a regular expression. `/ws` also matches `/ws/` and `/wsx`; `/ws/` does not match `/ws`.",
    url: `${core}#location`,
    symptom:
      "A path that falls into another location: 200 with a page, 404 or 426. `/ws` where only `/ws/` is proxied: 301.",
  },
  return: {
    text: "Answers at once, before any `proxy_pass`. Browsers do not follow redirects of a handshake: `ws://` clients of a server that only redirects to `https://` get 301 and fail.",
    url: "https://nginx.org/en/docs/http/ngx_http_rewrite_module.html#return",
    symptom: "`Unexpected response code: 301` (or 302): the redirect is not followed.",
  },
  rewrite: {
    text: "Changes the path of a request, or redirects it. In a server it runs before the location is chosen. An empty result ends in 500.",
    url: "https://nginx.org/en/docs/http/ngx_http_rewrite_module.html#rewrite",
    symptom: "404 from the backend, a redirect, or 500 with `the rewritten URI has a zero length` in error.log.",
  },
  set: {
    text: "Gives a variable a value while the request is processed. In other servers and locations the variable exists too, but is empty.",
    url: "https://nginx.org/en/docs/http/ngx_http_rewrite_module.html#set",
  },
  if: {
    text: "Applies directives when a condition holds. `if ($http_upgrade)` holds for a handshake. Headers and time-outs cannot be set in it.",
    url: "https://nginx.org/en/docs/http/ngx_http_rewrite_module.html#if",
  },
  try_files: {
    text: "Looks for files before `proxy_pass` is asked. In a location for WebSocket only a last argument that leads to the proxy helps: `try_files $uri @ws;`.",
    url: `${core}#try_files`,
    symptom: "200 with a page, or 404.",
  },
  error_page: {
    text: "Answers errors from another place. Without `=` the error's own status stays: if the target proxies a WebSocket, its 101 arrives as 404 or 418 and the client hangs. `=` takes the status of the target.",
    url: `${core}#error_page`,
    symptom: "`Unexpected response code: 404` or 418 although the backend has accepted.",
  },
  internal: {
    text: "Only requests that nginx itself sends here are answered; a client gets 404.",
    url: `${core}#internal`,
  },
  add_header: {
    text: "Adds a header to answers for the client. It does nothing for the backend: the handshake needs `proxy_set_header`. A level that adds one header inherits none from the levels around it.",
    url: "https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header",
    symptom:
      "With `Upgrade` and `always`: `'Upgrade' header must not appear more than once`. A Content-Security-Policy without a matching connect-src: `Refused to connect`.",
  },
  auth_request: {
    text: "Asks another location first whether the request may pass. That subrequest inherits the headers: with Upgrade in it the authentication server may try to upgrade. Clear both headers in its location.",
    url: "https://nginx.org/en/docs/http/ngx_http_auth_request_module.html#auth_request",
    symptom:
      "500 on every handshake, with `auth request unexpected status` or `connection upgrade in subrequest` in error.log.",
  },
  mirror: {
    text: "Sends a copy of each request to another location. If that copy carries Upgrade and is answered with 101, the tunnel of the client ends too.",
    url: "https://nginx.org/en/docs/http/ngx_http_mirror_module.html#mirror",
  },
  limit_except: {
    text: "Restricts all methods but those named. A handshake is a GET.",
    url: `${core}#limit_except`,
    symptom: "403 on every handshake.",
  },
  valid_referers: {
    text: "Which Referer headers count as valid. A browser sends none with a handshake: `none` has to be in the list.",
    url: "https://nginx.org/en/docs/http/ngx_http_referer_module.html#valid_referers",
    symptom: "403 on every handshake.",
  },
  include: {
    text: "Puts the text of other files here. Headers from an include count as headers of this level: they replace those of the outer level.",
    url: "https://nginx.org/en/docs/ngx_core_module.html#include",
  },
  map: {
    text: "Defines a variable by looking up another one. For WebSocket: `$http_upgrade` is empty in a plain request and `websocket` in a handshake. A map stands directly in `http`; the order of maps and servers does not matter, and of two maps for one variable the last counts.",
    url: "https://nginx.org/en/docs/http/ngx_http_map_module.html#map",
    symptom: "Values swapped or missing: the backend sees `close` or nothing and answers 400, 404 or 426.",
  },
};
