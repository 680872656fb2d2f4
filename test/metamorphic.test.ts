// What must not change a finding: line endings, indentation, comments, layout, and whether a text stands in an include.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { type Files, Project } from "../server/core/index.ts";
import { coverConstructs } from "../server/core/syntax/template-text.ts";
import { layouts, withoutComments } from "./support/layout.ts";

/** The fixtures of one file that go directly into http and have neither syntax errors nor comments with a meaning. */
const sources = readdirSync("test/rules", { recursive: true })
  .map((name) => `test/rules/${String(name).replaceAll("\\", "/")}`)
  .filter((name) => /^test\/rules\/[^/]+\/[^/]+\.conf$/.test(name) && !name.includes("/syntax-error/"))
  // Where a semicolon is missing the lines themselves say where a statement was meant to end.
  .filter((name) => !name.includes("missing-semicolon"))
  .map((name) => ({ name, text: withoutComments(readFileSync(name, "utf8")) }))
  .filter(({ text }) => /^\s*(?:map|upstream|server|geo)\b/.test(text))
  // For nginx a bracket of a template is two tokens; a space between them makes it another text.
  .filter(({ text }) => coverConstructs(text) === undefined);

/** Rule, severity and underlined text of every finding, sorted; what lies between the words of a text may differ. */
async function findingsOf(files: Readonly<Record<string, string>>): Promise<string[]> {
  const host: Files = {
    read: async (file) => {
      const text = Object.hasOwn(files, file) ? files[file] : undefined;
      return text === undefined ? { error: "there is no such file" } : { text };
    },
    glob: async () => [],
  };
  const failures: string[] = [];
  const project = new Project(host, undefined, (message) => failures.push(message));
  assert.deepEqual(await project.load(Object.keys(files).slice(0, 1)), []);
  const found = project.files().flatMap((file) =>
    project.findings(file).map(({ rule, severity, span }) => {
      const underlined = files[span.file]?.slice(span.start, span.end) ?? "";
      return `${rule} ${severity} ${underlined.replace(/\s+(?:# note; \{ \}\s+)*/g, " ")}`;
    }),
  );
  assert.deepEqual(failures, []);
  return found.toSorted();
}

test("there are fixtures to vary", () => assert.ok(sources.length > 100, `${sources.length} fixtures`));

for (const [name, vary] of Object.entries(layouts)) {
  test(`findings are the same with ${name}`, async () => {
    for (const source of sources) {
      const expected = await findingsOf({ "/site.conf": source.text });
      assert.deepEqual(await findingsOf({ "/site.conf": vary(source.text) }), expected, source.name);
    }
  });
}

test("findings are the same in an include", async () => {
  for (const { name, text } of sources) {
    const whole = { "/nginx.conf": `events {}\nhttp {\n${text}\n}\n` };
    const split = { "/nginx.conf": "events {}\nhttp {\n    include site.conf;\n}\n", "/site.conf": text };
    assert.deepEqual(await findingsOf(split), await findingsOf(whole), name);
  }
});
