import { defaultSettings, type Files, type Finding, Project, rules } from "../../server/core/index.ts";
import type { Analysis } from "./compare.ts";
import { type Fixture, standardFiles } from "./fixture.ts";
import { fileIdOf } from "./prepare.ts";

/** Files that exist only in memory, in nginx's usual folder. */
export function filesInMemory(texts: ReadonlyMap<string, string>): Files {
  const all = new Map([...standardFiles, ...texts].map(([name, text]) => [fileIdOf(name), text]));
  return {
    read: async (file) => {
      const text = all.get(file);
      return text === undefined ? { error: "There is no such file.", isMissing: true } : { text };
    },
    glob: async (pattern) => {
      const matcher = globMatcher(pattern);
      return [...all.keys()].filter((file) => matcher.test(file)).sort();
    },
  };
}

function globMatcher(pattern: string): RegExp {
  const source = pattern.replace(/\[!?[^\]]+\]|[\s\S]/g, (part) => {
    if (part === "*") return "[^/]*";
    if (part === "?") return "[^/]";
    if (part.length > 1) return part.replace("[!", "[^");
    return part.replace(/[\\^$.|+()[\]{}]/, "\\$&");
  });
  return new RegExp(`^${source}$`);
}

/** Runs the analyser on texts as it runs on a folder of files, with this rule on even if it is off by default (none: the rules as they are). */
export async function analyse(fixture: Fixture, texts: ReadonlyMap<string, string>, rule = ""): Promise<Analysis> {
  const own = rules.find((each) => each.id === rule && each.isOffByDefault);
  const settings = {
    ...defaultSettings,
    nginxVersion: fixture.statement.version,
    rules: own ? { [own.id]: own.severity } : {},
  };
  const project = new Project(filesInMemory(texts), settings);
  await project.load([fileIdOf(fixture.root)]);
  const loaded = new Set(project.files());
  const analysis = new Map<string, readonly Finding[]>();
  for (const name of texts.keys()) {
    const file = fileIdOf(name);
    analysis.set(name, loaded.has(file) ? project.findings(file) : []);
  }
  return analysis;
}
