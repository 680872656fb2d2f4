import { serverAt } from "./addresses.ts";
import type { Environment } from "./config.ts";
import type { LocationBlock } from "./location.ts";
import type { ProxyBlock } from "./proxy.ts";

/** The location of the same configuration that a location passes its requests to: nginx in front of nginx. */
export function nextHop(proxy: ProxyBlock, environment: Environment): LocationBlock | undefined {
  const target = readTarget(proxy);
  const path = target && passedPath(proxy, target.uri);
  if (!target || path === undefined) return undefined;
  const route = serverAt(target.address, environment)?.route(path);
  return route?.isCertain && !route.isSlashRedirect ? route.location : undefined;
}

/** Where a URL leads, and the URI in it that replaces the location's path (empty when there is none). */
function readTarget(proxy: ProxyBlock): { address: string; uri: string } | undefined {
  const url = proxy.url.value;
  if (url.includes("$")) return undefined;
  const socket = /^https?:\/\/(unix:[^:]+)(?::(\/.*))?$/i.exec(url);
  if (socket) return { address: socket[1] as string, uri: socket[2] ?? "" };
  const match = /^(https?):\/\/(\[[^\]]*\]|[^/:]+)(?::(\d+))?(\/.*)?$/i.exec(url);
  if (!match) return undefined;
  const [, scheme = "", host = "", port, uri = ""] = match;
  const usual = scheme.toLowerCase() === "https" ? "443" : "80";
  const { upstream } = proxy;
  if (!upstream) return { address: `${host.toLowerCase()}:${port ?? usual}`, uri };
  const [server, ...others] = upstream.usable;
  if (!server || others.length > 0 || !upstream.isKnown) return undefined;
  const isFull = server.address.startsWith("unix:") || /:\d+$/.test(server.address);
  return { address: isFull ? server.address : `${server.address}:80`, uri };
}

/** The path that arrives, for a request whose path is the location's own; undefined where that is no path. */
function passedPath(proxy: ProxyBlock, uri: string): string | undefined {
  const { modifier, pattern } = proxy;
  if (modifier === "@" || modifier.startsWith("~") || !pattern.startsWith("/")) return undefined;
  // A rewrite decides by itself.
  if (proxy.location?.own("rewrite").length) return undefined;
  return (uri === "" ? pattern : uri).split("?")[0];
}
