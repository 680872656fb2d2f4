import { passAnchor } from "../edits/headers.ts";
import { insertAfter } from "../edits/insert.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import { isAddress, type Target, targetsOf, upstreamOf } from "../model/target.ts";
import { isMeant, passPlace, pathText } from "./handshake.ts";
import type { Rule } from "./rule.ts";

/** A TLS backend is not told which name is asked for. */
export const upstreamSni: Rule = {
  id: "upstream-sni",
  severity: "information",
  cause: 4,
  what: "An https:// backend is reached by name, but TLS does not carry that name.",
  why: "proxy_ssl_server_name is off by default. A server that holds several names, a CDN or a cloud platform, then refuses or answers for another site: 502 or 404.",
  fixable: "suggested",
  isStructural: true,
  check: {
    *proxy(proxy) {
      if (!isMeant(proxy)) return;
      const target = targetsOf(proxy, "websocket")?.find(({ scheme }) => scheme === "https");
      if (!target) return;
      const { entry, certainty } = proxy.value("proxy_ssl_server_name");
      if (entry?.directive.arg(0)?.toLowerCase() === "on" || certainty === "doubtful") return;
      // Who writes `off`, the default, on this very level has decided it.
      if (proxy.location?.own("proxy_ssl_server_name").length) return;
      const name = publicName(proxy, target);
      if (!name) {
        if (!hasPublicNames(proxy, target) || proxy.value("proxy_ssl_name").entry) return;
        yield {
          place: passPlace(proxy),
          severity: "information",
          message: `The backends of ${pathText(proxy)} are not told their names in TLS: SNI is off by default. Those that serve several names answer with 502 or 404. One proxy_ssl_name fits only if all of them hold the same name; else each needs a location of its own.`,
        };
        return;
      }
      const named = proxy.value("proxy_ssl_name").entry || name === target.host;
      const lines = ["proxy_ssl_server_name on;", ...(named ? [] : [`proxy_ssl_name ${name};`])];
      yield {
        place: passPlace(proxy),
        severity: "information",
        message: `The backend of ${pathText(proxy)} is not told its name in TLS: SNI is off by default. If it serves several names, the handshake ends in 502, or another site answers with 404. proxy_ssl_server_name on sends ${name.length > 40 ? "the name" : name}.`,
        fixes: [
          {
            title: "Send the name in TLS",
            applicability: "suggested",
            edits: [insertAfter(passAnchor(proxy), lines)],
          },
        ],
      };
    },
  },
};

/** The name that a server of the public kind is reached by: a single word inside a network rarely needs SNI. */
function publicName(proxy: ProxyBlock, target: Target): string | undefined {
  if (isPublic(target.host)) return target.host;
  const hosts = new Set(
    upstreamOf(target, proxy.environment)?.usable.map(({ address }) => address.replace(/:\d+$/, "")),
  );
  const [host] = hosts;
  return hosts.size === 1 && host !== undefined && isPublic(host) ? host : undefined;
}

/** Whether an upstream has several servers of the public kind: then one name cannot be right for all. */
function hasPublicNames(proxy: ProxyBlock, target: Target): boolean {
  const servers = upstreamOf(target, proxy.environment)?.usable ?? [];
  const hosts = new Set(servers.map(({ address }) => address.replace(/:\d+$/, "")));
  return hosts.size > 1 && [...hosts].every(isPublic);
}

function isPublic(host: string): boolean {
  return (
    !isAddress(host) &&
    /^[\w-]+(?:\.[\w-]+)*\.[a-z][a-z\d-]+$/i.test(host) &&
    !/\.(?:local|internal|lan|localdomain)$/i.test(host)
  );
}
