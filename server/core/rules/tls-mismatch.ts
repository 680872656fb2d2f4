import { replace } from "../edits/insert.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import { portOf, type Target, targetsOf, upstreamOf } from "../model/target.ts";
import type { Place } from "../syntax/directive.ts";
import { isMeant, pathText } from "./handshake.ts";
import type { DraftFix, Rule } from "./rule.ts";

/** Ports that TLS servers use, and ports that plain ones use. Any port can be anything, so this is a remark. */
const tlsPorts = new Set([443, 8443]);
const plainPorts = new Set([80, 8080, 3000]);

/** The scheme of proxy_pass and the port of the backend say different things. */
export const tlsMismatch: Rule = {
  id: "tls-mismatch",
  severity: "information",
  cause: 4,
  what: "proxy_pass says http:// to a port for TLS, or https:// to a port for plain HTTP.",
  why: "A TLS backend answers plain HTTP with 400 or hangs up, and a plain backend does not understand TLS: 502.",
  fixable: "suggested",
  isStructural: true,
  check: {
    *proxy(proxy) {
      if (!isMeant(proxy)) return;
      for (const target of targetsOf(proxy, "websocket") ?? []) {
        const found = mismatch(proxy, target);
        if (!found) continue;
        const { port, related } = found;
        const other = target.scheme === "http" ? "https" : "http";
        yield {
          place: proxy.url,
          severity: "information",
          message:
            target.scheme === "http"
              ? `The handshake on ${pathText(proxy)} fails if port ${port} wants TLS: this is http://. Some TLS servers answer 400, “plain HTTP request was sent to HTTPS port”, others hang up: 502. If it does, write https:// here.`
              : `WebSocket on ${pathText(proxy)} ends in 502 if port ${port} speaks no TLS: this is https. If so, write http:// here; wss:// in the browser does not ask for TLS behind nginx.`,
          related: related ? [related] : [],
          fixes: swap(proxy, other),
        };
        return;
      }
    },
  },
};

/** The port that contradicts the scheme, and where it is written if that is not in the URL. */
function mismatch(
  proxy: ProxyBlock,
  target: Target,
): { port: number; related?: { place: Place; message: string } } | undefined {
  // Who gives the scheme a variable of its own, or sets TLS up, means it.
  if (target.scheme === "https" && (!/^https:/i.test(proxy.url.value) || setsTlsUp(proxy))) return undefined;
  const odd = target.scheme === "http" ? tlsPorts : plainPorts;
  const upstream = upstreamOf(target, proxy.environment);
  if (!upstream) {
    const port = portOf(target);
    return !target.host.startsWith("unix:") && odd.has(port) ? { port } : undefined;
  }
  const ports = upstream.usable.map(({ address }) => serverPort(address));
  const [port] = ports;
  const directive = upstream.usable[0]?.directive;
  if (
    !upstream.isKnown ||
    port === undefined ||
    !directive ||
    !ports.every((each) => each !== undefined && odd.has(each))
  )
    return undefined;
  const place = (directive.args[0] ?? directive.head) as Place;
  const hasPort = /:\d+$/.test(directive.arg(0) ?? "");
  return {
    port,
    related: {
      place,
      message: hasPort ? "This is the port." : "In an upstream no port means port 80, also for https://.",
    },
  };
}

/** Whether the location's own level says how to speak TLS with the backend. */
function setsTlsUp({ location }: ProxyBlock): boolean {
  return location?.entries.some(({ directive }) => directive.name.startsWith("proxy_ssl_")) === true;
}

/** The port of an upstream's server: 80 where none is written, whatever the scheme; undefined for a socket or a template. */
function serverPort(address: string): number | undefined {
  if (address.startsWith("unix:") || /[${}<>%]/.test(address)) return undefined;
  const port = /^(?:\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(address);
  return port ? Number(port[1] ?? 80) : undefined;
}

/** A scheme that a variable brings is not here to be changed. */
function swap({ url }: ProxyBlock, other: string): DraftFix[] {
  const changed = url.raw.replace(/^(["']?)https?:\/\//i, `$1${other}://`);
  if (changed === url.raw) return [];
  return [{ title: `Use ${other}://`, applicability: "suggested", edits: [replace(url, changed)] }];
}
