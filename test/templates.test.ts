// Templates: no storm of syntax errors, no claims about what a template decides, and the sure mistakes all the same.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { type Finding, Project } from "../server/core/index.ts";
import { Document } from "../server/core/syntax/document.ts";
import { coverConstructs } from "../server/core/syntax/template-text.ts";

const nothing = { read: async () => ({ error: "does not exist" }), glob: async () => [] };
const folder = "test/templates";

async function judge(text: string): Promise<{ project: Project; findings: readonly Finding[] }> {
  const project = new Project(nothing);
  project.open("/etc/nginx/templates/site.conf", text);
  await project.load(["/etc/nginx/templates/site.conf"]);
  return { project, findings: project.findings("/etc/nginx/templates/site.conf") };
}

/** What the comments `#! SEVERITY RULE` say about the line before them, `#!` being no construct of any template. */
function expectedIn(text: string): string[] {
  const expected: string[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const match = /^\s*#! (\w+) ([\w-]+)$/.exec(line);
    if (match) expected.push(`${index} ${match[1]} ${match[2]}`);
  }
  return expected;
}

for (const name of readdirSync(folder)) {
  const text = readFileSync(join(folder, name), "utf8");
  test(`${name}: what is said is marked, and all of it is`, async () => {
    const { project, findings } = await judge(text);
    const document = project.document("/etc/nginx/templates/site.conf")!;
    const found = findings.map(
      ({ rule, severity, span }) => `${document.positionAt(span.start).line + 1} ${severity} ${rule}`,
    );
    assert.deepEqual(found.toSorted(), expectedIn(text).toSorted());
    for (const { fixes } of findings) {
      for (const { title, edits } of fixes) {
        for (const { start, end } of edits) {
          assert.doesNotMatch(text.slice(start, end), /\{\{|\{%|<%/, `${title} replaces what a template writes`);
        }
      }
    }
  });

  test(`${name}: read at once or edit by edit, it is the same`, () => {
    const half = text.length >> 1;
    const document = new Document("/x", text.slice(0, half));
    for (const [index, unit] of [...text.slice(half)].entries()) {
      const at = half + index;
      document.change({ start: at, end: at, text: unit });
    }
    assert.equal(document.text, text);
    assert.deepEqual(shapeOf(document), shapeOf(new Document("/x", text)));
  });
}

function shapeOf(document: Document): unknown {
  const describe = (directives: ReturnType<Document["directives"]>): unknown[] =>
    directives.map((directive) => [directive.words.map(({ raw }) => raw), describe(directive.children())]);
  return [
    describe(document.directives()),
    document.constructs,
    document.syntaxErrors().map(({ error }) => error.message),
  ];
}

test("covering keeps every offset, and edits of any kind lead to the same document", () => {
  const pieces = [
    "{{ x }}",
    "{{",
    "}}",
    "{% if a %}",
    "{% endif %}",
    "<%= y %>",
    "<%",
    "%>",
    "{# c #}",
    "{#",
    "\n",
    " ",
    ";",
  ];
  const more = [
    "server {",
    "}",
    "listen ",
    "80",
    "http {",
    "# ",
    `$${"{PORT}"}`,
    "\n__NAME__\n",
    "@X@",
    "'",
    '"',
    "{{- end }}",
    "[% x %]",
    "[%- END -%]",
    "[[ .X ]]",
    "<#if x>",
    "</#if>",
    "<tmpl_var name='x'>",
    "{/tmpl_if}",
    "\n[#list x as y]\n",
    "\n@if (x)\n",
    "\n%name%\n",
    "{NAME}",
  ];
  const texts = fc.array(fc.constantFrom(...pieces, ...more), { maxLength: 30 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(texts, fc.nat(), fc.nat(), fc.constantFrom(...pieces, ...more), (text, from, length, insert) => {
      assert.equal((coverConstructs(text)?.text ?? text).length, text.length);
      const start = from % (text.length + 1);
      const end = Math.min(text.length, start + (length % 8));
      const document = new Document("/x", text);
      document.change({ start, end, text: insert });
      const after = text.slice(0, start) + insert + text.slice(end);
      assert.equal(document.text, after);
      assert.deepEqual(shapeOf(document), shapeOf(new Document("/x", after)));
    }),
    { numRuns: 2000 },
  );
});

test("a million brackets cost no more than reading them", () => {
  for (const piece of [
    "{{",
    "{%",
    "<%",
    "{#",
    "{{x}}",
    "{{x}}\n",
    "{% if %}",
    "{{ }",
    "<%= ",
    "\n__A__\n",
    "# {{\n",
    "[% ",
    "[% x %]",
    "[[ .",
    "[[ .x ]]",
    "<#a",
    "<#a>",
    "<#--",
    "{tmpl_",
    "\n[#a ",
    "\n@if\n",
    "\n%abc%\n",
    "{A}",
  ]) {
    const text = piece.repeat(Math.ceil(500_000 / piece.length));
    const started = performance.now();
    coverConstructs(text);
    assert.ok(performance.now() - started < 3000, `${JSON.stringify(piece)}: ${performance.now() - started} ms`);
  }
});

test("a name that envsubst fills in is no variable: no fix uses it", async () => {
  const { findings } = await judge(readFileSync(join(folder, "envsubst.conf.template"), "utf8"));
  const written = findings.flatMap(({ fixes }) => fixes.flatMap(({ edits }) => edits.map(({ newText }) => newText)));
  assert.ok(written.some((text) => text.includes("proxy_set_header Connection $connection_upgrade;")));
  for (const text of written) assert.doesNotMatch(text, /ws_connection|WS_CONNECTION/);
});

test("a name alone on a line becomes anything: there is no syntax error around it", async () => {
  const name = `$${"{EXTRA_LOCATIONS}"}`;
  const inside = (text: string) => `server {\n    listen 80;\n${text}\n}\n`;
  for (const text of [
    name,
    `${name}\n${inside("")}`,
    `${inside("")}${name}`,
    inside(`    ${name}`),
    inside(`    ${name}\n    ${name}\n    location / { return 200; }`),
    inside(`    location /ws {\n        ${name}\n    }`),
    inside(`    ${name} # more`),
    `http {\n    ${name}\n    ${inside("")}}\n`,
  ]) {
    const { findings } = await judge(text);
    assert.deepEqual(
      findings.map(({ rule }) => rule),
      [],
      text,
    );
  }
});
