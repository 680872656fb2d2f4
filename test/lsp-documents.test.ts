// Conversions between the protocol's words and the core's, without a process.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Connection } from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { Project } from "../server/core/index.ts";
import { Documents } from "../server/lsp/documents.ts";
import { replaceLines } from "../server/lsp/fix-all.ts";
import { readSettings } from "../server/lsp/settings.ts";
import { fileIdOf, uriOf } from "../server/lsp/uris.ts";
import { Watch } from "../server/lsp/watch.ts";

const noFiles = { read: async () => ({ error: "does not exist" }), glob: async () => [] };
const texts = fc.string({ unit: fc.constantFrom("a", ";", " ", "\n", "\r\n", "é", "𝄞"), maxLength: 40 });
const counts = fc.oneof(fc.nat(8), fc.integer({ min: -2, max: 60 }));
const positions = fc.record({ line: counts, character: counts });
const changes = fc.record({ text: texts, start: positions, end: positions }, { requiredKeys: ["text"] });

/** What a client means, step by step, with the stock document built anew each time. */
function applyChanges(text: string, list: readonly { text: string; start?: Place; end?: Place }[]): string {
  for (const change of list) {
    if (change.start === undefined || change.end === undefined) {
      text = change.text;
      continue;
    }
    const document = TextDocument.create("", "", 0, text);
    const offsets = [document.offsetAt(change.start), document.offsetAt(change.end)].sort((a, b) => a - b);
    text = text.slice(0, offsets[0]) + change.text + text.slice(offsets[1]);
  }
  return text;
}

type Place = { line: number; character: number };

test("edits lead the project to the text that the client has", () => {
  fc.assert(
    fc.property(texts, fc.array(fc.array(changes, { maxLength: 4 }), { maxLength: 4 }), (opened, rounds) => {
      const project = new Project(noFiles);
      const documents = new Documents(project);
      const uri = "file:///a.conf";
      let text = opened;
      documents.open({ uri, languageId: "nginx", version: 0, text });
      for (const [version, round] of rounds.entries()) {
        const contentChanges = round.map((change) => {
          const { start, end } = change;
          return start === undefined || end === undefined
            ? { text: change.text }
            : { text: change.text, range: { start, end } };
        });
        documents.change({ textDocument: { uri, version }, contentChanges });
        text = applyChanges(text, round);
        assert.equal(project.document("/a.conf")?.text, text);
        assert.equal(documents.version("/a.conf"), version);
      }
    }),
    { numRuns: 2000 },
  );
});

test("a file that is open under two spellings stays open until both are closed", () => {
  const documents = new Documents(new Project(noFiles));
  const [one, other] = ["file:///srv/a%20b.conf", "file:///srv/%61%20b.conf"] as const;
  const file = "/srv/a b.conf";
  for (const uri of [one, other]) documents.open({ uri, languageId: "nginx", version: 1, text: "" });
  assert.equal(documents.close(other), undefined);
  assert.deepEqual([documents.has(file), documents.uri(file)], [true, one]);
  assert.equal(documents.close(one), file);
  assert.equal(documents.has(file), false);
  assert.equal(documents.close(one), undefined);
  documents.open({ uri: one, languageId: "nginx", version: 1, text: "" });
  assert.equal(documents.close(other), file, "a spelling that was never opened closes it all the same");
});

test("replacing lines makes one text out of the other", () => {
  fc.assert(
    fc.property(texts, texts, (before, after) => {
      const document = TextDocument.create("", "", 0, before);
      assert.equal(TextDocument.applyEdits(document, [replaceLines(document, after)]), after);
    }),
    { numRuns: 2000 },
  );
});

test("file names survive the way through a URI", () => {
  for (const file of [
    "/etc/nginx/nginx.conf",
    "/a b/é#?%/x",
    "c:/nginx/x.conf",
    "//server/share/x",
    "vscode-vfs://github/o/r/x y",
  ]) {
    assert.equal(fileIdOf(uriOf(file)), file);
  }
  assert.equal(fileIdOf("file:///C%3A/nginx/x.conf"), "c:/nginx/x.conf");
  assert.equal(fileIdOf("untitled:Untitled-1"), "untitled:///Untitled-1");
  assert.notEqual(fileIdOf("vscode-notebook-cell:/a.ipynb#W0"), fileIdOf("vscode-notebook-cell:/a.ipynb#W1"));
});

test("settings: what is malformed keeps its default, folders are found from the workspace", () => {
  const defaults = readSettings(undefined, undefined);
  for (const value of [null, 5, "x", [], { enable: 1, run: "never", nginxVersion: 1, rules: [], includeRoots: "x" }]) {
    assert.deepEqual(readSettings(value, "/w"), defaults);
  }
  const variable = "$" + "{workspaceFolder}";
  const settings = readSettings(
    {
      enable: false,
      run: "onSave",
      nginxVersion: " 1.28.0 ",
      rules: { a: "off", b: "error", c: "loud" },
      includeRoots: { "/etc/nginx": `${variable}/deploy`, "/a": "b", "/c": "/d", "/e": 5, "/f": "c:\\g" },
    },
    "/w",
  );
  assert.deepEqual(settings, {
    ...defaults,
    enable: false,
    run: "onSave",
    nginxVersion: "1.28.0",
    rules: { a: "off", b: "error" },
    includeRoots: { "/etc/nginx": "/w/deploy", "/a": "/w/b", "/c": "/d", "/f": "c:/g" },
  });
});

test("a client that takes its time is asked once to watch the same folders", async () => {
  const answers: (() => void)[] = [];
  let watching = 0;
  const register = () =>
    new Promise((resolve) => {
      answers.push(() => {
        watching++;
        resolve({ dispose: () => watching-- });
      });
    });
  const watch = new Watch({ client: { register } } as unknown as Connection, { dynamic: true, folders: true });
  const first = watch.follow(["/etc/nginx/nginx.conf"]);
  const same = watch.follow(["/etc/nginx/nginx.conf"]);
  const other = watch.follow(["/etc/nginx/nginx.conf", "/etc/nginx/conf.d/a.conf"]);
  assert.equal(answers.length, 2);
  for (const answer of answers) answer();
  await Promise.all([first, same, other]);
  assert.equal(watching, 1);
});
