import { affinityOf, usesClientAddress } from "../model/affinity.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import { serverOf } from "../model/server.ts";
import { variablesIn } from "../nginx/variables.ts";
import type { Place } from "../syntax/directive.ts";
import { isMeant } from "./handshake.ts";
import type { Rule } from "./rule.ts";

/** Balancing by an address that is the same for every client. */
export const ipHashCoarse: Rule = {
  id: "ip-hash-coarse",
  severity: "information",
  cause: 8,
  what: "The backend is chosen by the client's address, but another proxy in front hides that address.",
  why: "All clients have the proxy's address, so all of them get the same server. ip_hash also counts only the first three octets of an IPv4 address.",
  fixable: "none",
  isStructural: true,
  check: {
    *proxy(proxy) {
      const { upstream } = proxy;
      if (!upstream?.isKnown || upstream.usable.length < 2 || !isMeant(proxy)) return;
      const affinity = affinityOf(upstream);
      if (!affinity || !usesClientAddress(affinity)) return;
      const front = frontProxy(proxy);
      if (!front || isAddressRestored(proxy)) return;
      yield {
        place: affinity.head,
        severity: "information",
        message: `All clients may land on one server: the address seen here is that of the proxy in front. set_real_ip_from and real_ip_header make nginx use the client's own address.`,
        related: [{ place: front, message: "This shows that another proxy stands in front." }],
      };
    },
  },
};

/** What only a proxy in front would send: its own header passed on, or the PROXY protocol on the listener. */
function frontProxy(proxy: ProxyBlock): Place | undefined {
  const scope = proxy.scope.nearest("server");
  const server = scope?.directive && serverOf(scope, proxy.environment);
  const listen = server?.listens.find(({ proxyProtocol }) => proxyProtocol);
  if (listen) return listen.directive.head;
  const fromFront = new Set([
    "http_x_forwarded_proto",
    "http_cf_connecting_ip",
    "http_x_real_ip",
    "http_true_client_ip",
  ]);
  const setter = proxy.headers.entries.find(({ directive }) =>
    variablesIn(directive.arg(1) ?? "").some((name) => fromFront.has(name)),
  );
  return setter?.directive.head;
}

/** Whether nginx puts the client's own address in place (ngx_http_realip_module), or may do so in a file not seen. */
function isAddressRestored(proxy: ProxyBlock): boolean {
  const { entries, certainty } = proxy.list("set_real_ip_from");
  return entries.length > 0 || certainty !== "complete";
}
