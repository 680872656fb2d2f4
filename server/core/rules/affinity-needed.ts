import { insertInto, replace } from "../edits/insert.ts";
import { affinityOf, balancerOf } from "../model/affinity.ts";
import { isPollingPath, pollsOnlyAsFallback, unknownSessionStatus } from "../model/paths.ts";
import type { Upstream } from "../model/upstream.ts";
import { pathText } from "./handshake.ts";
import type { DraftFix, Rule } from "./rule.ts";

const method = "hash $remote_addr consistent;";

/** A polling protocol with several servers and nothing that keeps a client on one of them. */
export const affinityNeeded: Rule = {
  id: "affinity-needed",
  severity: "warning",
  cause: 8,
  what: "Socket.IO, SockJS or SignalR with several servers, and nothing keeps a client on one of them.",
  why: "They begin with several HTTP requests that belong together. The second one reaches another server, which answers 400 (Session ID unknown).",
  fixable: "suggested",
  isStructural: true,
  check: {
    *proxy(proxy) {
      const { upstream, evidence } = proxy;
      if (!upstream?.isKnown || upstream.usable.length < 2 || affinityOf(upstream)) return;
      if (!evidence || evidence.tier === 0 || !isPollingPath(proxy.path)) return;
      if (new Set(upstream.usable.map(({ address }) => address)).size < 2) return;
      const balancer = balancerOf(upstream);
      const servers = `${upstream.usable.length} servers`;
      const path = pathText(proxy);
      const isFallback = pollsOnlyAsFallback(proxy.path);
      const status = unknownSessionStatus(proxy.path);
      yield {
        place: (balancer ?? upstream.directive).namePlace,
        severity: isFallback ? "information" : "warning",
        message: isFallback
          ? `Clients of ${path} fail with ${status} if they fall back to polling. Their requests are spread over ${servers}, and only the server that began a session knows it. Over WebSocket SockJS is one connection and works.`
          : `Clients of ${path} fail with ${status}: their requests are spread over ${servers}. A session begins with several HTTP requests, and only the server that began it knows it. A client with WebSocket as its only transport does not need this.`,
        related: [{ place: proxy.url, message: "This location passes a protocol with a polling transport to it." }],
        fixes: keepClients(upstream),
      };
    },
  },
};

/** `hash` and its kin refuse a `backup` server, so there is nothing to offer where one stands. */
function keepClients(upstream: Upstream): readonly DraftFix[] {
  if (upstream.servers.some(({ isBackup }) => isBackup)) return [];
  const balancer = balancerOf(upstream);
  const edit = balancer
    ? replace(balancer.head, method)
    : // Before a `keepalive`, which would lose its place to a method after it.
      insertInto(upstream.directive, [method]);
  return [{ title: "Keep each client address on one server", applicability: "suggested", edits: [edit] }];
}
