// The parts of the command line whose edge cases are hard to reach from outside.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { diffEdits } from "../server/cli/diff.ts";
import { excerptLine } from "../server/cli/excerpt.ts";
import { renderMarkdown } from "../server/cli/markdown.ts";
import { wrap } from "../server/cli/printable.ts";
import { quoteForShell } from "../server/cli/shell.ts";
import { encodeText, replaceFile } from "../server/cli/write.ts";
import { looksLikeNginx, Project } from "../server/core/index.ts";

test("marks stand under what they mean: tabs, wide and combining characters", () => {
  const cases: readonly (readonly [line: string, part: string, text: string, underline: string])[] = [
    ["a proxy_pass b", "proxy_pass", "a proxy_pass b", "  ^^^^^^^^^^"],
    ["\tx\ty", "y", "    x   y", "        ^"],
    ["漢字 y", "y", "漢字 y", "     ^"],
    ["x 漢字 y", "漢字", "x 漢字 y", "  ^^^^"],
    ["😀 y", "y", "😀 y", "   ^"],
    ["e\u0301 y", "y", "e\u0301 y", "  ^"],
    ["\u0007 y", "y", "\u2407 y", "  ^"],
  ];
  for (const [line, part, text, underline] of cases) {
    const start = line.indexOf(part);
    assert.deepEqual(excerptLine(line, start, start + part.length, 60), { text, underline });
  }
});

test("an empty span at the end of a line has one mark", () => {
  assert.deepEqual(excerptLine("listen 80", 9, 9, 60), { text: "listen 80", underline: "         ^" });
});

test("of a long line the part around the span is shown, whatever stands before and behind", () => {
  for (const filler of ["a", "漢", "😀", "\t"]) {
    for (const [before, behind] of [
      [0, 5000],
      [5000, 0],
      [5000, 5000],
      [41, 3],
    ] as const) {
      const line = `${filler.repeat(before)}TARGET${filler.repeat(behind)}`;
      const start = filler.length * before;
      const { text, underline } = excerptLine(line, start, start + 6, 60);
      assert.ok(text.includes("TARGET"), `${filler} ${before} ${behind}: ${text}`);
      assert.equal(underline.trim(), "^^^^^^");
      assert.ok(underline.length <= 60);
      if (filler === "a") assert.equal(text.indexOf("TARGET"), underline.indexOf("^"));
    }
  }
});

test("a megabyte in one line is shown at once", () => {
  const line = "x".repeat(4_000_000);
  const start = performance.now();
  for (let index = 0; index < 100; index++) excerptLine(line, 2_000_000 + index, 2_000_010 + index, 100);
  assert.ok(performance.now() - start < 2_000);
});

function diff(text: string, edits: readonly (readonly [start: number, end: number, newText: string])[]): string {
  const file = "/a.conf";
  const project = new Project({ read: async () => ({ error: "is not there" }), glob: async () => [] });
  const document = project.open(file, text);
  const lines = diffEdits(
    document,
    edits.map(([start, end, newText]) => ({ file, start, end, newText })),
  );
  return lines.map(({ sign, text: line }) => (sign === "@@" ? `@@ ${line}` : sign + line)).join("\n");
}

test("diffs: insertion, replacement, removal, several places, no final line feed, CRLF", () => {
  const text = "a;\nb;\nc;\nd;\ne;\nf;\ng;\n";
  assert.equal(diff(text, [[5, 5, "\nx;"]]), "@@ -2,2 +2,3 @@\n b;\n+x;\n c;");
  assert.equal(diff(text, [[3, 5, "y;"]]), "@@ -1,3 +1,3 @@\n a;\n-b;\n+y;\n c;");
  assert.equal(diff(text, [[3, 6, ""]]), "@@ -1,3 +1,2 @@\n a;\n-b;\n c;");
  assert.equal(diff(text, [[0, 0, "x;\n"]]), "@@ -1,1 +1,2 @@\n+x;\n a;");
  assert.equal(diff(text, [[21, 21, "x;\n"]]), "@@ -7,1 +7,2 @@\n g;\n+x;");
  assert.equal(
    diff(text, [
      [0, 2, "x;\nx;"],
      [18, 20, "z;"],
    ]),
    "@@ -1,2 +1,3 @@\n-a;\n+x;\n+x;\n b;\n@@ -6,2 +7,2 @@\n f;\n-g;\n+z;",
  );
  assert.equal(diff("a;\r\nb;\r\n", [[2, 2, "\r\nx;"]]), "@@ -1,2 +1,3 @@\n a;\n+x;\n b;");
  assert.equal(diff("a; b; c;", [[3, 5, "x;"]]), "@@ -1,1 +1,1 @@\n-a; b; c;\n+a; x; c;");
});

test("nginx is told from other programs' .conf files", () => {
  const nginx = [
    "server { listen 80; }",
    "events {}\nhttp { include a; }",
    "map $http_upgrade $connection_upgrade {\n  default upgrade;\n}",
    "upstream chat {\n  server 10.0.0.1;\n}",
    "proxy_set_header Host $host;",
    "location ~ \\.php$ {\n}",
    "location = /health {\n}",
    "server {\n  location = /health {\n    return 200;\n  }\n}",
    `# a comment\n\n\nproxy_pass http://some${"$"}{name}.example;`,
  ];
  const others = [
    "bind 127.0.0.1\nport 6379",
    "[Unit]\nDescription=x",
    "<VirtualHost *:80>\nServerName a\n</VirtualHost>",
    'zone "example.com" { type master; file "x"; };',
    "subnet 10.0.0.0 netmask 255.0.0.0 {\n  option routers 10.0.0.1;\n}",
    "server.port = 80\nserver.document-root = '/srv'",
    '{ "server": { "listen": 80 } }',
    "frontend web\n  bind *:80\n  default_backend b",
    'input { beats { port => 5044 } }\nfilter { if [a] == "b" { mutate { } } }',
    "http {\n  host = localhost\n}",
  ];
  for (const text of nginx) assert.equal(looksLikeNginx(text), true, text);
  for (const text of others) assert.equal(looksLikeNginx(text), false, text);
});

test("a file that changed after it was checked is left alone", () => {
  const folder = mkdtempSync(join(tmpdir(), "nginx-write-"));
  try {
    const path = join(folder, "a.conf");
    writeFileSync(path, "new;\n");
    assert.equal(replaceFile(path, "old;\n", "fixed;\n"), "it was changed in the meantime");
    assert.equal(readFileSync(path, "utf8"), "new;\n");
    assert.equal(replaceFile(join(folder, "absent"), "", "x"), "no such file or folder");
    writeFileSync(path, Buffer.from([0xe9, 0x3b]));
    assert.equal(replaceFile(path, "é;", "漢;"), "its encoding cannot hold what the fix writes");
    assert.deepEqual([...readFileSync(path)], [0xe9, 0x3b]);
    assert.equal(replaceFile(path, "é;", "éé;"), undefined);
    assert.deepEqual([...readFileSync(path)], [0xe9, 0xe9, 0x3b]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("encoding gives the bytes back or nothing", () => {
  assert.deepEqual([...(encodeText("é", "latin1") ?? [])], [0xe9]);
  assert.equal(encodeText("漢", "latin1"), undefined);
  assert.deepEqual([...(encodeText("\ufeffé", "utf8") ?? [])], [0xef, 0xbb, 0xbf, 0xc3, 0xa9]);
});

test("rule pages are readable without Markdown", () => {
  const page =
    "# some-rule\n\nText with `code *x*`, **weight** and [a page](other.md).\n\n```nginx\nlocation / {\n}\n```\nEnd.\n";
  assert.equal(
    renderMarkdown(page, (_style, text) => text),
    "some-rule\n\nText with code *x*, weight and a page (other.md).\n\n    location / {\n    }\nEnd.\n",
  );
});

test("words for the shell, and lines of a width", () => {
  assert.equal(quoteForShell("/etc/nginx/nginx.conf:3:1"), "/etc/nginx/nginx.conf:3:1");
  assert.equal(quoteForShell("it's here.conf"), "'it'\\''s here.conf'");
  assert.deepEqual(wrap("one two three", 8), ["one two", "three"]);
  assert.deepEqual(wrap("abcdefghij k", 4), ["abcdefghij", "k"]);
});
