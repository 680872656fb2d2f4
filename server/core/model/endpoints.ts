// What well-known clients and servers make of the path of a WebSocket endpoint.

/** Endpoints that their clients ask for by exactly this path, without a slash at the end. */
const withoutSlash = new Set(["cable", "mqtt", "graphql"]);

/** Endpoints that are asked for without a slash by some, while for others the socket lies below: `/ws/chat/room/`. */
const oftenWithoutSlash = new Set(
  `ws wss websocket websockets web-socket websockify embywebsocket vncwebsocket xmpp-websocket websocket-tunnel
  _blazor webpack-hmr subscriptions`.split(/\s+/),
);

/** Whether clients ask for a path without a slash at its end: by default, some of them, or nobody knows. */
export function slashHabit(segments: readonly string[]): "without" | "some" | "unknown" {
  const last = segments.at(-1)?.toLowerCase() ?? "";
  if (withoutSlash.has(last) || (last === "websocket" && segments.length === 1)) return "without";
  return oftenWithoutSlash.has(last) || /.-(?:ws|websocket)$/.test(last) ? "some" : "unknown";
}

/** Servers that answer under their own path only, whatever stands before them; those in the second list may be told another. */
const fixedSegments = new Set(
  "socket.io engine.io sockjs sockjs-node signalr _blazor _stcore embywebsocket webpack-hmr".split(" "),
);
const usualSegments = new Set(["cable"]);

/** Protocols whose requests all lie below their path: `/socket.io/?EIO=4`, `/sockjs/info`, `/hubs/chat`. */
const alwaysBelow = new Set("socket.io engine.io sockjs sockjs-node signalr hubs _stcore".split(" "));

/** The first segment of a path that the server behind it expects to see, and how sure that is. */
export function fixedSegment(
  segments: readonly string[],
): { readonly index: number; readonly segment: string; readonly isSure: boolean } | undefined {
  for (const [index, segment] of segments.entries()) {
    const lower = segment.toLowerCase();
    if (fixedSegments.has(lower)) return { index, segment, isSure: true };
    if (usualSegments.has(lower)) return { index, segment, isSure: false };
  }
  return undefined;
}

/** Whether every request of a protocol continues its path. */
export function liesBelow(segment: string): boolean {
  return alwaysBelow.has(segment.toLowerCase());
}
