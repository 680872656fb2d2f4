import { misspeltOf } from "./spelling.ts";

/** The requests that the model plays through a configuration. */
export type RequestKind = "websocket" | "plain" | "h2c";

/**
 * What a request variable can be, in the request a browser sends: a WebSocket handshake (RFC 6455, section 4.1) or
 * a plain GET; or in one that asks for HTTP/2 (`h2c`, RFC 7540, section 3.2), as no browser does. Undefined: anything.
 */
export function requestVariable(name: string, kind: RequestKind): readonly string[] | undefined {
  const websocket = kind === "websocket";
  switch (name) {
    case "http_upgrade":
      return [kind === "plain" ? "" : kind];
    case "http_connection":
      if (kind === "h2c") return ["Upgrade, HTTP2-Settings"];
      // Chromium and Firefox; a plain request has keep-alive, close or nothing.
      return websocket ? ["Upgrade", "keep-alive, Upgrade"] : ["keep-alive", "close", ""];
    case "http_sec_websocket_version":
      return [websocket ? "13" : ""];
    case "http_sec_websocket_key":
    case "http_sec_websocket_protocol":
    case "http_sec_websocket_extensions":
      return websocket ? undefined : [""];
    case "request_method":
      return ["GET"];
    case "server_protocol":
      return websocket ? ["HTTP/1.1"] : undefined;
    case "content_length":
    case "content_type":
      return [""];
    case "connection":
    case "connection_requests":
      // A serial number and a counter, whatever their names suggest.
      return ["1"];
    default:
      // The answer of the upstream does not exist yet when the request is made, and nobody sends `Upgarde:`.
      return /^(?:upstream|sent)_http_/.test(name) || misspeltRequestVariable(name) !== undefined ? [""] : undefined;
  }
}

/** `$http_upgrade` or `$http_connection`, when a variable (lower-case name) is one of them with one or two letters wrong. */
export function misspeltRequestVariable(name: string): string | undefined {
  // `X-Upgrade` is a header of its own.
  return name.startsWith("http_x_") ? undefined : misspeltOf(name, ["http_upgrade", "http_connection"]);
}
