import { insertAfter, replace } from "../edits/insert.ts";
import { serverAt } from "../model/addresses.ts";
import { commentsAbout } from "../model/annotations.ts";
import type { Environment } from "../model/config.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import { type StreamServer, streamServersOf } from "../model/stream.ts";
import { parseTime, timeText } from "../nginx/time.ts";
import type { DraftFix, Rule } from "./rule.ts";
import { readTimeout } from "./timeouts.ts";
import { tunnelsOf } from "./tunnels.ts";

/** What stream closes a quiet connection after unless told otherwise, in milliseconds (ngx_stream_proxy_module). */
const DEFAULT_MS = 600_000;

/** A stream server in front of WebSocket ends quiet tunnels by a time-out of its own. */
export const streamProxyTimeout: Rule = {
  id: "stream-proxy-timeout",
  severity: "information",
  cause: 3,
  what: "A stream server in front of WebSocket ends a quiet tunnel earlier than the location behind it.",
  why: "proxy_timeout is 10 minutes unless it is set; it counts silence in both directions, whatever the location says.",
  fixable: "suggested",
  isStructural: true,
  check: {
    *config(environment) {
      for (const server of streamServersOf(environment)) {
        const word = server.timeout?.directive.args[0];
        const limit = word ? parseTime(word.value) : DEFAULT_MS;
        if (limit === undefined || !server.isKnown) continue;
        const behind = findLonger(server, limit, environment);
        if (!behind && (word || !speaksOfWebsocket(server))) continue;
        yield {
          place: word ?? server.pass.namePlace,
          severity: "information",
          message: `A quiet WebSocket through this stream server is cut after ${timeText(limit)}. ${
            word ? "proxy_timeout counts" : "proxy_timeout is not set, and it counts"
          } here, whatever the location behind it allows. The browser reports 1006.`,
          related: behind
            ? [{ place: behind.timeout.word, message: "The location behind it allows a longer time." }]
            : [],
          fixes: [allow(server, behind?.timeout.word.raw ?? "1h")],
        };
      }
    },
  },
};

/** A WebSocket location behind a stream server that lets a tunnel be quiet for longer. */
function findLonger(server: StreamServer, limit: number, environment: Environment) {
  for (const address of server.addresses) {
    const http = serverAt(address, environment);
    const tunnels: readonly ProxyBlock[] = http ? tunnelsOf(http) : [];
    for (const tunnel of tunnels) {
      const timeout = readTimeout(tunnel);
      if (timeout && timeout.milliseconds > limit) return { tunnel, timeout };
    }
  }
  return undefined;
}

/** Whether a comment or the name of what it passes to says so. */
function speaksOfWebsocket({ directive, pass }: StreamServer): boolean {
  if (/(?:^|[^a-z])(?:ws|wss|websockets?)(?:[^a-z]|$)/i.test(pass.arg(0) ?? "")) return true;
  return commentsAbout(directive).some(({ segment, start, end }) =>
    /\bweb-?sockets?\b/i.test(segment.text.slice(start, end)),
  );
}

function allow({ timeout, pass }: StreamServer, text: string): DraftFix {
  const word = timeout?.directive.args[0];
  return {
    title: `Let it be quiet for ${text}`,
    applicability: "suggested",
    edits: [word ? replace(word, text) : insertAfter(pass, [`proxy_timeout ${text};`])],
  };
}
