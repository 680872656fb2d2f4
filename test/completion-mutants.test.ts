// Completion in texts that people and editors break: it never throws, and in texts that are whole it knows what is there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { complete, Project, signatureHelp } from "../server/core/index.ts";
import { directiveShapes, isDirective } from "../server/core/nginx/directives.ts";
import { isDataBlock } from "../server/core/syntax/data-blocks.ts";
import type { Directive } from "../server/core/syntax/directive.ts";
import { Document, spanOf } from "../server/core/syntax/document.ts";
import { mutate, Random } from "./syntax/mutate.ts";
import { loadSeeds } from "./syntax/seeds.ts";

const count = Number(process.env.MUTANTS ?? 150);
const random = new Random(Number(process.env.SEED ?? 20_262));
const seeds = loadSeeds(process.cwd());
const file = "/etc/nginx/nginx.conf";

async function projectOf(text: string): Promise<Project> {
  const project = new Project({ read: async () => ({ text }), glob: async () => [] });
  project.open(file, text);
  await project.load([file]);
  return project;
}

test("at no offset of no text does it throw, and what it replaces is around the cursor", async () => {
  for (let made = 0; made < count; made++) {
    const text = mutate(random.pick(seeds).text, random);
    const project = await projectOf(text);
    for (let tried = 0; tried < 10; tried++) {
      const at = random.below(text.length + 1);
      const site = project.site(file, at);
      if (!site) {
        assert.ok(project.dump(file), "there is no place in a text that is no dump");
        continue;
      }
      const found = await complete(site);
      signatureHelp(site);
      if (!found) continue;
      assert.ok(found.start <= at && at <= found.end && found.end <= text.length, `${found.start} ${at} ${found.end}`);
      assert.doesNotMatch(text.slice(found.start, at), /\n/);
      const labels = found.items.map(({ label }) => label);
      assert.equal(new Set(labels).size, labels.length, `offered twice in ${JSON.stringify(text.slice(at - 40, at))}`);
    }
  }
});

function* directivesIn(level: readonly Directive[]): Generator<Directive> {
  for (const directive of level) {
    yield directive;
    // What stands in the blocks of other modules is nobody's business.
    if (isDirective(directive.name) && !isDataBlock(directive.name)) yield* directivesIn(directive.children());
  }
}

test("a directive that stands somewhere in a sound text is offered there", async () => {
  let checked = 0;
  for (const { text, where } of seeds.filter((seed) => seed.where === "main")) {
    assert.equal(where, "main");
    const project = await projectOf(text);
    const document = project.document(file) ?? new Document(file, text);
    const isSound = project.findings(file).every(({ rule }) => !["syntax-error", "directive-refused"].includes(rule));
    // Some fixtures say that nginx does not take a directive where it stands.
    if (!isSound || project.dump(file) || text.includes("is not allowed here")) continue;
    for (const directive of directivesIn(document.directives())) {
      const { name } = directive;
      if (!isDirective(name) || directiveShapes(name).every(({ argumentMask }) => argumentMask === 0)) continue;
      const site = project.site(file, spanOf(directive.namePlace).start + 1);
      const found = site && (await complete(site));
      const labels = found?.items.map(({ label }) => label) ?? [];
      const line = document.positionAt(spanOf(directive.head).start).line;
      assert.ok(labels.includes(name), `${name} is not offered where it stands: line ${line + 1} of\n${text}`);
      checked++;
    }
  }
  assert.ok(checked > 200, `only ${checked} directives were there`);
});
