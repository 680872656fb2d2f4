import assert from "node:assert/strict";
import { test } from "node:test";
import { Document } from "../server/core/syntax/document.ts";

// Texts that make careless parsers slow. The work is counted, not timed: every look at a character of the text.

const PATTERNS: Readonly<Record<string, string>> = {
  "open braces": "{",
  "open braces on lines": "{\n",
  "closing braces": "}",
  "closing braces on lines": " }\n",
  "double quotes": '"',
  "single quotes on lines": "'\n",
  semicolons: ";",
  dollars: "$",
  "dollars and braces": "${",
  backslashes: "\\",
  brackets: "[[",
  servers: "server{",
  "servers on lines": "server {\n",
  containers: "http{",
  "closed containers": "http{}",
  "braces in the wrong order": "}a;http{",
  "words on lines": "listen 80\n",
  "names without an end": "proxy_pass\n",
  "half statements": 'a "b"c;',
  "quotes that stay open": ' "\n',
  "braces too many": "server {\n  location / {\n  }\n    }\n  listen 80;\n}\n",
  "braces too few": "server {\n  location / {\n}\n",
  "Lua brackets": "x_by_lua_block{[[}",
  "Lua comments": "x_by_lua_block{--[==[}",
  "lines of a map": "map a b {\n x\n y\n",
  "byte order marks": "\ufeff#\n",
  comments: "# note\n",
  spaces: " ",
  "one long word": "x",
  "letters of three bytes": "€",
};

/** How many characters reading a text looks at. */
function countLooks(text: string): number {
  const { charCodeAt, indexOf, startsWith } = String.prototype;
  let looks = 0;
  try {
    String.prototype.charCodeAt = function (at) {
      looks++;
      return charCodeAt.call(this, at);
    };
    String.prototype.indexOf = function (what, from = 0) {
      const found = indexOf.call(this, what, from);
      looks += (found < 0 ? this.length : found + 1) - Math.min(from, this.length);
      return found;
    };
    String.prototype.startsWith = function (what, from) {
      looks += what.length;
      return startsWith.call(this, what, from);
    };
    new Document("/a", text).syntaxErrors();
  } finally {
    Object.assign(String.prototype, { charCodeAt, indexOf, startsWith });
  }
  return looks;
}

for (const [name, pattern] of Object.entries(PATTERNS)) {
  test(`reading ${name} is work in proportion to the text`, () => {
    const units = 60_000;
    const text = pattern.repeat(Math.ceil(units / pattern.length));
    const looks = countLooks(text);
    const twice = countLooks(text + text);
    assert.ok(twice < 2.5 * looks + 1000, `${looks} looks for ${text.length} characters, ${twice} for twice as many`);
    assert.ok(looks < 20 * units, `${looks} looks for ${units} characters`);
  });
}

/** The patterns that are read at full length; the others make as many objects as the text has lines. */
const LONG = [
  "open braces",
  "closing braces",
  "double quotes",
  "semicolons",
  "dollars",
  "backslashes",
  "brackets",
  "servers",
  "one long word",
];

for (const [name, pattern] of Object.entries(PATTERNS)) {
  const length = LONG.includes(name) ? 10_000_000 : 1_000_000;
  test(`${length / 1e6} million characters of ${name} are read and edited`, { timeout: 60_000 }, () => {
    const text = pattern.repeat(Math.ceil(length / pattern.length));
    const document = new Document("/a", text);
    assert.equal(document.length, text.length);
    document.syntaxErrors();
    document.change({ start: length / 2, end: length / 2 + 1, text: ";" });
    assert.equal(document.length, text.length);
  });
}

test("a comment of a megabyte is one error", () => {
  const document = new Document("/a", `#${"x".repeat(1_000_000)}\nevents {}\n`);
  const messages = document.syntaxErrors().map(({ error }) => error.message);
  assert.deepEqual(messages, ['too long parameter "#xxxxxxxxx..." started']);
});

test("an edit in a long document reads a piece of it", () => {
  const server = "  server {\n    listen 80;\n    location / {\n      root /x;\n    }\n  }\n";
  const text = `http {\n${server.repeat(15_000)}}\n`;
  const document = new Document("/a", text);
  const before = new Set(document.segments);
  const at = text.indexOf("root", 500_000);
  document.change({ start: at, end: at + 4, text: "alias" });
  const fresh = document.segments.filter((segment) => !before.has(segment));
  assert.ok(fresh.length <= 2, `${fresh.length} segments were made`);
  assert.ok(fresh.reduce((sum, segment) => sum + segment.text.length, 0) < 8192);
  assert.deepEqual(document.syntaxErrors(), []);
});
