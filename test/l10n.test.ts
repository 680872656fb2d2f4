// Everything that people read in the editor can be translated: the manifest by package.nls.json, the client by l10n/.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";

const isUpdate = process.env.UPDATE === "1";

const read = (path: string): unknown => JSON.parse(readFileSync(path, "utf8"));

/** Every text of a JSON value with the names that lead to it. */
function* textsIn(value: unknown, path: readonly string[] = []): Generator<{ path: readonly string[]; text: string }> {
  if (typeof value === "string") yield { path, text: value };
  if (typeof value !== "object" || value === null) return;
  for (const [name, child] of Object.entries(value)) yield* textsIn(child, [...path, name]);
}

const manifest = [...textsIn(read("package.json"))];
const english = read("package.nls.json") as Readonly<Record<string, string>>;

test("package.nls.json has the texts that package.json asks for, and no others", () => {
  const asked = manifest.flatMap(({ text }) => /^%(.+)%$/.exec(text)?.[1] ?? []);
  assert.deepEqual([...new Set(asked)].toSorted(), Object.keys(english).toSorted());
});

test("what people read of the manifest is a key", () => {
  const readable = /^(?:description|markdownDescription|markdownEnumDescriptions|enumDescriptions|title|altText)$/;
  // Our own name, which is the same in every language.
  const plain = manifest.filter(({ path, text }) => {
    const name = path.findLast((part) => !/^\d+$/.test(part)) ?? "";
    return readable.test(name) && !/^%.+%$/.test(text) && text !== "nginx WebSocket";
  });
  assert.deepEqual(
    plain.map(({ path, text }) => `${path.join(".")}: ${text}`),
    [],
  );
});

/** The first argument of each `l10n.t(…)`; one that is no literal cannot be found by a translator. */
function messagesOf(file: string): readonly string[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/\bl10n\.t\(\s*(?:"((?:[^"\\]|\\.)*)"|(?=(\S)))/g)].map((match) => {
    assert.ok(match[1] !== undefined, `${file}: l10n.t(${match[2]}…) needs a text in double quotes`);
    return JSON.parse(`"${match[1]}"`) as string;
  });
}

test("l10n/bundle.l10n.json has every text of the client, and no others", () => {
  const files = readdirSync("client").filter((name) => name.endsWith(".ts"));
  const messages = [...new Set(files.flatMap((name) => messagesOf(`client/${name}`)))].toSorted();
  const wanted = `${JSON.stringify(Object.fromEntries(messages.map((text) => [text, text])), null, 2)}\n`;
  const path = "l10n/bundle.l10n.json";
  const present = existsSync(path) ? readFileSync(path, "utf8") : "";
  if (isUpdate && present !== wanted) writeFileSync(path, wanted);
  assert.equal(isUpdate ? wanted : present, wanted, `${path} is out of date: run npm run update`);
});

test("translations translate what there is", () => {
  const bundle = read("l10n/bundle.l10n.json") as Readonly<Record<string, string>>;
  const holes = (text: string): readonly string[] =>
    (text.match(/\{\d+\}|\$\([\w-]+\)|\(command:[^)]+\)/g) ?? []).toSorted();
  const pairs = [
    ...readdirSync(".").flatMap((name) =>
      /^package\.nls\.\w[\w-]*\.json$/.test(name) ? [{ path: name, source: english }] : [],
    ),
    ...readdirSync("l10n").flatMap((name) =>
      /^bundle\.l10n\.[\w-]+\.json$/.test(name) ? [{ path: `l10n/${name}`, source: bundle }] : [],
    ),
  ];
  for (const { path, source } of pairs) {
    for (const [key, text] of Object.entries(read(path) as Readonly<Record<string, string>>)) {
      const original = source[key];
      assert.ok(original !== undefined, `${path}: ${key} is no text any more`);
      assert.deepEqual(holes(text), holes(original), `${path}: ${key}`);
    }
  }
});

test("dialogs and items of the client speak through l10n", () => {
  for (const name of readdirSync("client").filter((each) => each.endsWith(".ts"))) {
    const text = readFileSync(`client/${name}`, "utf8");
    const spoken =
      /\b(?:show(?:Information|Warning|Error)Message\(|(?:placeHolder|prompt|title|label|detail|text):)\s*["'`]([^"'`]*)/g;
    const plain = [...text.matchAll(spoken)].map((match) => match[1]).filter((each) => /[a-z] [a-z]/.test(each ?? ""));
    assert.deepEqual(plain, [], `client/${name}`);
  }
});
