import { errorPage, headersMissing, pathChanged, storedAnswer, wrongHandler, wrongLocation } from "./causes.ts";
import type { Symptom } from "./symptom.ts";

/** Statuses of answers and redirects where a 101 should be, in the order of their numbers. */
export const statuses: readonly Symptom[] = [
  {
    id: "handshake-200",
    title: "The handshake is answered with `200`",
    seen: ["browser console", "answer to the handshake"],
    signs: { statuses: [200, 204, 206, 304] },
    explanation:
      "Somebody took the handshake for an ordinary request and answered with a page. Usually that is the start page of a single-page application, an answer from the cache or an error page. The browser accepts nothing but 101.",
    causes: [
      {
        what: "try_files or a return answers with a file before proxy_pass is reached.",
        rules: ["try-files-before-proxy", "return-before-proxy"],
        check: "try_files and return in a location run before its proxy_pass.",
      },
      wrongLocation,
      { ...storedAnswer, what: "The answer comes from the cache of nginx." },
      errorPage,
      { ...headersMissing, what: "The backend does not see that it is a handshake, and serves its page." },
      pathChanged,
      wrongHandler,
    ],
  },
  {
    id: "handshake-301",
    title: "The handshake is answered with `301`, `307` or `308`",
    seen: ["browser console", "answer to the handshake"],
    signs: { statuses: [301, 307, 308] },
    explanation:
      "Browsers do not follow redirects of a handshake, so any redirect ends it. nginx itself sends 301 when a path without the final slash meets a location with proxy_pass that ends in a slash, and when a server redirects to https.",
    causes: [
      {
        what: "The location ends in a slash and the client asks without it.",
        rules: ["trailing-slash-redirect"],
        check: "Compare the path of the location with that in new WebSocket(…), character by character.",
      },
      {
        what: "The server redirects everything, to https or to another name.",
        rules: ["unreachable-location", "redirect-if-http", "ws-redirected-to-https", "return-before-proxy"],
        check: "Let the client use the final address, with wss:// where the target is https.",
      },
      {
        what: "The backend redirects.",
        rules: ["forwarded-proto-missing"],
        check:
          "The Location header of the answer says where to; frameworks redirect to https if X-Forwarded-Proto is missing.",
      },
    ],
  },
  {
    id: "handshake-302",
    title: "The handshake is answered with `302` or `303`",
    seen: ["browser console", "answer to the handshake"],
    signs: { statuses: [302, 303] },
    explanation:
      "Most often somebody wants a login first and redirects to it. Browsers do not follow redirects of a handshake.",
    causes: [
      {
        what: "auth_request fails and an error_page redirects to the login.",
        rules: ["auth-redirects-handshake"],
        check: "Answer handshakes with a plain 401, and check that the session cookie is sent to this host.",
      },
      {
        what: "The application redirects to its login page.",
        rules: [],
        check: "The Location header of the answer says where to; check that the cookie is sent with the handshake.",
      },
    ],
  },
];
