import { addHeader } from "../edits/header-line.ts";
import { replace } from "../edits/insert.ts";
import { type ForwardedHost, forwardedHost, hasInternalBackend, proxyHost } from "../model/host.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import { type ServerBlock, serverOf } from "../model/server.ts";
import { handshakeGap, isMeant, passPlace, pathText, replacedList } from "./handshake.ts";
import type { DraftFix, Rule } from "./rule.ts";

/** The backend sees another host than the browser does. */
export const hostNotForwarded: Rule = {
  id: "host-not-forwarded",
  severity: "warning",
  cause: 9,
  what: "The backend does not get the Host that the browser asked for.",
  why: "Backends that compare Origin with Host see two different ones and refuse the handshake: 403, with ActionCable 404.",
  fixable: "suggested",
  isStructural: true,
  check: {
    *proxy(proxy, environment) {
      // First things first: without the handshake's own headers no Host helps.
      if (!isMeant(proxy) || handshakeGap(proxy) !== "none" || !hasInternalBackend(proxy)) return;
      if (proxy.headers.certainty === "doubtful" || proxy.setters("origin").length > 0) return;
      const scope = proxy.scope.nearest("server");
      const server = scope && serverOf(scope, environment);
      const host = forwardedHost(proxy, server?.names ?? ["?"]);
      if (host.kind !== "upstream" && host.kind !== "placeholder") return;
      if (isPublicName(proxy, server) || isLostOnTheWay(proxy)) return;
      const word = host.entry?.directive.args[1];
      yield {
        place: word ?? passPlace(proxy),
        severity: checksOrigin(proxy) ? "warning" : "information",
        message: `Backends that compare Origin with Host refuse the handshake on ${pathText(proxy)}. ${sentence(proxy, host)}`,
        fixes: [forwardHost(proxy, host)],
      };
    },
  },
};

/** Whether the path is that of a server which compares the two unless it is told otherwise: ActionCable, Jupyter. */
function checksOrigin(proxy: ProxyBlock): boolean {
  return proxy.path.some((segments) =>
    /^cable\/|\/cable\/|(?:^|\/)(?:api\/kernels|terminals\/websocket)\//.test(`${segments.join("/").toLowerCase()}/`),
  );
}

/** Whether the browser knows the backend by the very name in proxy_pass. */
function isPublicName(proxy: ProxyBlock, server: ServerBlock | undefined): boolean {
  const [name = "", port] = (proxyHost(proxy) ?? "").split(":");
  if (!server?.names.includes(name)) return false;
  return port === undefined || server.listens.some((listen) => listen.port === Number(port));
}

/** Whether an outer level sets Host, and this one forgets it: then that is the mistake. */
function isLostOnTheWay(proxy: ProxyBlock): boolean {
  const outer = replacedList(proxy)?.entries ?? [];
  return outer.some(({ directive }) => directive.arg(0)?.toLowerCase() === "host");
}

function sentence(proxy: ProxyBlock, { kind }: ForwardedHost): string {
  const what =
    kind === "placeholder"
      ? "Host is $server_name here, and this server has no real name"
      : `They get Host: ${proxyHost(proxy)} from proxy_pass instead of the name in the address bar`;
  return `${what}: Tornado, gorilla and nhooyr answer 403, ActionCable answers 404.`;
}

/** Passes on what the client sent, with the port. */
export function forwardHost(proxy: ProxyBlock, { entry }: Pick<ForwardedHost, "entry">): DraftFix {
  const word = entry?.directive.args[1];
  const isAlone = word !== undefined || proxy.headers.entries.length === 0 || proxy.headers.scope === proxy.location;
  return {
    title: `Forward the client's Host${isAlone ? "" : ", keep the inherited headers"}`,
    applicability: "suggested",
    edits: [word ? replace(word, "$http_host") : addHeader(proxy, "proxy_set_header Host $http_host;")],
  };
}
