// What is rendered from rules/index.ts and settings.ts must be up to date; UPDATE=1 writes it.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { causeTitles, frequentSymptoms, otherTitle, type RuleInfo, rules } from "../server/core/index.ts";
import { isDirective } from "../server/core/nginx/directives.ts";
import { type SettingSchema, settingsSchema, settingsSection } from "../server/core/settings.ts";
import { readProjectFile } from "../server/project-file/content.ts";
import { projectFileProperties, projectFileSchema } from "../server/project-file/schema.ts";

const isUpdate = process.env.UPDATE === "1";

/** Compares a file with what it should hold, or writes it. */
function expectFile(path: string, wanted: string): void {
  const present = existsSync(path) ? readFileSync(path, "utf8") : "";
  if (isUpdate && present !== wanted) writeFileSync(path, wanted);
  assert.equal(isUpdate ? wanted : present, wanted, `${path} is out of date: run npm run update`);
}

/** Puts a text between the markers of a Markdown file. */
function between(path: string, name: string, text: string): string {
  const source = readFileSync(path, "utf8");
  const start = `<!-- ${name}:start -->`;
  const end = `<!-- ${name}:end -->`;
  const from = source.indexOf(start);
  const to = source.indexOf(end);
  assert.ok(from >= 0 && to > from, `${path} needs the markers ${start} and ${end}`);
  return `${source.slice(0, from + start.length)}\n${text}\n${source.slice(to)}`;
}

/** The causes in their order, each with its rules. */
function rulesByCause(): readonly { readonly title: string; readonly rules: readonly RuleInfo[] }[] {
  const numbered = Object.entries(causeTitles).map(([cause, title]) => ({
    title: `${cause}. ${title}`,
    rules: rules.filter((rule) => rule.cause === Number(cause)),
  }));
  return [...numbered, { title: otherTitle, rules: rules.filter((rule) => rule.cause === undefined) }];
}

/** A row for each cause, for the README: nobody reads a table of a hundred rules there. */
function causeTable(folder: string): string {
  const rows = rulesByCause().map(({ title, rules: ofCause }) => {
    const links = ofCause.map((rule) => `[${rule.id}](${folder}${rule.id}.md)${rule.isOffByDefault ? "°" : ""}`);
    return `| ${title} | ${links.join(", ")} |`;
  });
  return ["| cause | rules |", "| --- | --- |", ...rows].join("\n");
}

/** A table for each cause, with everything about its rules in a line. */
function ruleTables(): string {
  const tables = rulesByCause().map(({ title, rules: ofCause }) => {
    const rows = ofCause.map(({ id, severity, isOffByDefault, fixable, what }) => {
      const level = isOffByDefault ? `${severity}, off by default` : severity;
      return `| [${id}](${id}.md) | ${level} | ${fixable} | ${what} |`;
    });
    return `## ${title}\n\n| rule | severity | fix | what |\n| --- | --- | --- | --- |\n${rows.join("\n")}\n`;
  });
  return tables.join("\n");
}

/** The parts of a setting that people read; a list of them is for the values of an enum. */
const readable = ["description", "markdownDescription", "enumDescriptions", "markdownEnumDescriptions"];

/** Puts keys in the place of the texts of a setting, and the texts under these keys. */
function extractTexts(schema: unknown, key: string, texts: Record<string, string>): unknown {
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return schema;
  const place = (name: string, text: unknown): string => {
    texts[name] = String(text);
    return `%${name}%`;
  };
  const values: readonly string[] = "enum" in schema && Array.isArray(schema.enum) ? schema.enum : [];
  return Object.fromEntries(
    Object.entries(schema).map(([name, value]) => {
      if (!readable.includes(name)) {
        return [name, extractTexts(value, name === "properties" ? key : `${key}.${name}`, texts)];
      }
      // Every rule has the same levels: they are translated once.
      const group = values.includes("information") ? "setting.level" : key;
      if (Array.isArray(value)) return [name, value.map((text, index) => place(`${group}.${values[index]}`, text))];
      return [name, place(key, value)];
    }),
  );
}

test("package.json holds the settings, and package.nls.json their texts", () => {
  const manifest = JSON.parse(readFileSync("package.json", "utf8"));
  const texts: Record<string, string> = {};
  manifest.contributes.configuration = {
    title: "nginx WebSocket",
    properties: Object.fromEntries(
      Object.entries(settingsSchema(rules)).map(([name, schema]) => {
        return [`${settingsSection}.${name}`, extractTexts(schema, `setting.${name}`, texts)];
      }),
    ),
  };
  expectFile("package.json", `${JSON.stringify(manifest, null, 2)}\n`);
  const written = Object.entries(JSON.parse(readFileSync("package.nls.json", "utf8")));
  const others = Object.fromEntries(written.filter(([key]) => !key.startsWith("setting.")));
  expectFile("package.nls.json", `${JSON.stringify({ ...others, ...texts }, null, 2)}\n`);
});

test("schemas/ holds the schema of the project file", () => {
  expectFile("schemas/nginx-websocket.schema.json", `${JSON.stringify(projectFileSchema(rules), null, 2)}\n`);
});

/** A sentence of a schema in a table; what is a link in VS Code's settings is a name here. */
function inTable(markdown: string): string {
  return markdown.replace(/`#(.+?)#`/g, "`$1`").replaceAll("|", "\\|");
}

function describeSetting(name: string, schema: SettingSchema): string {
  const { enum: choices = [], markdownEnumDescriptions: meanings = [] } = schema;
  const listed = choices.map((choice, index) => ` \`${choice}\`: ${meanings[index]}`).join("");
  const value =
    schema.default === ""
      ? "unknown"
      : `\`${[schema.default].map((each) => {
          return typeof each === "string" ? each : JSON.stringify(each);
        })}\``;
  return `| \`${settingsSection}.${name}\` | ${value} | ${inTable(schema.markdownDescription + listed)} |`;
}

test("the README lists the settings and the keys of the project file", () => {
  const settings = Object.entries(settingsSchema(rules)).map(([name, schema]) => describeSetting(name, schema));
  const keys = Object.entries(projectFileProperties(rules)).map(([name, { markdownDescription }]) => {
    return `| \`${name}\` | ${inTable(markdownDescription)} |`;
  });
  const settingsTable = ["| setting | default | meaning |", "| --- | --- | --- |", ...settings].join("\n");
  const keyTable = ["| key | meaning |", "| --- | --- |", ...keys].join("\n");
  expectFile("README.md", between("README.md", "settings", settingsTable));
  expectFile("README.md", between("README.md", "project-file", keyTable));
});

test("the README's example of a project file is one", () => {
  const [, example = ""] = /```jsonc\n(.*?)```/s.exec(readFileSync("README.md", "utf8")) ?? [];
  const { content, problems } = readProjectFile(example);
  assert.deepEqual(problems, []);
  assert.ok(Object.keys(content.rules).length > 0 && content.ignore.length > 0);
});

test("the README lists the rules", () => {
  expectFile("README.md", between("README.md", "rules", causeTable("docs/rules/")));
});

/** What people see most often, with the rules to look at first; a symptom without such rules is explained elsewhere. */
function symptomTable(folder: string): string {
  const known = new Set(rules.map(({ id }) => id));
  const rows = frequentSymptoms.flatMap((symptom) => {
    // Two of each cause: the overview is about what is different from row to row.
    const named = symptom.causes.flatMap(({ rules: ids }) => ids.filter((id) => known.has(id)).slice(0, 2));
    const links = [...new Set(named)].slice(0, 5).map((id) => `[${id}](${folder}${id}.md)`);
    return links.length === 0 ? [] : [`| ${symptom.title.replaceAll("|", "\\|")} | ${links.join(", ")} |`];
  });
  return ["| symptom | the usual causes, in order |", "| --- | --- |", ...rows].join("\n");
}

test("the README lists what people see", () => {
  expectFile("README.md", between("README.md", "symptoms", symptomTable("docs/rules/")));
});

test("docs/rules/README.md lists the rules", () => {
  const intro = "# Rules\n\nEach page shows what goes wrong, an example that is run on a real nginx, and the fix.\n\n";
  expectFile("docs/rules/README.md", `${intro}${ruleTables()}`);
});

test("each rule page states cause, severity and fix as the rule does", () => {
  for (const rule of rules) {
    const path = `docs/rules/${rule.id}.md`;
    const lines = readFileSync(path, "utf8").split("\n");
    const at = lines.findIndex((line) => /^Cause (?:\d|none) · /.test(line));
    assert.ok(at > 0, `${path} needs a line “Cause N · severity · fix: …”`);
    const level = rule.isOffByDefault ? `${rule.severity}, off by default` : rule.severity;
    lines[at] = `Cause ${rule.cause ?? "none"} · ${level} · fix: ${rule.fixable}`;
    expectFile(path, lines.join("\n"));
  }
});

test("rules, files, pages and fixtures are the same set", () => {
  const ids = rules.map((rule) => rule.id).toSorted();
  const pages = readdirSync("docs/rules")
    .filter((name) => name.endsWith(".md") && name !== "README.md")
    .map((name) => name.slice(0, -3));
  assert.deepEqual(pages.toSorted(), ids, "docs/rules");
  const files = readdirSync("server/core/rules").map((name) => name.slice(0, -3));
  for (const id of ids) assert.ok(files.includes(id), `server/core/rules/${id}.ts is missing`);
  for (const id of ids) {
    const fixtures = existsSync(`test/rules/${id}`) ? readdirSync(`test/rules/${id}`) : [];
    const firing = fixtures.filter((name) => !name.startsWith("ok-") && !name.includes(".fixed"));
    const near = fixtures.filter((name) => name.startsWith("ok-"));
    assert.ok(firing.length > 0, `test/rules/${id} has no fixture in which the rule fires`);
    assert.ok(near.length > 0, `test/rules/${id} has no near miss (ok-*.conf)`);
  }
  assert.deepEqual(new Set(ids).size, ids.length, "an id is used twice");
});

test("messages and ids keep the house style", () => {
  for (const rule of rules) {
    assert.match(rule.id, /^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    for (const text of [rule.what, rule.why]) {
      const first = text.split(" ")[0] ?? "";
      // A sentence begins with a capital, or with a name that is written as it is.
      const isName = first === "nginx" || isDirective(first) || /^[a-z]+(?:_[a-z]+)+$/.test(first);
      assert.ok(isName || /^[A-Z0-9“]/.test(first), text);
      assert.match(text, /[.]$/);
    }
  }
});
