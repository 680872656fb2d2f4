// The TextMate grammar: what it calls things (caret files), whether it cuts texts where nginx does, and whether a long
// line stays cheap.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { hasScope, readAssertions } from "./grammar/assertions.ts";
import { type CharacterKind, classifyCharacters } from "./grammar/read-token.ts";
import { countTokens, loadGrammar, scopeLines } from "./grammar/tokenize.ts";
import { randomTexts, trickyTexts } from "./grammar/tricky-texts.ts";

const folder = "test/grammar";
const loaded = loadGrammar();

for (const name of readdirSync(folder).filter((each) => each.endsWith(".conf"))) {
  test(`scopes of ${name}`, async () => {
    const { code, assertions } = readAssertions(readFileSync(join(folder, name), "utf8"));
    const scoped = scopeLines(await loaded, code);
    assert.ok(assertions.length > 0, "no caret line found");
    for (const { line, codeLine, start, end, present, absent } of assertions) {
      const characters = scoped[codeLine]?.slice(start, end) ?? [];
      const where = `${name}:${line}, about "${code[codeLine]?.slice(start, end)}"`;
      assert.equal(characters.length, end - start, `${where}: the carets reach beyond the line`);
      for (const scopes of characters) {
        for (const each of present) assert.ok(hasScope(scopes, each), `${where}: no ${each} in ${scopes.join(" ")}`);
        for (const each of absent) assert.ok(!hasScope(scopes, each), `${where}: ${each} in ${scopes.join(" ")}`);
      }
    }
  });
}

/** What the grammar calls a character, in the reference's words. */
function kindOf(scopes: readonly string[]): CharacterKind {
  if (hasScope(scopes, "comment")) return "c";
  if (hasScope(scopes, "string.quoted") || hasScope(scopes, "string.regexp.quoted")) return "q";
  if (hasScope(scopes, "punctuation.terminator.statement")) return ";";
  if (hasScope(scopes, "punctuation.section.block.begin")) return "{";
  if (hasScope(scopes, "punctuation.section.block.end")) return "}";
  return ".";
}

test("the grammar finds comments, strings, semicolons and braces where nginx does", async () => {
  const grammar = await loaded;
  let compared = 0;
  for (const text of [...trickyTexts, ...randomTexts(2_000, 7)]) {
    const expected = classifyCharacters(text);
    // A line break belongs to no line, so the grammar says nothing about it.
    const actual = scopeLines(grammar, text.split("\n"))
      .map((line) => line.map(kindOf).join(""))
      .join("\n")
      .slice(0, expected.length);
    const wanted = expected.map((kind, at) => (text[at] === "\n" ? "\n" : kind)).join("");
    assert.equal(actual, wanted, JSON.stringify(text));
    compared += expected.length;
  }
  assert.ok(compared > 20_000, `only ${compared} characters compared`);
});

test("the reference stops where nginx stops", () => {
  const readUpTo = (text: string): number => classifyCharacters(text).length;
  assert.equal(readUpTo('a "b"c; d;'), 5);
  assert.equal(readUpTo("a; } b;"), 3);
  assert.equal(readUpTo("a } b;"), 2);
  assert.equal(readUpTo("; a;"), 0);
  assert.equal(readUpTo("a { b; } c;"), 11);
});

test("a line twice as long has twice as many pieces", async () => {
  const grammar = await loaded;
  const fillings: readonly (readonly [head: string, filling: string])[] = [
    ["a ", "${"],
    ["a ", "\\"],
    ["a ", "b=1 "],
    ["a ", "''"],
    ["a ", "1m"],
    ["a ", "~"],
    ["", "_by_lua_block"],
    ["", "a b;"],
    ["", "}"],
    ["location ~ ", "("],
    ["location ~ ", "(?<a"],
    ["location ~ ", "["],
    ['location ~ "', "{1,"],
    ["if (", ") "],
    ["map a b {", "~a b;"],
    ["a_by_lua_block {", "[="],
    ["a_by_lua_block {", "--[["],
  ];
  for (const [head, filling] of fillings) {
    const [short, long, longer] = [100, 1_000, 2_000].map((n) => countTokens(grammar, head + filling.repeat(n)));
    // From two lengths follows the third, if each piece of text costs the same.
    const perFilling = (long! - short!) / 900;
    assert.equal(longer, long! + 1_000 * perFilling, JSON.stringify(filling));
  }
});
