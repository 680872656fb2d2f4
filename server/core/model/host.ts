import type { ProxyBlock } from "./proxy.ts";
import type { Entry } from "./scope.ts";
import { variableName } from "./variables.ts";

/** What the backend gets as Host, and the directive that says so; none for nginx's own default. */
export interface ForwardedHost {
  /**
   * `upstream`: the name in proxy_pass. `placeholder`: `$server_name` of a server that is named `_` or not at all.
   * `without-port`: `$host`. `other`: the client's own, a fixed name, or something that cannot be told from here.
   */
  readonly kind: "upstream" | "placeholder" | "without-port" | "other";
  readonly entry: Entry | undefined;
}

/** Looks at the Host header that a location sends; `names` are those of its server. */
export function forwardedHost(proxy: ProxyBlock, names: readonly string[]): ForwardedHost {
  const setters = proxy.setters("host");
  const [entry] = setters;
  if (!entry) return { kind: "upstream", entry: undefined };
  const value = entry.directive.arg(1) ?? "";
  return { kind: setters.length > 1 ? "other" : kindOf(value, names), entry };
}

function kindOf(value: string, names: readonly string[]): ForwardedHost["kind"] {
  const [first = ""] = names;
  switch (variableName(value.replace(/:\$(?:proxy_port|\{proxy_port\})$/, ""))) {
    case "proxy_host":
      return "upstream";
    case "host":
      return "without-port";
    case "server_name":
      return first === "_" || first === "" ? "placeholder" : "other";
    default:
      return "other";
  }
}

/** `$proxy_host`: the host in proxy_pass, with the port where the scheme does not imply it; undefined when a variable decides. */
export function proxyHost(proxy: ProxyBlock): string | undefined {
  const texts = proxy.evaluation("websocket").evaluate(proxy.url.value);
  const match = texts?.length === 1 ? /^(https?):\/\/(unix:|[^/?]+)/i.exec(texts[0] ?? "") : undefined;
  const [, scheme, authority] = match ?? [];
  if (scheme === undefined || authority === undefined) return undefined;
  if (authority.toLowerCase() === "unix:") return "localhost";
  return authority.replace(scheme.toLowerCase() === "https" ? /:443$/ : /:80$/, "").toLowerCase();
}

/** Whether a name or address (with or without a port) can be reached from inside only: no public server goes by it. */
function isInternalHost(address: string): boolean {
  if (address.startsWith("unix:") || address.startsWith("[")) return true;
  const host = address.replace(/:\d+$/, "").toLowerCase();
  if (!host.includes(".") || /^\d+(?:\.\d+){3}$/.test(host)) return true;
  return /\.(?:local|localhost|localdomain|internal|lan|home|test|docker|consul|svc)$/.test(host);
}

/** Whether everything behind a location's proxy_pass is an internal server, which has no name of its own to insist on. */
export function hasInternalBackend(proxy: ProxyBlock): boolean {
  const host = proxyHost(proxy);
  if (host === undefined) return false;
  const upstream = proxy.environment.upstreams.get(host);
  if (!upstream) return isInternalHost(host);
  return upstream.isKnown && upstream.servers.every(({ address }) => isInternalHost(address));
}
