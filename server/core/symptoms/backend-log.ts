import { headersMissing, headersWrong, originCheck } from "./causes.ts";
import type { Symptom } from "./symptom.ts";

/** What backends write into their own logs or answers. */
export const backendLog: readonly Symptom[] = [
  {
    id: "origin-refused",
    title: "The backend says `origin not allowed`, or `cross origin request`",
    seen: ["answer to the handshake"],
    signs: {
      words: [
        "curl|wscat|websocat|postman|insomnia work|works|fine|connects|ok browser|browsers|chrome|firefox not|doesnt|isnt|fails|only|but",
      ],
      texts: [
        "request origin not allowed",
        "origin not allowed",
        "cross origin request",
        "cross origin websockets not allowed",
        "is not authorized for host",
      ],
    },
    explanation:
      "The backend compares the Origin header, which the browser sends, with Host, which nginx sends. Unless told otherwise nginx sends the name in proxy_pass as Host, so the two differ. The browser gets a 403; ActionCable answers 404. curl and wscat send no Origin, so with them it works.",
    causes: [
      originCheck,
      {
        what: "The page really comes from another site.",
        rules: [],
        check: "Then the backend has to allow that origin in its own settings.",
      },
    ],
  },
  {
    id: "handshake-header-refused",
    title: "The backend says `Invalid Upgrade header`, or misses `upgrade` in Connection",
    seen: ["answer to the handshake"],
    signs: {
      texts: [
        "invalid upgrade header",
        "invalid connection header",
        "missing upgrade header",
        "missing connection header",
        "token not found in 'connection' header",
        "token not found in 'upgrade' header",
        'can "upgrade" only to "websocket"',
        '"connection" must be "upgrade"',
      ],
    },
    explanation:
      "The backend is a WebSocket server and tells which header of the handshake is not as it has to be. The browser sent it rightly, so it was lost, changed or doubled on the way.",
    causes: [
      headersMissing,
      headersWrong,
      {
        what: "The header arrives twice.",
        rules: ["duplicate-proxy-set-header"],
        check: "nginx sends every proxy_set_header of a level, also two of the same name.",
      },
    ],
  },
  {
    id: "upgrade-unsupported",
    title: "The backend says `Unsupported upgrade request`",
    seen: ["answer to the handshake"],
    signs: { texts: ["unsupported upgrade request"] },
    explanation:
      "uvicorn says that to a request which asks for an upgrade that it cannot make. If ordinary pages get it, nginx announces every request as an upgrade. If handshakes get it, Upgrade is wrong or uvicorn has no WebSocket library.",
    causes: [
      {
        what: "Plain requests of the same location are announced as upgrades.",
        rules: ["literal-upgrade-on-shared-location", "static-upgrade-header"],
        check: "Let a map decide about Connection, and send $http_upgrade as Upgrade.",
      },
      headersWrong,
      {
        what: "uvicorn runs without a WebSocket library.",
        rules: [],
        check: "Its log then also says “No supported WebSocket library detected”; install uvicorn[standard].",
      },
    ],
  },
];
