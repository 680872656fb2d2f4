// The project file: what it may say, where it is looked for, and what counts more.
import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultSettings, type ReadResult, type Settings } from "../server/core/index.ts";
import { readProjectFile } from "../server/project-file/content.ts";
import { projectFileWithRuleOff, turnRuleOff } from "../server/project-file/edit.ts";
import { ProjectFiles } from "../server/project-file/find.ts";
import { LayeredSettings, locate } from "../server/project-file/layers.ts";

function messagesIn(text: string): readonly string[] {
  return readProjectFile(text).problems.map(
    ({ start, end, message }) => `${JSON.stringify(text.slice(start, end))}: ${message}`,
  );
}

test("everything it can say, with comments, trailing commas and a byte order mark", () => {
  const { content, problems } = readProjectFile(`\uFEFF{
    // why
    "$schema": "x",
    "rules": { "limit-req": "off", "no-effect": "hint", },
    "nginxVersion": "1.28.0", /* production */
    "includeRoots": { "/etc/nginx": "deploy/nginx" },
    "ignore": ["legacy/", "!legacy/kept.conf"],
    "failOn": "warning",
  }`);
  assert.deepEqual(problems, []);
  assert.deepEqual(content, {
    rules: { "limit-req": "off", "no-effect": "hint" },
    nginxVersion: "1.28.0",
    includeRoots: { "/etc/nginx": "deploy/nginx" },
    ignore: ["legacy/", "!legacy/kept.conf"],
    failOn: "warning",
  });
  for (const empty of ["", " \n", "\uFEFF", "{}", "// nothing yet\n"]) assert.deepEqual(messagesIn(empty), [], empty);
});

test("a mistake is named at its place, and the rest counts", () => {
  const mistakes: readonly (readonly [string, RegExp])[] = [
    [`{ "rulez": {} }`, /^"\\"rulez\\"": There is no setting “rulez” .* Did you mean “rules”\?$/],
    [
      `{ "rules": { "limit-rec": "off" } }`,
      /^"\\"limit-rec\\"": There is no rule “limit-rec”. Did you mean “limit-req”\?$/,
    ],
    [`{ "rules": { "limit-req": "warn" } }`, /“limit-req” takes one of “error”, .*“off”\.$/],
    [`{ "rules": { "limit-req": "errro" } }`, /Did you mean “error”\?$/],
    [`{ "rules": { "limit-req": 1 } }`, /^"1": “limit-req” takes one of/],
    [`{ "rules": [] }`, /^"\[\]": “rules” takes an object/],
    [`{ "nginxVersion": 1.28 }`, /^"1.28": “nginxVersion” takes a text/],
    [`{ "nginxVersion": "latest" }`, /“nginxVersion” is a version such as/],
    [`{ "includeRoots": { "/etc": 1 } }`, /^"1": “\/etc” takes a text/],
    [`{ "includeRoots": { "/etc": "" } }`, /A path is empty/],
    [`{ "ignore": "legacy" }`, /“ignore” is a list/],
    [`{ "ignore": [1] }`, /^"1": /],
    [`{ "failOn": "off" }`, /“failOn” takes one of “error”, “warning”, “information”, “hint”\.$/],
    [`{ "failOn": "hint", "failOn": "error" }`, /stands here twice/],
    [`[]`, /^"\[\]": The file takes an object/],
    [`{ "rules": { "limit-req": "off" `, /This is no JSON/],
    [`{ "rules": `, /This is no JSON/],
    ["[".repeat(200_000), /The brackets go too deep/],
    [" ".repeat(1_000_001), /too large/],
  ];
  for (const [text, expected] of mistakes) {
    const messages = messagesIn(text);
    assert.equal(messages.length, 1, text.slice(0, 80));
    assert.match(messages[0]!, expected);
  }
  const { content } = readProjectFile(`{ "rules": { "nonsense": "off", "limit-req": "off" }, "nginxVersion": 1 }`);
  assert.deepEqual(content.rules, { "limit-req": "off" });
});

function inMemory(texts: Record<string, string>) {
  return {
    reads: [] as string[],
    async read(file: string): Promise<ReadResult> {
      this.reads.push(file);
      const text = texts[file];
      return text === undefined ? { error: "does not exist", isMissing: true } : { text };
    },
  };
}

function searchIn(texts: Record<string, string>) {
  const files = inMemory(texts);
  const projectFiles = new ProjectFiles({
    files,
    covers: (file) => file.startsWith("/w/"),
    ends: (folder) => folder === "/w",
  });
  return { files, projectFiles };
}

test("the nearest one counts, the search ends at the folder of the workspace, and nothing is read twice", async () => {
  const texts: Record<string, string> = {
    "/.nginx-websocket.json": "{}",
    "/w/.nginx-websocket.json": "{}",
    "/w/a/b/.nginx-websocket.json": "{}",
  };
  const { files, projectFiles } = searchIn(texts);
  const all = ["/w/nginx.conf", "/w/a/x.conf", "/w/a/b/c/y.conf", "/elsewhere/z.conf"];
  await projectFiles.learn(all);
  assert.deepEqual(
    all.map((file) => projectFiles.nearest(file)?.folder),
    ["/w", "/w", "/w/a/b", undefined],
  );
  const count = files.reads.length;
  assert.equal(new Set(files.reads).size, count);
  assert.ok(!files.reads.includes("/.nginx-websocket.json"));
  await projectFiles.learn(all);
  assert.equal(files.reads.length, count);

  const { version } = projectFiles;
  projectFiles.forget("/w/.nginx-websocket.json");
  await projectFiles.learn([]);
  assert.equal(projectFiles.version, version, "the same text is no change");
  texts["/w/a/.nginx-websocket.json"] = "{}";
  projectFiles.forget("/w/a/.nginx-websocket.json");
  await projectFiles.learn([]);
  assert.notEqual(projectFiles.version, version);
  assert.equal(projectFiles.nearest("/w/a/x.conf")?.folder, "/w/a");
  delete texts["/w/a/b/.nginx-websocket.json"];
  projectFiles.forget("/w/a/b/.nginx-websocket.json");
  await projectFiles.learn([]);
  assert.equal(projectFiles.nearest("/w/a/b/c/y.conf")?.folder, "/w/a");
});

test("layers: the editor, the project file rule by rule, the command line", async () => {
  const { projectFiles } = searchIn({
    "/w/.nginx-websocket.json": `{
      "rules": { "limit-req": "off", "limit-conn": "hint" },
      "nginxVersion": "1.28.0",
      "includeRoots": { "/etc/nginx": "deploy", "/srv": "/outside" },
      "ignore": ["legacy/", "!legacy/kept.conf"]
    }`,
  });
  const below: Settings = {
    ...defaultSettings,
    nginxVersion: "1.18.0",
    rules: { "limit-req": "error", "no-effect": "hint" },
    includeRoots: { "/etc/nginx": "/mine", "/opt": "/w/opt" },
  };
  const settings = new LayeredSettings(projectFiles, {
    below: () => below,
    allBelow: () => [below],
    above: { rules: { "limit-conn": "error" } },
    mayRead: (folder) => folder.startsWith("/w/"),
  });
  await settings.learn(["/w/nginx.conf"]);
  const inForce = settings.of("/w/nginx.conf");
  assert.deepEqual(inForce.rules, { "limit-req": "off", "no-effect": "hint", "limit-conn": "error" });
  assert.equal(inForce.nginxVersion, "1.28.0");
  assert.deepEqual(inForce.includeRoots, { "/etc/nginx": "/w/deploy", "/opt": "/w/opt" });
  assert.equal(settings.of("/w/other.conf"), inForce, "the same settings are the same object");
  assert.equal(settings.of("/w/legacy/x.conf").enable, false);
  assert.equal(settings.of("/w/legacy/kept.conf").enable, false, "as in a .gitignore, a folder takes its files along");
  assert.equal(settings.of("/elsewhere/x.conf").nginxVersion, "1.18.0");
});

test("folders are found from the project file", () => {
  const folder = "/w/a";
  for (const [written, expected] of [
    ["deploy", "/w/a/deploy"],
    ["./deploy/", "/w/a/deploy"],
    ["../deploy", "/w/deploy"],
    ["/srv//x", "/srv/x"],
    ["C:\\nginx", "c:/nginx"],
  ] as const) {
    assert.equal(locate(written, { folder }), expected);
  }
});

test("switching a rule off keeps comments, layout and line endings", () => {
  const change = (text: string, rule: string): string => {
    let changed = text;
    for (const { start, end, newText } of [...turnRuleOff(text, rule)].sort((a, b) => b.start - a.start)) {
      changed = changed.slice(0, start) + newText + changed.slice(end);
    }
    assert.deepEqual(readProjectFile(changed).problems, [], changed);
    assert.equal(readProjectFile(changed).content.rules[rule], "off");
    return changed;
  };
  assert.equal(change("", "limit-req"), `{\n  "rules": {\n    "limit-req": "off"\n  }\n}`);
  assert.equal(
    change(`{\n    // why\n    "rules": {\n        "no-effect": "hint" // too\n    }\n}\n`, "limit-req"),
    `{\n    // why\n    "rules": {\n        "limit-req": "off",\n        "no-effect": "hint" // too\n    }\n}\n`,
  );
  assert.equal(change(`{ "rules": { "limit-req": "error" } }`, "limit-req"), `{ "rules": { "limit-req": "off" } }`);
  assert.match(change(`{\r\n\t"failOn": "hint"\r\n}\r\n`, "limit-req"), /^\{\r\n\t"rules": \{\r\n/);
  assert.equal(readProjectFile(projectFileWithRuleOff("limit-req")).content.rules["limit-req"], "off");
});
