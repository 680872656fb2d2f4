import assert from "node:assert/strict";
import { test } from "node:test";
import { splitLinks } from "../client/answer-links.ts";

/** The words that lead somewhere, and where. */
function wordsOf(markdown: string): readonly (readonly [string, string])[] {
  const { text, links } = splitLinks(markdown);
  return links.map(({ start, end, address }) => [text.slice(start, end), address]);
}

test("addresses leave the text and stay behind the words", () => {
  const markdown =
    "# Title\n\n- [chat.conf:16](file:///srv/chat.conf#L16): [some-rule](docs:/some-rule.md): it fails.\n";
  assert.equal(splitLinks(markdown).text, "# Title\n\n- chat.conf:16: some-rule: it fails.\n");
  assert.deepEqual(wordsOf(markdown), [
    ["chat.conf:16", "file:///srv/chat.conf#L16"],
    ["some-rule", "docs:/some-rule.md"],
  ]);
});

test("escaped names are read as they are called", () => {
  assert.deepEqual(wordsOf("[my\\_site\\[1\\].conf:3](file:///my_site%5B1%5D%28a%29.conf#L3)"), [
    ["my_site[1].conf:3", "file:///my_site%5B1%5D%28a%29.conf#L3"],
  ]);
});

test("what is no link stays as it is", () => {
  for (const text of ["", "no link", "`[a](b)` in a log", "\\[a\\](b)", "[a] (b)", "[a](b c)", "2024 [error] 1#0: x"]) {
    assert.deepEqual(splitLinks(text), { text, links: [] });
  }
});
