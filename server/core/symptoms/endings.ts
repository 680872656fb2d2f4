import type { LikelyCause, Symptom } from "./symptom.ts";

const readTimeout: LikelyCause = {
  what: "Nothing was sent in either direction for as long as proxy_read_timeout says, 60 s by default.",
  rules: [
    "read-timeout-default",
    "read-timeout-short",
    "timeout-unit",
    "only-send-timeout",
    "chain-timeout",
    "proxy-directives-ignored",
    "stream-proxy-timeout",
  ],
  check: "Raise proxy_read_timeout in the location, or let the client or the server send a ping more often than that.",
};

const otherProxy: LikelyCause = {
  what: "Another proxy or load balancer on the way has a limit of its own.",
  rules: [],
  check: "If the time stays the same after proxy_read_timeout was raised, it is not this nginx.",
};

const reload: LikelyCause = {
  what: "nginx was reloaded and worker_shutdown_timeout ended the tunnels of the old workers.",
  rules: ["reload-drops-or-pins"],
  check: "Compare with the times of reloads, for instance of certificate renewals; the error log has no line for it.",
};

const backendEnded: LikelyCause = {
  what: "The backend ended or restarted, or closed the connection itself.",
  rules: [],
  check:
    "A reset leaves a line of the level error in nginx's log, a regular close leaves none; look into the log of the backend.",
};

/** How connections end that were established before. */
export const endings: readonly Symptom[] = [
  {
    id: "closes-after-a-time",
    title: "Connects, then closes after 60 s or another fixed time",
    seen: ["end of the connection", "access log"],
    signs: { isEnd: true },
    explanation:
      "When nothing is sent for as long as proxy_read_timeout says, nginx closes the connection without a close frame, and the browser reports 1006. Traffic in either direction starts the time anew, a ping too. The access log has a line with status 101 and the time, such as 60.060; the error log says nothing at its default level.",
    causes: [readTimeout, otherProxy, reload, backendEnded],
  },
  {
    id: "close-1006",
    title: "Close code `1006`, `wasClean: false`",
    seen: ["end of the connection"],
    signs: { codes: [1006] },
    explanation:
      "The connection ended without a close frame. The browser says 1006 for everything of that kind: an idle time-out, a reload, a backend that died, and also a handshake that failed. Whether it was open before, and for how long, tells more.",
    causes: [
      { ...readTimeout, check: `If it always ends after the same quiet time, it is this. ${readTimeout.check}` },
      {
        what: "The handshake failed, so there was no connection at all.",
        rules: [
          "missing-upgrade-headers",
          "headers-lost-by-inheritance",
          "connection-not-upgrade",
          "missing-connection-header",
          "error-page-without-equals",
        ],
        check: "Look for the status in the network tab of the browser and explain that instead.",
      },
      backendEnded,
      reload,
      {
        what: "The target of a mirror answers with 101 too, which ends the tunnel at once.",
        rules: ["mirror-inherits-upgrade"],
        check: "The error log says: connection upgrade in subrequest.",
      },
      otherProxy,
    ],
  },
  {
    id: "close-1009",
    title: "Close code `1009`, message too big",
    seen: ["end of the connection"],
    signs: {
      words: [
        "message|messages|frame|frames|payload|file|files|image|images|data too_big|too_large|too_long|exceed*",
        "send|sending|sends|sent big|large|huge|long message|messages|file|files|payload|image|images|data",
      ],
      codes: [1009],
      texts: ["max payload size exceeded"],
    },
    explanation:
      "One side received a message larger than it accepts. nginx does not look into the tunnel and has no such limit; client_max_body_size counts the bodies of HTTP requests only. Limits of 64 KB to 20 MB are usual in WebSocket servers.",
    causes: [
      {
        what: "The WebSocket server has a limit for one message.",
        rules: [],
        check: "Look for its option, such as maxPayload or max_size, or send the data in pieces.",
      },
      {
        what: "It is a 413 instead: the client is on its fallback, and posts more than 1 MB.",
        rules: ["body-size-limits-polling"],
        check: "Look into the network tab for a POST with 413; client_max_body_size is the limit for those.",
      },
    ],
  },
  {
    id: "close-1015",
    title: "Close code `1015`, TLS failed",
    seen: ["end of the connection"],
    signs: { codes: [1015] },
    explanation:
      "The TLS connection could not be made, so there was no handshake. No peer ever sends this code; a client library makes it up.",
    causes: [
      {
        what: "The port does not speak TLS, or not with this certificate.",
        rules: ["listen-443-without-ssl"],
        check: "Open https:// with the same host and port in the browser and read what it says.",
      },
    ],
  },
  {
    id: "close-by-application",
    title: "A close code such as `1000`, `1001`, `1008` or `1011`",
    seen: ["end of the connection"],
    signs: { codes: [1000, 1001, 1002, 1003, 1005, 1007, 1008, 1010, 1011, 1012, 1013, 1014] },
    explanation:
      "Somebody sent a close frame, or closed in order. nginx never does: it passes the bytes of the tunnel on and adds none. So the reason lies in the application, in the client, or in a proxy that speaks WebSocket itself.",
    causes: [
      {
        what: "The application closed the connection on purpose.",
        rules: [],
        check: "Read the reason of the close event, and the log of the application.",
      },
    ],
  },
  {
    id: "upgraded-timed-out",
    title: "`upstream timed out … while proxying upgraded connection`",
    seen: ["error log"],
    signs: { texts: ["upstream timed out…while proxying upgraded connection"] },
    explanation:
      "An established WebSocket was closed by a time-out of nginx. Most often that is proxy_read_timeout after silence in both directions; proxy_send_timeout does the same when the backend stops reading. The line is of the level info, which an error log without a level leaves out.",
    causes: [
      readTimeout,
      {
        what: "The backend did not take what the client sent for as long as proxy_send_timeout says.",
        rules: [],
        check: "Then the backend is stuck or overloaded; a quiet connection never ends by proxy_send_timeout.",
      },
    ],
  },
  {
    id: "stream-timed-out",
    title: "`upstream timed out … while proxying connection`",
    seen: ["error log"],
    signs: { texts: ["upstream timed out…while proxying connection"] },
    explanation:
      "A stream server passes the connection on and closed it, because nothing was sent for as long as proxy_timeout says, 10 min by default. The time-outs of the location do not count there. The line is of the level info.",
    causes: [
      {
        what: "proxy_timeout of the stream server is shorter than the quiet time.",
        rules: ["stream-proxy-timeout", "chain-timeout"],
        check: "Raise proxy_timeout in stream, or ping more often.",
      },
    ],
  },
  {
    id: "client-timed-out",
    title: "`client timed out … while proxying upgraded connection`",
    seen: ["error log"],
    signs: { texts: ["client timed out…while proxying upgraded connection"] },
    explanation:
      "The client did not take what the backend sent for as long as send_timeout says, 60 s by default, so nginx closed the WebSocket. The line is of the level info. Usually the client is gone without a word: asleep, out of the network, or in the background.",
    causes: [
      {
        what: "The client vanished or is too slow for the amount of data.",
        rules: [],
        check: "Let the client reconnect; send_timeout counts only while data waits to be sent to it.",
      },
    ],
  },
  {
    id: "backend-reset",
    title: "`recv() failed (104 …) while proxying upgraded connection` as `[error]`",
    seen: ["error log"],
    signs: { texts: ["recv() failed (104…while proxying upgraded connection"], levels: ["error"] },
    explanation:
      "The backend cut an established WebSocket with a reset. That happens when its process ends or is killed, or when it gives up on the connection without reading what is left.",
    causes: [
      {
        what: "The process of the backend ended.",
        rules: [],
        check: "Look for restarts, deployments and the out-of-memory killer at that time.",
      },
    ],
  },
  {
    id: "client-reset",
    title: "`recv() failed (104 …) while proxying upgraded connection` as `[info]`",
    seen: ["error log"],
    signs: { texts: ["recv() failed (104…while proxying upgraded connection"], levels: ["info"] },
    explanation:
      "The client cut the WebSocket with a reset, which is how many browsers and phones leave. At the level info it is not a fault; the same words at the level error are about the backend.",
    causes: [
      {
        what: "The client went away.",
        rules: [],
        check: "Nothing in nginx is to be changed; let the client reconnect.",
      },
    ],
  },
];
