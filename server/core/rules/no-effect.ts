import { isDedicated } from "../edits/connection.ts";
import { wholeLines } from "../edits/insert.ts";
import { effectiveList, effectiveValue } from "../model/effective.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import type { Entry } from "../model/scope.ts";
import { variableName } from "../model/variables.ts";
import { parseSize } from "../nginx/size.ts";
import { pathText } from "./handshake.ts";
import type { Rule } from "./rule.ts";

/** A line that people add for WebSocket and that does nothing for it. */
interface Idle {
  readonly directives: readonly string[];
  /** Whether it really does nothing where it stands; always, if not given. */
  readonly when?: (entry: Entry, proxy: ProxyBlock) => boolean;
  /** Why, and what is true instead. */
  readonly because: string;
}

const idle: readonly Idle[] = [
  {
    directives: ["proxy_buffering", "proxy_max_temp_file_size"],
    because: "After the 101 nginx passes on every byte at once and never buffers; this is about ordinary answers.",
  },
  {
    directives: ["proxy_request_buffering"],
    because: "It is about the bodies of requests, and a handshake has none.",
  },
  {
    directives: ["client_max_body_size"],
    because: "It limits the bodies of requests. Messages are no bodies: how large they may be is up to the backend.",
  },
  {
    directives: ["proxy_cache_bypass", "proxy_no_cache"],
    when: (_, proxy) => isOffAround(proxy, "proxy_cache", "off"),
    because: "No cache is on here, so there is none to go past.",
  },
  {
    directives: ["proxy_redirect"],
    because: "It rewrites the address of a redirect. A 101 has none, and browsers follow no redirect in a handshake.",
  },
  {
    directives: ["gzip"],
    because: "gzip works on answers with a body. Messages are compressed by client and backend, if at all.",
  },
  {
    directives: ["chunked_transfer_encoding"],
    because: "It is about answers with a body, and a 101 has none.",
  },
  {
    directives: ["limit_rate", "limit_rate_after"],
    // The 101 itself is an ordinary header: a rate of a few bytes holds it back.
    when: ({ directive }) => directive.name !== "limit_rate" || (parseSize(directive.arg(0) ?? "") ?? 0) >= 4096,
    because: "It slows down ordinary answers; what flows through a tunnel is not limited.",
  },
  {
    directives: ["keepalive_timeout"],
    because: "It counts between two requests. A tunnel is one request that goes on; proxy_read_timeout ends it.",
  },
  {
    directives: ["proxy_set_header"],
    when: ({ directive }) => directive.arg(0)?.toLowerCase() === "x-nginx-proxy",
    because: "The header comes from an old example for Node.js, and WebSocket servers do not read it.",
  },
  {
    directives: ["proxy_set_header"],
    when: ({ directive }, proxy) => {
      const name = directive.arg(0)?.toLowerCase() ?? "";
      if (proxy.value("proxy_pass_request_headers").entry?.directive.arg(0) === "off") return false;
      return (
        name.startsWith("sec-websocket-") && variableName(directive.arg(1)) === `http_${name.replaceAll("-", "_")}`
      );
    },
    because: "nginx passes on the client's headers by itself; only Upgrade and Connection have to be named.",
  },
  {
    directives: ["add_header"],
    when: ({ directive }) => /^access-control-/i.test(directive.arg(0) ?? ""),
    because: "Browsers do not apply CORS to WebSockets. Which pages may connect is up to the backend, by their Origin.",
  },
  {
    directives: ["proxy_ssl_verify"],
    when: ({ directive }, proxy) => directive.arg(0) === "off" && isOffOutside(proxy, "proxy_ssl_verify", "off"),
    because: "Certificates of backends are not checked unless somebody asks for it.",
  },
  {
    directives: ["tcp_nodelay"],
    when: ({ directive }, proxy) => directive.arg(0) === "on" && isOffOutside(proxy, "tcp_nodelay", "on"),
    because: "It is on by default.",
  },
];

const named = new Set(idle.flatMap(({ directives }) => directives));

/** Lines that do nothing for a WebSocket, in locations that serve nothing else. */
export const noEffect: Rule = {
  id: "no-effect",
  severity: "hint",
  what: "A line in a WebSocket location does nothing for WebSockets.",
  why: "It does no harm either; but whoever looks for a fault here is led astray by it.",
  fixable: "suggested",
  isStructural: true,
  isOffByDefault: true,
  check: {
    *proxy(proxy) {
      const { scope } = proxy;
      if (scope.kind !== "location" || proxy.verdict === "not-websocket" || !isDedicated(proxy)) return;
      for (const name of scope.names()) {
        if (!named.has(name)) continue;
        for (const entry of scope.own(name)) {
          // A shared include may matter elsewhere.
          if (entry.via.length !== scope.via.length || revealsOuter(entry, proxy)) continue;
          const row = idle.find(({ directives, when }) => directives.includes(name) && when?.(entry, proxy) !== false);
          if (!row) continue;
          yield {
            place: entry.directive.head,
            severity: "hint",
            message: `This does nothing for the WebSocket on ${pathText(proxy)}. ${row.because}`,
            fixes: [
              {
                title: "Remove this line",
                applicability: "suggested",
                edits: [{ place: wholeLines(entry.directive.place), newText: "" }],
              },
            ],
          };
        }
      }
    },
  },
};

/** Whether a switch certainly has this value here, which is also its default. */
function isOffAround(proxy: ProxyBlock, name: string, value: string): boolean {
  const { entry, certainty } = proxy.value(name);
  return entry ? entry.directive.arg(0) === value : certainty === "complete";
}

/** The same for the level around the location: what would be inherited without the line. */
function isOffOutside(proxy: ProxyBlock, name: string, value: string): boolean {
  const { parent } = proxy.scope;
  if (!parent) return false;
  const { entry, certainty } = effectiveValue(parent, name);
  return entry ? entry.directive.arg(0) === value : certainty === "complete";
}

/** Whether a header is the only one of its level, so that without it those of an outer level would come in. */
function revealsOuter({ directive }: Entry, { scope }: ProxyBlock): boolean {
  const { name } = directive;
  if (name !== "add_header" && name !== "proxy_set_header") return false;
  return (
    scope.own(name).length === 1 && scope.parent !== undefined && effectiveList(scope.parent, name).entries.length > 0
  );
}
