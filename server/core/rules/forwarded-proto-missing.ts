import { addHeader } from "../edits/header-line.ts";
import { replace } from "../edits/insert.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import type { Entry } from "../model/scope.ts";
import { type ServerBlock, serverOf } from "../model/server.ts";
import { variableName } from "../model/variables.ts";
import { handshakeGap, isMeant, passPlace, pathText, replacedList } from "./handshake.ts";
import type { Rule } from "./rule.ts";

/** Headers by which Rack learns that the browser used TLS. */
const proofs = ["x-forwarded-proto", "x-forwarded-scheme", "x-forwarded-ssl", "forwarded"] as const;

/** ActionCable believes that the page came by http, while its Origin says https. */
export const forwardedProtoMissing: Rule = {
  id: "forwarded-proto-missing",
  severity: "information",
  cause: 4,
  what: "ActionCable is not told that the browser uses https.",
  why: "It compares Origin with X-Forwarded-Proto and Host, and answers 404 when the one says https and the other http.",
  fixable: "suggested",
  isStructural: true,
  check: {
    *proxy(proxy, environment) {
      const scope = proxy.scope.nearest("server");
      if (scope?.kind !== "server" || !isActionCable(proxy) || !isMeant(proxy)) return;
      if (handshakeGap(proxy) !== "none" || proxy.headers.certainty === "doubtful") return;
      if (!/^http:/i.test(proxy.url.value) || proxy.setters("origin").length > 0) return;
      const server = serverOf(scope, environment);
      const entry = proxy.setters("x-forwarded-proto")[0];
      if (entry) yield* judgeHop(proxy, server, entry);
      else if (server.isTls && !provesTls(proxy)) {
        yield {
          place: passPlace(proxy),
          severity: "information",
          message: `ActionCable may answer 404 to the handshake on ${pathText(proxy)}. The page's Origin begins with https, and without X-Forwarded-Proto the backend believes in http.`,
          fixes: [
            {
              title: "Send X-Forwarded-Proto",
              applicability: "suggested",
              edits: [addHeader(proxy, "proxy_set_header X-Forwarded-Proto $scheme;")],
            },
          ],
        };
      }
    },
  },
};

/** An inner hop: TLS ended before this nginx, so that `$scheme` is http whatever the browser uses. */
function* judgeHop(proxy: ProxyBlock, server: ServerBlock, { directive }: Entry) {
  const word = directive.args[1];
  const outer = server.isPlain && !server.isTls ? outerProxy(server) : undefined;
  if (!word || !outer || variableName(word.value) !== "scheme" || proxy.setters("x-forwarded-proto").length > 1) return;
  yield {
    place: word,
    severity: "information" as const,
    message: `ActionCable may answer 404 to the handshake on ${pathText(proxy)}. This server is behind another proxy and has no TLS itself: $scheme is http and replaces the https that the outer one has sent.`,
    related: [{ place: outer.directive.head, message: "This is how it shows that a proxy is in front." }],
    fixes: [
      {
        title: "Pass on the outer X-Forwarded-Proto",
        applicability: "suggested" as const,
        edits: [replace(word, "$http_x_forwarded_proto")],
      },
    ],
  };
}

/** What shows that another proxy is in front: only that one can be trusted with the client's address. */
function outerProxy(server: ServerBlock): Entry | undefined {
  for (const scope of server.scope.outwards()) {
    const trusted = scope.own("set_real_ip_from")[0];
    if (trusted) return trusted;
  }
  return undefined;
}

/** Whether the path is ActionCable's, the only server known to compare the schemes too. */
function isActionCable(proxy: ProxyBlock): boolean {
  return proxy.path.some((segments) => segments.at(-1)?.toLowerCase() === "cable");
}

/** Whether some header says it, or an outer level does and this one forgets it, which is another mistake. */
function provesTls(proxy: ProxyBlock): boolean {
  const outer = replacedList(proxy)?.entries ?? [];
  return [...proxy.headers.entries, ...outer].some(({ directive }) =>
    proofs.some((name) => name === directive.arg(0)?.toLowerCase()),
  );
}
