import { replace } from "../edits/insert.ts";
import { fixedSegment, liesBelow } from "../model/endpoints.ts";
import { uriStart, withUri } from "../model/pass-url.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import { passPlace } from "./handshake.ts";
import type { Rule } from "./rule.ts";

/** The URI part of proxy_pass takes away the path that a protocol's server listens on. */
export const pathStripped: Rule = {
  id: "path-stripped",
  severity: "warning",
  cause: 1,
  what: "proxy_pass replaces the path that the server of this protocol expects.",
  why: "The URI part of proxy_pass takes the place of the location's path, so the backend is asked for another one and answers 404 or with a page.",
  fixable: "suggested",
  check: {
    *proxy(proxy) {
      const { url, pattern } = proxy;
      const found = proxy.scope.kind === "location" ? replacedPath(proxy) : undefined;
      if (!found) return;
      const rest = pattern.endsWith("/") && found.isBelow ? "…" : "";
      yield {
        place: proxy.pass.via.length > 0 ? passPlace(proxy) : url,
        severity: found.isSure ? "warning" : "information",
        message: `${found.segment} fails: the backend is asked for ${found.uri}${rest} instead of ${shortened(found.right)}${rest}. The URI part of proxy_pass takes the place of the location's path, and this server answers under its own path only.`,
        fixes: [
          {
            title: found.isWhole ? "Pass the path on as it is" : `Pass the requests to ${found.right}`,
            applicability: "suggested",
            edits: [replace(url, withUri(url, found.isWhole ? "" : found.right))],
          },
        ],
      };
    },
  },
};

/** What the backend gets in place of the path it expects; undefined when that path arrives, or nobody can say. */
function replacedPath(proxy: ProxyBlock) {
  const { url, modifier, pattern, path } = proxy;
  const start = uriStart(url.value);
  const segments = path[0] ?? [];
  const fixed = fixedSegment(segments);
  if (!fixed || start === undefined || !["", "^~", "="].includes(modifier)) return undefined;
  if (url.value.includes("$") || proxy.verdict === "not-websocket" || !proxy.evidence) return undefined;
  // With a rewrite the URI part does not count.
  if (proxy.scope.own("rewrite").length > 0 || /\.(?:js|map)$/.test(pattern)) return undefined;
  const uri = url.value.slice(start);
  const kept = `/${segments.slice(fixed.index).join("/")}`;
  const right = pattern.endsWith("/") ? `${kept}/` : kept;
  // Another path than the root is somebody's intention; but `/socket.io` and `?…` behind it are never one path.
  const isRoot = uri === "/";
  const isJoined = pattern.endsWith("/") && uri.toLowerCase() === kept.toLowerCase() && liesBelow(fixed.segment);
  if (!isRoot && !isJoined) return undefined;
  return { ...fixed, uri, right, isWhole: fixed.index === 0, isBelow: modifier !== "=" };
}

function shortened(path: string): string {
  return path.length > 20 ? `${path.slice(0, 20)}…` : path;
}
