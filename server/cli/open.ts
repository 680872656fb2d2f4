import { statSync } from "node:fs";
import { Project, type Settings } from "../core/index.ts";
import { nodeFiles } from "../host/files.ts";
import type { CheckOptions } from "./arguments.ts";
import { toFileId } from "./paths.ts";
import { type CheckedSettings, layerSettings } from "./project-files.ts";

/** A project under the options of the command line. */
export interface OpenedProject extends CheckedSettings {
  readonly project: Project;
  /** Makes another one, to look at files without taking them in. */
  readonly another: () => Project;
  /** Rules that failed: a mistake of ours; the others go on, but the answer is not complete. */
  readonly failures: readonly string[];
}

/** Makes a project; when an option names something that is not there, the reason. */
export function openProject(
  options: Pick<CheckOptions, "nginxVersion" | "includeRoots" | "config"> & Partial<Pick<CheckOptions, "rules">>,
): OpenedProject | { readonly error: string } {
  const includeRoots: Record<string, string> = {};
  for (const [from, to] of Object.entries(options.includeRoots)) {
    if (!statSync(to, { throwIfNoEntry: false })?.isDirectory()) {
      return { error: `--include-root ${from}=${to}: ${to} is not a folder` };
    }
    includeRoots[from] = toFileId(to);
  }
  const { nginxVersion, rules = {} } = options;
  const above: Partial<Settings> = { includeRoots, rules, ...(nginxVersion === "" ? {} : { nginxVersion }) };
  const files = nodeFiles();
  const layered = layerSettings(files, options.config, above);
  const failures: string[] = [];
  const another = () => new Project(files, layered.settings, (message) => failures.push(message));
  return { project: another(), another, failures, ...layered };
}
