// Which location paths are WebSocket endpoints by name. Whole segments are compared, never pieces of them: `/newsletter`
// and `/filebrowser` are not `/ws`. The names are the defaults of the servers and clients that speak WebSocket.

const strongSegment = new Set(
  `ws wss websocket websockets web-socket websockify embywebsocket vncwebsocket socket.io engine.io sockjs
  sockjs-node cable signalr _blazor mqtt xmpp-websocket colibri-ws livekit @vite webpack-hmr
  websocket-tunnel`.split(/\s+/),
);

/** Endpoints that are pages just as often, a shop's `/subscriptions`; deeper in a path they mean nothing. */
const firstSegment = new Set(["subscriptions", "comms", "hubs", "rtc"]);

/** What stands behind `/hubs/` in SignalR applications: what people do together, not a place or a product. */
const hubName =
  /^(?:chats?|notifications?|messag(?:e|es|ing)|presence|live|real-?time|updates|events|stream|game|progress)(?:-?hub)?$/i;

/** Texts about WebSocket are no WebSocket. */
const aboutText = new Set(["docs", "doc", "documentation", "help", "blog", "wiki", "examples"]);

const strongPairs: readonly string[] = [
  "notifications/hub",
  "socket/websocket",
  "live/websocket",
  "phoenix/live_reload",
  "_stcore/stream",
  "api/live",
  "terminals/websocket",
  "api/websocket",
  "_next/webpack-hmr",
  "realtime/v1",
  "connection/websocket",
  "api/kernels",
  "graphql/subscriptions",
];

const mediumSegment = new Set(
  `socket sockets realtime real-time hub stream live push notifications events chat terminal console vnc collaboration
  graphql sync`.split(/\s+/),
);

/** Protocols that fall back to HTTP requests on the same path, so a location for them is shared. */
const pollingSegment = new Set([
  "socket.io",
  "engine.io",
  "sockjs",
  "sockjs-node",
  "signalr",
  "hubs",
  "_blazor",
  "comms",
]);

/** Protocols (and the usual names) whose fallback is a stream of events that has to arrive piece by piece. */
const eventSegment = new Set(["sockjs", "sockjs-node", "signalr", "hubs", "_blazor", "sse", "events", "eventsource"]);

/** Protocols whose heartbeat is shorter than 60 s by default, so that an idle tunnel never meets the default limit. */
const heartbeatSegment = new Set([
  "socket.io",
  "engine.io",
  "sockjs",
  "sockjs-node",
  "cable",
  "signalr",
  "hubs",
  "_blazor",
]);

/**
 * The same of endpoints that two segments name: Home Assistant pings every 55 s (websocket_api/http.py), the server of
 * Jupyter every 30 s (base/websocket.py).
 */
const heartbeatPairs: readonly string[] = ["api/websocket", "api/kernels"];

/** What a location's path says about WebSocket. */
export type PathHint = "strong" | "medium" | "none";

/** The segments of a location's path; a regular expression is reduced to its literal alternatives. */
export function pathSegments(modifier: string, path: string): readonly string[][] {
  const isRegex = modifier === "~" || modifier === "~*";
  const texts = isRegex ? literalPaths(path) : [path];
  return texts.map((text) => text.split("/").filter((part) => part !== ""));
}

/** How strongly a path names a WebSocket endpoint. */
export function pathHint(alternatives: readonly (readonly string[])[]): PathHint {
  if (alternatives.some((segments) => namesFile(segments) || asksFirst(segments))) return "none";
  if (alternatives.some(isStrong)) return "strong";
  return alternatives.some(mayBeEndpoint) ? "medium" : "none";
}

function mayBeEndpoint(segments: readonly string[]): boolean {
  return segments.some(
    (segment, index) =>
      mediumSegment.has(segment.toLowerCase()) || (index === 0 && firstSegment.has(segment.toLowerCase())),
  );
}

/** Whether a protocol with an HTTP fallback lives on the path. */
export function isPollingPath(alternatives: readonly (readonly string[])[]): boolean {
  return alternatives.some((segments) =>
    segments.some((segment) => pollingSegment.has(segment.toLowerCase()) || isHub(segment)),
  );
}

/** Whether SockJS lives on the path, which tries a WebSocket first; the others begin with plain requests. */
export function pollsOnlyAsFallback(alternatives: readonly (readonly string[])[]): boolean {
  return alternatives.every((segments) => segments.some((segment) => /^sockjs(?:-node)?$/i.test(segment)));
}

/** The status that the protocol on the path gives for a session it does not know: Socket.IO 400, SignalR and SockJS 404. */
export function unknownSessionStatus(alternatives: readonly (readonly string[])[]): number {
  const names = alternatives.flat().map((segment) => segment.toLowerCase());
  return names.includes("socket.io") || names.includes("engine.io") ? 400 : 404;
}

/** Whether a protocol that may fall back to server-sent events lives on the path. */
export function servesEventStream(alternatives: readonly (readonly string[])[]): boolean {
  return alternatives.some((segments) =>
    segments.some((segment) => eventSegment.has(segment.toLowerCase()) || isHub(segment)),
  );
}

/** Whether a protocol with a heartbeat below 60 s lives on the path. */
export function hasHeartbeat(alternatives: readonly (readonly string[])[]): boolean {
  return alternatives.some(
    (segments) =>
      segments.some((segment) => heartbeatSegment.has(segment.toLowerCase()) || isHub(segment)) ||
      heartbeatPairs.some((pair) => `/${segments.join("/").toLowerCase()}/`.startsWith(`/${pair}/`)) ||
      isPhoenix(segments),
  );
}

function isPhoenix(segments: readonly string[]): boolean {
  const joined = segments.join("/").toLowerCase();
  return /(?:^|\/)(?:socket|live)\/websocket(?:\/|$)/.test(joined) || joined.includes("phoenix/live_reload");
}

/** `/socket.io/socket.io.js`: a file that belongs to the protocol, not the endpoint. */
function namesFile(segments: readonly string[]): boolean {
  return /\.(?:js|mjs|css|map|html?|json|png|svg|ico|wasm)$/i.test(segments.at(-1) ?? "");
}

/** What is asked with plain requests one path below an endpoint: by clients before they connect, or by monitoring. */
const askedPlainly = new Set("health healthz status ping metrics version token ticket auth info".split(" "));

/** `/chatHub/negotiate`, `/sockjs/info`, `/ws/health`: a plain question beside the endpoint. */
function asksFirst(segments: readonly string[]): boolean {
  const last = segments.at(-1)?.toLowerCase();
  if (last === "negotiate") return true;
  return askedPlainly.has(last ?? "") && isStrong(segments.slice(0, -1));
}

function isStrong(segments: readonly string[]): boolean {
  const joined = `/${segments.join("/").toLowerCase()}/`;
  if (strongPairs.some((pair) => joined.includes(`/${pair}/`))) return true;
  if (segments.some((segment) => aboutText.has(segment.toLowerCase()))) return false;
  return segments.some((segment, index) => {
    const lower = segment.toLowerCase();
    if (index === 1 && segments[0]?.toLowerCase() === "hubs" && hubName.test(segment)) return true;
    return strongSegment.has(lower) || isHub(segment) || /.-(?:ws|websocket)$/i.test(segment);
  });
}

/** `chatHub` as SignalR applications name their endpoints; `github` and `GitHub` are none. */
function isHub(segment: string): boolean {
  return /[a-z]Hub$/.test(segment) && segment !== "GitHub";
}

/** The literal texts a simple regular expression can match; empty for one that is not simple. */
function literalPaths(regex: string): readonly string[] {
  // What a look-around names is not part of the path, or must not be.
  if (/\(\?<?[=!]/.test(regex)) return [];
  let paths = [""];
  const body = regex.replace(/^\^/, "").replace(/\$$/, "");
  const pattern = /\((?:\?:|\?P?<\w+>)?([\w./|-]*)\)(\?)?|\\([./_-])|(\.\*|\.\+|\[[^\]]*\][*+?]?)|([\w@/_-])|(.)/gs;
  for (const match of body.matchAll(pattern)) {
    const [, group, optional, escaped, wild, plain] = match;
    const choices =
      group !== undefined ? [...group.split("|"), ...(optional ? [""] : [])] : [escaped ?? plain ?? (wild ? "/" : "")];
    paths = paths.flatMap((path) => choices.map((choice) => path + choice)).slice(0, 32);
  }
  return paths;
}
