import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { Directive } from "../server/core/syntax/directive.ts";
import { Document } from "../server/core/syntax/document.ts";
import { TokenKind, tokenKind, tokenStart } from "../server/core/syntax/token.ts";
import { lineStarts } from "../server/core/text/lines.ts";

const PIECES = [
  "{", "}", ";", ";\n", "}\n", " ", "\n", "\r\n", "\t", '"', "'", "\\", "$", "${", "#", "# note\n", ")", "=", "\ufeff", "é", "€", "😀",
  "http {\n", "server {\n", "  server {\n", "    location / {\n", "stream {", "mail{", "upstream u {\n", "map a b {\n", "events {\n", "types {",
  "listen 80;\n", "listen 80\n", "  proxy_pass http://u\n", "  proxy_set_header Upgrade $x;\n", "root /x;", "server a:1;\n", "default 0\n",
  "return 204;", "content_by_lua_block {", "--[[", "]]", "[=[", 'say("}")', "if ($a = \"b\") {", "'' close;\n", "  }\n", "    }\n", "x".repeat(1500), "y z;\n".repeat(500),
]; // biome-ignore format: a list of pieces
const texts = fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((pieces) => pieces.join(""));
const anyText = fc.oneof(texts, fc.string({ maxLength: 60 }), fc.string({ unit: "binary", maxLength: 60 }));

interface FlatToken {
  readonly start: number;
  readonly kind: TokenKind;
}

/** The tokens of a document; spaces that a boundary divides are one. */
function flatTokens(document: Document): FlatToken[] {
  const flat: FlatToken[] = [];
  for (const { tokens, offset } of document.segments) {
    for (const packed of tokens) {
      const kind = tokenKind(packed);
      if (kind === TokenKind.Space && flat.at(-1)?.kind === TokenKind.Space) continue;
      flat.push({ start: offset + tokenStart(packed), kind });
    }
  }
  return flat;
}

/** Every directive with its depth, names, arguments and places. */
function flatStatements(document: Document): unknown[] {
  const flat: unknown[] = [];
  const stack = document.directives().map((directive) => ({ directive, depth: 0 }));
  stack.reverse();
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { directive, depth } = next;
    const { offset } = directive.segment;
    const { start, end } = directive.head;
    const close = directive.segment.kind === "open" ? -1 : offset + directive.place.end;
    const words = directive.words.map((word) => [word.value, offset + word.start, offset + word.end]);
    flat.push([depth, directive.isBlock, offset + start, offset + end, close, words]);
    for (const child of directive.children().toReversed()) stack.push({ directive: child, depth: depth + 1 });
  }
  return flat;
}

function flatErrors(document: Document): unknown[] {
  return document.syntaxErrors().map(({ segment: { offset }, error: { start, end, stop, insert, ...rest } }) => ({
    ...rest,
    start: offset + start,
    end: offset + end,
    stop: offset + stop,
    insert: insert && { ...insert, at: offset + insert.at },
  }));
}

test("reading never fails and loses nothing", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const document = new Document("/a", text);
      assert.equal(document.text, text);
      assert.equal(document.length, text.length);
      for (const segment of document.segments) {
        let end = 0;
        for (const [index, packed] of segment.tokens.entries()) {
          assert.equal(tokenStart(packed), end, "tokens have no gaps");
          end = segment.tokenEnd(index);
          const place = { start: segment.offset + tokenStart(packed), end: segment.offset + end };
          checkKind(tokenKind(packed), plainText(document, place));
        }
        assert.equal(end, segment.text.length, "tokens cover the text");
      }
      for (const { segment, error } of document.syntaxErrors()) {
        assert.ok(
          error.start >= 0 && error.start < error.end && error.end <= segment.text.length,
          "a place to underline",
        );
        assert.ok(segment.offset + error.stop <= document.length);
      }
      flatStatements(document);
    }),
    { numRuns: 3000 },
  );
});

/** The text of a token as it is read: a name that a template puts in the place of statements is so much space. */
function plainText(document: Document, { start, end }: { readonly start: number; readonly end: number }): string {
  let text = document.slice(start, end);
  for (const construct of document.constructs) {
    if (construct.kind !== "insertion" || construct.start < start || construct.end > end) continue;
    const from = construct.start - start;
    text = text.slice(0, from) + " ".repeat(construct.end - construct.start) + text.slice(construct.end - start);
  }
  return text;
}

function checkKind(kind: TokenKind, text: string): void {
  assert.notEqual(text, "");
  if (kind === TokenKind.Space) assert.match(text, /^[ \t\r\n]+$/);
  if (kind === TokenKind.Comment) assert.match(text, /^#[^\n]*$/);
  if (kind === TokenKind.Semicolon) assert.equal(text, ";");
  if (kind === TokenKind.Open) assert.equal(text, "{");
  if (kind === TokenKind.Close) assert.equal(text, "}");
  if (kind === TokenKind.DoubleQuoted) assert.equal(text[0], '"');
  if (kind === TokenKind.SingleQuoted) assert.equal(text[0], "'");
  if (kind === TokenKind.Word) assert.doesNotMatch(text, /^[ \t\r\n;{#]/);
}

test("a document after edits is the document of the new text", () => {
  const edits = fc.array(
    fc.record({
      at: fc.nat(),
      length: fc.oneof(fc.nat(3), fc.nat(200)),
      text: fc.oneof(texts, fc.constantFrom(...PIECES), fc.constant("")),
    }),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(texts, edits, (text, changes) => {
      const document = new Document("/a", text);
      let expected = text;
      for (const change of changes) {
        const start = change.at % (expected.length + 1);
        const end = Math.min(expected.length, start + change.length);
        document.change({ start, end, text: change.text });
        expected = expected.slice(0, start) + change.text + expected.slice(end);
        const fresh = new Document("/a", expected);
        assert.equal(document.text, expected);
        assert.deepEqual(flatTokens(document), flatTokens(fresh));
        assert.deepEqual(flatErrors(document), flatErrors(fresh));
        assert.deepEqual(flatStatements(document), flatStatements(fresh));
        assert.equal(document.lineCount, fresh.lineCount);
      }
    }),
    { numRuns: Number(process.env.EDIT_RUNS ?? 1500) },
  );
});

test("positions are those of the whole text", () => {
  fc.assert(
    fc.property(texts, fc.nat(), (text, seed) => {
      const document = new Document("/a", text);
      const starts = [0, ...lineStarts(text)];
      const offset = seed % (text.length + 1);
      const line = starts.findLastIndex((start) => start <= offset);
      const position = { line, character: offset - (starts[line] as number) };
      assert.deepEqual(document.positionAt(offset), position);
      assert.equal(document.offsetAt(position), offset);
      assert.equal(document.lineCount, starts.length);
      assert.equal(document.lineText(line), (text.split("\n")[line] as string).replace(/\r$/, ""));
    }),
    { numRuns: 1500 },
  );
});

test("a hundred thousand levels are read and walked without recursion", () => {
  const levels = 100_000;
  const document = new Document("/a", `${"location / {".repeat(levels)}root /x;${"}".repeat(levels)}`);
  assert.deepEqual(document.syntaxErrors(), []);
  let depth = 0;
  let [directive] = document.directives() as [Directive | undefined];
  while (directive?.isBlock) {
    depth++;
    assert.equal(directive.name, "location");
    const children: readonly Directive[] = directive.children();
    assert.equal(children.length, 1);
    directive = children[0];
  }
  assert.equal(depth, levels);
  assert.equal(directive?.arg(0), "/x");
});
