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
  rules: ["shadowed-by-regex", "missing-in-tls-server", "nested-location-no-pass", "try-files-before-proxy"],
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

/** It is not nginx. */
export const applicationRefuses: LikelyCause = {
  what: "The application itself refuses, because of a token, a cookie or its own checks.",
  rules: [],
  check: "Send the same handshake to the backend without nginx; the log of the application says why.",
};
