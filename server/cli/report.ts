import type { FileId, Finding, Project } from "../core/index.ts";

/** Everything that was found, ready to be printed. */
export interface Report {
  readonly project: Project;
  /** The files that were judged, each once however many names it has. */
  readonly files: readonly FileId[];
  readonly findings: readonly Finding[];
  /** How the user knows a file. */
  readonly name: (file: FileId) => string;
  /** What `--fix` repaired; undefined when it was not asked for. */
  readonly repaired?: { readonly findings: number; readonly files: number };
  /** The user's own paths, for the commands that the report suggests. */
  readonly paths: readonly string[];
}
