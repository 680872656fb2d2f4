// Whatever the text and wherever the cursor: no answer fails, what refers to something finds itself, and a rename there and
// back gives the same text. SEED and CASES choose other texts.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { applyEdits, Navigator, Project, spanOfItem } from "../server/core/index.ts";
import { mutate, Random } from "./syntax/mutate.ts";

const random = new Random(Number(process.env.SEED ?? 20_265));
const cases = Number(process.env.CASES ?? 100);
const file = "/etc/nginx/nginx.conf";

const fixtures = readdirSync("test/rules", { recursive: true })
  .map((name) => join("test/rules", String(name)))
  .filter((name) => name.endsWith(".conf"))
  .map((name) => readFileSync(name, "utf8"));

const ownTexts = [
  `events {}
http {
    map $host $pool { default app; x "other"; }
    upstream app { server 127.0.0.1:1; zone z 64k; }
    upstream other { server 127.0.0.1:1; }
    limit_req_zone $pool zone=q:1m rate=1r/s;
    server {
        limit_req zone=q;
        location ~ ^/(?<who>\\w+)/\\k<who>$ { return 200 "\${who}$pool"; }
        location / { error_page 404 = @gone; proxy_pass http://$pool; }
        location @gone { proxy_pass http://app; }
        access_by_lua_block { ngx.say(ngx.var.who) }
    }
}
`,
  "stream {\n map $ssl_preread_server_name $to { default a; }\n upstream a { server 1.2.3.4:5; }\n server { proxy_pass $to; }\n}\n",
];

async function load(text: string): Promise<Project> {
  const project = new Project({ read: async () => ({ error: "none" }), glob: async () => [] });
  project.open(file, text);
  await project.load([file]);
  return project;
}

test("no answer fails, at any place of any text", async () => {
  for (let count = 0; count < cases; count++) {
    const original = random.pick([...fixtures, ...ownTexts, ...ownTexts]);
    const text = count % 3 === 0 ? original : mutate(original, random);
    const project = await load(text);
    const navigator = new Navigator(project);
    const document = project.document(file)!;
    for (const { items } of navigator.outline(file)) for (const item of items) spanOfItem(item);
    for (const { startLine, endLine } of navigator.folds(file))
      assert.ok(startLine < endLine && endLine < document.lineCount);
    navigator.links(file);
    navigator.search("a");
    const offsets = [0, text.length, ...Array.from({ length: 25 }, () => random.below(text.length + 1))];
    for (const offset of offsets) {
      navigator.selections(file, offset);
      navigator.renamable(file, offset);
      navigator.rename(file, offset, "somethingElse");
      const references = navigator.references(file, offset);
      const definitions = navigator.definitions(file, offset)?.targets ?? [];
      for (const { span } of references) assert.ok(span.start < span.end && span.end <= text.length);
      if (references.length === 0) continue;
      const isHere = references.some(({ span }) => span.start - 3 <= offset && offset <= span.end);
      assert.ok(isHere, `what stands at ${offset} is one of its references:\n${text}`);
      for (const { selection } of definitions)
        assert.ok(
          references.some(({ span }) => span.start === selection.start),
          `${offset} of\n${text}`,
        );
    }
  }
});

test("a rename there and back gives the same text; between them the same places have the other name", async () => {
  let renamed = 0;
  for (const text of [...ownTexts, ...fixtures.filter((_, index) => index % 4 === 0)]) {
    const navigator = new Navigator(await load(text));
    const offset = [...text.matchAll(/\$\w|upstream \w|@\w|zone=\w|log_format \w/g)].map(
      (match) => match.index + match[0].length,
    );
    for (const at of offset.filter((_, index) => index % 3 === 0)) {
      const name = navigator.renamable(file, at);
      const there = navigator.rename(file, at, "somethingElse");
      assert.equal("refusal" in name, there.refusal !== undefined, `${at} of\n${text}`);
      if ("refusal" in name || there.refusal !== undefined) continue;
      const between = applyEdits(text, there.edits);
      const shift =
        there.edits.filter((edit) => edit.start < name.span.start).length * ("somethingElse".length - name.name.length);
      const back = new Navigator(await load(between)).rename(file, name.span.start + shift + 1, name.name);
      assert.equal(back.refusal, undefined, `${name.name} of\n${text}`);
      const written = applyEdits(between, back.edits ?? []);
      // Names of variables and upstreams may be written in several ways.
      assert.equal(written.toLowerCase(), text.toLowerCase());
      renamed++;
    }
  }
  assert.ok(renamed > 50, `${renamed} renames`);
});
