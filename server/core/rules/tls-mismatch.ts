import { replace } from "../edits/insert.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import { portOf, type Target, targetsOf, upstreamOf } from "../model/target.ts";
import type { Place, Word } from "../syntax/directive.ts";
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
        const { port, related, withoutPort } = found;
        const other = target.scheme === "http" ? "https" : "http";
        yield {
          place: proxy.url,
          severity: "information",
          message:
            target.scheme === "http"
              ? `The handshake on ${pathText(proxy)} fails if port ${port} wants TLS: this is http://. Some TLS servers answer 400, “plain HTTP request was sent to HTTPS port”, others hang up: 502. If it does, write https:// here.`
              : `WebSocket on ${pathText(proxy)} ends in 502 if port ${port} speaks no TLS: this is https. If so, write http:// here; wss:// in the browser does not ask for TLS behind nginx.`,
          related: related ? [related] : [],
          fixes: [...writePorts(withoutPort ?? []), ...swap(proxy, other)],
        };
        return;
      }
    },
  },
};

/** What contradicts the scheme. */
interface Mismatch {
  readonly port: number;
  readonly related?: { readonly place: Place; readonly message: string };
  /** The servers of an upstream that is meant for TLS, as far as they have no port. */
  readonly withoutPort?: readonly Word[];
}

/** The port that contradicts the scheme, and where it is written if that is not in the URL. */
function mismatch(proxy: ProxyBlock, target: Target): Mismatch | undefined {
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
  const words = upstream.servers.flatMap(({ directive }) => directive.args[0] ?? []);
  return {
    port,
    withoutPort: hasPort ? [] : words.filter((word) => isHost(word.value)),
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

/** Whether an address of an upstream is a name or an address without a port. */
function isHost(address: string): boolean {
  return /^(?:[\w.-]+|\[[\da-f:.]+\])$/i.test(address);
}

/** Gives servers without a port the one of TLS: who writes https:// means it, and just forgot that an upstream does not. */
function writePorts(servers: readonly Word[]): DraftFix[] {
  const [first] = servers;
  if (!first) return [];
  const title =
    servers.length > 1 ? `Write :443 after all ${servers.length} servers` : `Write server ${first.value}:443`;
  const edits = servers.map((word) =>
    replace({ segment: word.segment, start: word.start, end: word.end }, withPort(word)),
  );
  return [{ title, applicability: "suggested", edits }];
}

function withPort({ raw, quoted }: Word): string {
  return quoted ? `${raw.slice(0, -1)}:443${raw.slice(-1)}` : `${raw}:443`;
}

/** A scheme that a variable brings is not here to be changed. */
function swap({ url }: ProxyBlock, other: string): DraftFix[] {
  const changed = url.raw.replace(/^(["']?)https?:\/\//i, `$1${other}://`);
  if (changed === url.raw) return [];
  return [{ title: `Use ${other}://`, applicability: "suggested", edits: [replace(url, changed)] }];
}
