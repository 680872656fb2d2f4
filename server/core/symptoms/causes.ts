import type { LikelyCause } from "./symptom.ts";

/** The headers of the handshake do not arrive, or say something else. */
export const headersMissing: LikelyCause = {
  what: "The Upgrade and Connection headers do not reach the backend.",
  rules: [
    "missing-upgrade-headers",
    "headers-lost-by-inheritance",
    "connection-not-upgrade",
    "missing-connection-header",
    "missing-upgrade-header",
  ],
  check: "Both headers have to be set at the level of the location itself, or it must set no proxy_set_header at all.",
};

/** The headers arrive and do not ask for a WebSocket. */
export const headersWrong: LikelyCause = {
  what: "The headers are sent, but their values do not ask for a WebSocket.",
  rules: [
    "map-values-wrong",
    "upgrade-value-invalid",
    "headers-swapped",
    "header-name-typo",
    "variable-set-elsewhere",
    "map-source-connection-exact",
    "map-case-sensitive-regex",
    "map-conflict",
    "add-header-upgrade",
  ],
  check: "For a handshake the backend has to get Upgrade: websocket and Connection: upgrade.",
};

/** The handshake is sent as HTTP/1.0. */
export const oldVersion: LikelyCause = {
  what: "The handshake reaches the backend as HTTP/1.0, the default of nginx before 1.29.7.",
  rules: ["http-version-1-0"],
  check: "Set proxy_http_version 1.1; in the location or around it.",
};

/** Another location or server answers. */
export const wrongLocation: LikelyCause = {
  what: "Another location or server answers than the one you mean.",
  rules: [
    "shadowed-by-regex",
    "missing-in-tls-server",
    "missing-proxy-pass",
    "nested-location-no-pass",
    "try-files-before-proxy",
  ],
  check: "Ask with curl for the same address and look at who answers: the body and the Server header tell.",
};

/** The backend is asked for another path. */
export const pathChanged: LikelyCause = {
  what: "The backend gets another path than the browser asked for.",
  rules: ["path-stripped", "variable-uri"],
  check: "A path behind the host in proxy_pass replaces the part that the location matched.",
};

/** The backend finds that Origin and Host differ. */
export const originCheck: LikelyCause = {
  what: "The backend compares Origin with Host, and Host is not what the browser asked for.",
  rules: [
    "host-not-forwarded",
    "inherited-headers-dropped",
    "host-port-lost",
    "forwarded-proto-missing",
    "origin-rewritten",
  ],
  check: "Forward the host: proxy_set_header Host $http_host; in the same level as the other headers.",
};

/** The location is served by something that is no WebSocket proxy. */
export const wrongHandler: LikelyCause = {
  what: "The location hands its requests to a module that cannot carry a WebSocket.",
  rules: ["pass-cannot-upgrade"],
  check: "Only proxy_pass, uwsgi_pass and scgi_pass can.",
};

/** nginx answers by itself. */
export const answeredHere: LikelyCause = {
  what: "nginx answers by itself, without asking the backend.",
  rules: ["return-before-proxy", "unreachable-location"],
  check: "return runs before proxy_pass, also when it stands around the location; the log of the backend has no line.",
};

/** The page of an error is a WebSocket, or hides what happened. */
export const errorPage: LikelyCause = {
  what: "An error page replaces the real status, or leads to the WebSocket and keeps the old one.",
  rules: ["error-page-masks-status", "error-page-without-equals"],
  check: "Look for proxy_intercept_errors on, and for error_page with or without an equals sign.",
};

/** A stored answer is given to the handshake. */
export const storedAnswer: LikelyCause = {
  what: "It is a stored answer to an ordinary request.",
  rules: ["proxy-cache-on-websocket"],
  check: "proxy_cache is inherited from outer levels; write proxy_cache off; in the location.",
};

/** The arguments do not arrive. */
export const queryLost: LikelyCause = {
  what: "The query with the token is lost on the way.",
  rules: ["variable-uri"],
  check: "A variable in proxy_pass together with a path drops the query; the log of the backend shows what it got.",
};

/** It is not nginx. */
export const applicationRefuses: LikelyCause = {
  what: "The application itself refuses, because of a token, a cookie or its own checks.",
  rules: [],
  check: "Send the same handshake to the backend without nginx; the log of the application says why.",
};
