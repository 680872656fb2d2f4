import { acceptOf } from "./frames.ts";

/** Headers as they were written, duplicates included. */
export type Headers = readonly (readonly [name: string, value: string])[];

/** The values of a header, in order. */
export function valuesOf(headers: Headers, name: string): string[] {
  return headers.filter(([each]) => each.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
}

/** What the client sent and the answer has to fit. */
export interface Offer {
  readonly key: string;
  readonly subprotocol?: string | undefined;
}

/** Why a browser refuses a 101 (RFC 6455 section 4.1), in the words of Chromium's console; nothing when it accepts it. */
export function findRefusal(headers: Headers, offer: Offer): string | undefined {
  return (
    checkUpgrade(headers) ??
    checkAccept(headers, offer.key) ??
    checkConnection(headers) ??
    checkSubprotocol(headers, offer.subprotocol)
  );
}

function checkSingle(headers: Headers, name: string): string | undefined {
  const count = valuesOf(headers, name).length;
  if (count === 0) return `'${name}' header is missing`;
  return count > 1 ? `'${name}' header must not appear more than once` : undefined;
}

function checkUpgrade(headers: Headers): string | undefined {
  const wrong = checkSingle(headers, "Upgrade");
  if (wrong !== undefined) return wrong;
  const [value = ""] = valuesOf(headers, "Upgrade");
  return value.toLowerCase() === "websocket" ? undefined : `'Upgrade' header value is not 'WebSocket': ${value}`;
}

function checkAccept(headers: Headers, key: string): string | undefined {
  const wrong = checkSingle(headers, "Sec-WebSocket-Accept");
  if (wrong !== undefined) return wrong;
  const [value] = valuesOf(headers, "Sec-WebSocket-Accept");
  return value === acceptOf(key) ? undefined : "Incorrect 'Sec-WebSocket-Accept' header value";
}

/** Several of these are allowed. */
function checkConnection(headers: Headers): string | undefined {
  const values = valuesOf(headers, "Connection");
  if (values.length === 0) return "'Connection' header is missing";
  const tokens = values.flatMap((value) => value.split(",")).map((token) => token.trim().toLowerCase());
  return tokens.includes("upgrade") ? undefined : "'Connection' header value must contain 'Upgrade'";
}

function checkSubprotocol(headers: Headers, offered: string | undefined): string | undefined {
  const name = "Sec-WebSocket-Protocol";
  const values = valuesOf(headers, name);
  const [value] = values;
  if (values.length > 1) return `'${name}' header must not appear more than once`;
  if (value === undefined) {
    return offered === undefined ? undefined : `Sent non-empty '${name}' header but no response was received`;
  }
  if (offered === undefined) {
    return `Response must not include '${name}' header if not present in request: ${value}`;
  }
  return value === offered
    ? undefined
    : `'${name}' header value '${value}' in response does not match any of sent values`;
}
