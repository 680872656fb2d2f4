import type { FileId } from "./finding.ts";

/** What reading a file gives: its text, or why there is none (a sentence for people, without the path). */
export type ReadResult =
  | { readonly text: string }
  | {
      readonly error: string;
      /** Whether certainly nothing is there. */
      readonly isMissing?: true;
      /** Where a symbolic link leads that leads to nothing. */
      readonly link?: FileId;
      /** Whether it is a folder. */
      readonly isFolder?: true;
    };

/** The only way the core sees a file system. Implementations are read-only and bounded, and never throw. */
export interface Files {
  /** Whether these are all files of a machine that its nginx reads, so that what is not among them is nowhere. */
  readonly isComplete?: boolean;
  /** Reads a whole file. */
  read(file: FileId): Promise<ReadResult>;
  /** Files that match a glob(3) pattern (absolute, `* ? [ ]` only), in the order nginx includes them. */
  glob(pattern: FileId): Promise<readonly FileId[]>;
}
