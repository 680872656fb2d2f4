/** Whether a header value is a list that holds the token `upgrade` (RFC 9110, section 7.8; case does not count). */
export function hasUpgradeToken(value: string): boolean {
  return hasToken(value, "upgrade");
}

/** Whether a header value is a list that holds the protocol `websocket` (RFC 6455, section 4.2.1). */
export function hasWebsocketToken(value: string): boolean {
  return hasToken(value, "websocket");
}

function hasToken(value: string, token: string): boolean {
  return value.split(",").some((part) => part.trim().toLowerCase() === token);
}
