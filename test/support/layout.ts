import { Document } from "../../server/core/syntax/document.ts";
import { TokenKind, tokenKind, tokenStart } from "../../server/core/syntax/token.ts";

/** Changes the tokens of one kind in a configuration; all others stay as they are. */
function changeTokens(text: string, kind: TokenKind, change: (token: string) => string): string {
  const document = new Document("/source.conf", text);
  return document.segments
    .map((segment) =>
      Array.from(segment.tokens, (packed, index) => {
        const token = segment.text.slice(tokenStart(packed), segment.tokenEnd(index));
        return tokenKind(packed) === kind ? change(token) : token;
      }).join(""),
    )
    .join("");
}

/** The same configuration without comments, each line feed kept. */
export function withoutComments(text: string): string {
  return changeTokens(text, TokenKind.Comment, () => "");
}

/** Changes the white space between tokens. */
export function respace(text: string, change: (space: string) => string): string {
  return changeTokens(text, TokenKind.Space, change);
}

/** Other ways to lay the same configuration out; a comment needs its line feed, so those on one line have none. */
export const layouts: Readonly<Record<string, (text: string) => string>> = {
  CRLF: (text) => text.replaceAll("\n", "\r\n"),
  tabs: (text) => respace(text, (space) => space.replaceAll("    ", "\t")),
  "one line": (text) => respace(withoutComments(text), () => " "),
  "a line for each token": (text) => respace(withoutComments(text), () => "\n"),
  "a comment after each line": (text) => respace(text, (space) => space.replaceAll("\n", " # note; { }\n")),
};
