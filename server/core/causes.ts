import type { Cause } from "./finding.ts";

/** The nine causes of trouble, as people look for them; the rest has none of them. */
export const causeTitles: Readonly<Record<Cause, string>> = {
  1: "The Upgrade header does not arrive",
  2: "The Connection header and its map",
  3: "Time-outs",
  4: "TLS: wss:// and https:// backends",
  5: "Buffers and caches",
  6: "Message and body size",
  7: "ws:// or wss://: redirects and browsers",
  8: "Several backends",
  9: "The backend gets something it does not expect",
};

/** What has no number: limits, security, the file itself. */
export const otherTitle = "Limits, security and the file itself";
