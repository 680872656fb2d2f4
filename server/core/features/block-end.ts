import type { Directive, Place } from "../syntax/directive.ts";
import { TokenKind, tokenKind } from "../syntax/token.ts";

/**
 * A place that ends where a statement ends, with its block. The brace of an `http` that was cut into segments is in one of
 * the following ones; without it, the block goes on to where the next one outside of it begins.
 */
export function blockEnd(directive: Directive): Place {
  const { segment } = directive;
  if (segment.kind !== "open") return directive.place;
  const { segments } = segment.document;
  let at = segment.index + 1;
  while (segments[at]?.container === segment) at++;
  const close = segments[at];
  if (close?.kind === "close") {
    const token = close.tokens.findIndex((packed) => tokenKind(packed) === TokenKind.Close);
    if (token >= 0) return { segment: close, start: 0, end: close.tokenEnd(token) };
  }
  const last = segments[at - 1];
  return last && last !== segment ? { segment: last, start: 0, end: last.text.length } : directive.place;
}
