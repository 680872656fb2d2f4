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
      return /^(?:upstream|sent)_http_/.test(name) || isMisspelt(name) ? [""] : undefined;
  }
}

/** Whether a variable is `$http_upgrade` or `$http_connection` with one or two letters wrong. */
function isMisspelt(name: string): boolean {
  return ["http_upgrade", "http_connection"].some(
    (right) => Math.abs(name.length - right.length) <= 2 && distance(name, right) <= 2,
  );
}

/** How many letters have to be changed, added, dropped or swapped to turn one word into the other. */
function distance(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1];
      let best = Math.min(
        (current[column - 1] ?? 0) + 1,
        (last[column] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]) {
        best = Math.min(best, (beforeLast[column - 2] ?? 0) + 1);
      }
      current.push(best);
    }
    beforeLast = last;
    last = current;
  }
  return last[right.length] ?? 0;
}
