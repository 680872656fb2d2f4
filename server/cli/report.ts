import type { Document, FileId, Finding, Span } from "../core/index.ts";

/** How much `--fix` repaired: in files of this machine, and in files of dumps, which are elsewhere. */
export interface Repaired {
  readonly findings: number;
  readonly files: number;
  readonly inDumps: { readonly findings: number; readonly files: number };
}

/** Everything that was found, ready to be printed. */
export interface Report {
  /** The text of a file; that of a file in a dump under the name it has in there. */
  readonly document: (file: FileId) => Document | undefined;
  /** The files that were judged, each once however many names it has. */
  readonly files: readonly FileId[];
  readonly findings: readonly Finding[];
  /** The place in its dump of a place in a file that came out of one. */
  readonly inDump: (span: Span) => Span | undefined;
  /** How the user knows a file. */
  readonly name: (file: FileId) => string;
  /** What `--fix` repaired; undefined when it was not asked for. */
  readonly repaired?: Repaired;
  /** The project files whose settings were in force. */
  readonly projectFiles: readonly string[];
  /** The configurations that were found above the files and in which they were judged. */
  readonly roots: readonly FileId[];
  /** The user's own paths, for the commands that the report suggests. */
  readonly paths: readonly string[];
}
