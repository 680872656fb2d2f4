import { readFileSync } from "node:fs";
import { join } from "node:path";

// The shape of a corpus: a folder `files/` and beside it tables with one JSON object per line.

/** A file of the corpus, as manifest.jsonl describes it. */
export interface CorpusFile {
  /** Its path below `files/`: kind, owner+repository, path. */
  readonly file: string;
  /** `notnginx` are files of other programs that end in .conf as well. */
  readonly kind: "nginx" | "notnginx";
  readonly repo: string;
  readonly template?: readonly string[];
}

/** A mistake that a person saw in a block. */
export interface LabelledFault {
  readonly code: string;
  readonly severity: "broken" | "degraded" | "advice";
  /** Whether the file alone decides it (`file`), or others have a say. */
  readonly scope: string;
}

/** A block that a person has read. Lines count from 1. */
export interface Label {
  readonly file: string;
  readonly line: number;
  readonly end_line: number;
  readonly block: string;
  readonly findings: readonly LabelledFault[];
  /** Nothing in it breaks or degrades a WebSocket. */
  readonly ok: boolean;
}

/** What one nginx said about a file that was wrapped in the context it needs. */
export interface Answer {
  readonly ok: boolean;
  /** `syntax-error`, `context-error`, `semantic-error`, `env-error`, … */
  readonly cls: string;
  readonly error?: string;
  readonly line?: number | null;
  /** Directives that nginx did not know and that were removed for it. */
  readonly unknown_directives: readonly unknown[];
  /** Variables that nginx did not know and that were defined for it. */
  readonly unknown_vars: readonly string[];
}

/** What an old and a new nginx said about a file. */
export interface Truth {
  readonly file: string;
  readonly nginx_1_22_1: Answer;
  readonly nginx_mainline_1_31_5_dev: Answer;
}

/** What a commit changed in a block; the file is the state before it. */
export interface Repair {
  readonly file: string;
  readonly line: number;
  readonly eline: number;
  readonly loc: string;
  readonly changes: readonly string[];
}

/** Everything the tables of a corpus say. */
export interface Corpus {
  readonly folder: string;
  readonly files: readonly CorpusFile[];
  readonly labels: readonly Label[];
  readonly truths: ReadonlyMap<string, Truth>;
  readonly repairs: readonly Repair[];
}

/** Reads the tables of a corpus; the files themselves are read when they are judged. */
export function readCorpus(folder: string): Corpus {
  const table = <Row>(name: string): readonly Row[] =>
    readFileSync(join(folder, name), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Row);
  return {
    folder,
    files: table<CorpusFile>("manifest.jsonl"),
    labels: table<Label>("labels.jsonl"),
    truths: new Map(table<Truth>("truth.jsonl").map((truth) => [truth.file, truth])),
    repairs: table<Repair>("fixblocks.jsonl"),
  };
}
