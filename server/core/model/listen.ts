import type { Directive } from "../syntax/directive.ts";

/** A `listen` directive (ngx_http_core_listen). */
export interface Listen {
  readonly directive: Directive;
  /** The address without the port, `*` for all of IPv4; `unix:…` for a socket. */
  readonly address: string;
  /** 0 for a UNIX-domain socket or a port that a variable or template decides. */
  readonly port: number;
  readonly ssl: boolean;
  readonly quic: boolean;
  readonly http2: boolean;
  readonly isDefault: boolean;
  readonly proxyProtocol: boolean;
  /** The parameters after the address, as nginx reads them. */
  readonly parameters: readonly string[];
}

/** Reads a `listen` directive; undefined when it has no argument. */
export function readListen(directive: Directive): Listen | undefined {
  const [address, ...rest] = directive.args;
  if (!address) return undefined;
  const parameters = rest.map((word) => word.value);
  const { host, port } = splitAddress(address.value);
  return {
    directive,
    address: host,
    port,
    ssl: parameters.includes("ssl"),
    quic: parameters.includes("quic"),
    http2: parameters.includes("http2"),
    isDefault: parameters.includes("default_server") || parameters.includes("default"),
    proxyProtocol: parameters.includes("proxy_protocol"),
    parameters,
  };
}

function splitAddress(text: string): { host: string; port: number } {
  if (text.startsWith("unix:")) return { host: text, port: 0 };
  if (/^\d+$/.test(text)) return { host: "*", port: Number(text) };
  const match = /^(\[[^\]]*\]|[^:]*)(?::(\S+))?$/.exec(text);
  const host = match?.[1] === "" ? "*" : (match?.[1] ?? text);
  const port = match?.[2];
  if (port === undefined) return { host, port: text.includes("$") || text.includes("{") ? 0 : 80 };
  return { host, port: /^\d+$/.test(port) ? Number(port) : 0 };
}
