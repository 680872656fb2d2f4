import { Document } from "../../server/core/syntax/document.ts";
import type { Stop } from "./reference-reader.ts";

/** The first syntax error that we say nginx reports, in nginx's terms; undefined when we find none. */
export function readAsWeDo(text: string): (Stop & { readonly isSyntaxOnly: boolean }) | undefined {
  const document = new Document("/nginx.conf", text);
  const [first] = document.syntaxErrors();
  if (!first) return undefined;
  const stop = first.segment.offset + first.error.stop;
  const { message } = first.error;
  const line = document.positionAt(stop).line + 1;
  // nginx prints the first byte of a character it did not expect.
  const bytes = Buffer.from(message).toString("latin1");
  const [, unexpected] = /^unexpected "(.).*"$/s.exec(bytes) ?? [];
  return {
    message: unexpected ? `unexpected "${unexpected}"` : bytes,
    line,
    read: Buffer.byteLength(text.slice(0, stop)),
    isSyntaxOnly: /^(unexpected|too long)/.test(message),
  };
}

/** Whether two messages are the same, where one may quote a broken character that the other leaves out. */
export function areAlike(one: string, other: string): boolean {
  return shorten(one) === shorten(other);
}

function shorten(message: string): string {
  return message.replace(/^(too long parameter "[\x00-\x7f]*).*\.\.\." started$/s, '$1..." started');
}
