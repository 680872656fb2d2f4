import { existsSync } from "node:fs";
import { defaultSettings, type FileId, type Files, type Settings } from "../core/index.ts";
import { ProjectFiles } from "../project-file/find.ts";
import { LayeredSettings } from "../project-file/layers.ts";
import type { ProjectFileChoice } from "./arguments.ts";
import { type Problem, toFileId } from "./paths.ts";

/** The settings of the files that are checked, and the project files that they come from. */
export interface CheckedSettings {
  readonly settings: LayeredSettings;
  readonly projectFiles: ProjectFiles;
}

/** What the command line says counts more than project files; those are looked for from each file up to its repository's root. */
export function layerSettings(files: Files, choice: ProjectFileChoice, above: Partial<Settings>): CheckedSettings {
  const projectFiles = new ProjectFiles({
    files,
    covers: () => choice !== "none",
    ends: (folder) => existsSync(`${folder}/.git`),
    ...(typeof choice === "string" ? {} : { only: toFileId(choice.path) }),
  });
  const settings = new LayeredSettings(projectFiles, {
    below: () => defaultSettings,
    allBelow: () => [defaultSettings],
    above,
    // Whoever starts a program in a folder trusts it.
    mayRead: () => true,
  });
  return { settings, projectFiles };
}

/** What is wrong in the project files that were read, with its line. */
export function findProjectFileProblems(
  projectFiles: ProjectFiles,
  name: (file: FileId) => string,
): readonly Problem[] {
  return projectFiles.all().flatMap(({ file, text, problems }) =>
    problems.map(({ start, message }) => {
      const before = text.slice(0, start).split(/\r\n|\r|\n/);
      const place = text === "" ? "" : `:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
      return { path: `${name(file)}${place}`, reason: message };
    }),
  );
}
