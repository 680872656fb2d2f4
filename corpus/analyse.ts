import { join } from "node:path";
import { performance } from "node:perf_hooks";
import type { Finding, Severity } from "../server/core/finding.ts";
import { type Document, defaultSettings, type FileId, looksLikeNginx, Project } from "../server/core/index.ts";
import { nodeFiles, readNodeFile } from "../server/host/files.ts";
import type { Corpus, CorpusFile } from "./corpus.ts";
import { groupBy } from "./group.ts";

/** A line of a file; lines count from 1. */
export interface Line {
  readonly file: string;
  readonly line: number;
}

/** A finding as the comparison needs it. */
export interface Found extends Line {
  readonly column: number;
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  /** The places that explain it. */
  readonly related: readonly Line[];
  /** First and last line of the block in which it stands; undefined outside every block. */
  readonly level: readonly [number, number] | undefined;
  /** Whether it stands in a map, which belongs to every location that uses its variable. */
  readonly isInMap: boolean;
}

/** What the analyser made of a corpus. */
export interface Analysis {
  readonly files: number;
  readonly milliseconds: number;
  readonly found: readonly Found[];
  /** Rules that failed and files that could not be read, with the reason. */
  readonly crashes: readonly string[];
  /** Files of nginx that are not recognised as such, and files of other programs that are. */
  readonly unrecognised: readonly string[];
  readonly mistaken: readonly string[];
}

/** Judges every file as the command line would that is given the folder of its repository. */
export async function analyse(corpus: Corpus, nginxVersion: string): Promise<Analysis> {
  const found: Found[] = [];
  const crashes: string[] = [];
  const base = join(corpus.folder, "files");
  const nginx = corpus.files.filter(({ kind }) => kind === "nginx");
  const start = performance.now();
  for (const [folder, files] of groupBy(nginx, folderOf)) {
    const project = new Project(nodeFiles(), { ...defaultSettings, nginxVersion }, (message) =>
      crashes.push(`${folder}: ${message}`),
    );
    try {
      const ids = files.map(({ file }) => join(base, file));
      for (const { file, error } of await project.load(ids)) {
        if (ids.includes(file)) crashes.push(`${file}: ${error}`);
      }
      for (const id of ids) {
        for (const finding of project.findings(id)) found.push(describe(project, base, finding));
      }
    } catch (error) {
      crashes.push(`${folder}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
  const milliseconds = performance.now() - start;
  const others = corpus.files.filter(({ kind }) => kind === "notnginx");
  return {
    files: nginx.length,
    milliseconds,
    found,
    crashes: [...new Set(crashes)],
    unrecognised: namesOf(nginx.filter((file) => sniff(join(base, file.file)) === false)),
    mistaken: namesOf(others.filter((file) => sniff(join(base, file.file)) === true)),
  };
}

function namesOf(files: readonly CorpusFile[]): readonly string[] {
  return files.map(({ file }) => file);
}

/** Whether a file looks like nginx; nothing for comments alone, which could be anybody's. */
function sniff(path: string): boolean | undefined {
  const result = readNodeFile(path);
  if ("error" in result || !/^\s*[^\s#]/m.test(result.text)) return undefined;
  return looksLikeNginx(result.text);
}

/** The folder `kind/owner+repository` that holds a file. */
export function folderOf({ file }: CorpusFile): string {
  return file.split("/").slice(0, 2).join("/");
}

function describe(project: Project, base: string, finding: Finding): Found {
  const nameOf = (file: FileId) => file.slice(base.length + 1);
  const lineOf = (file: FileId, offset: number) => project.document(file)!.positionAt(offset).line + 1;
  const { file, start } = finding.span;
  const document = project.document(file)!;
  const { line, character } = document.positionAt(start);
  const block = innermostBlock(document, start);
  return {
    file: nameOf(file),
    line: line + 1,
    column: character + 1,
    rule: finding.rule,
    severity: finding.severity,
    message: finding.message,
    related: finding.related.map(({ span }) => ({ file: nameOf(span.file), line: lineOf(span.file, span.start) })),
    level: block && [lineOf(file, block.start), lineOf(file, block.end)],
    isInMap: block?.name === "map",
  };
}

/** The innermost block around an offset. */
function innermostBlock(document: Document, offset: number): { name: string; start: number; end: number } | undefined {
  let innermost: { name: string; start: number; end: number } | undefined;
  let level = document.directives();
  for (;;) {
    const inside = level.find((directive) => {
      if (!directive.isBlock) return false;
      const { segment, start } = directive.place;
      return segment.offset + start <= offset && offset < endOf(directive);
    });
    if (!inside) return innermost;
    innermost = { name: inside.name, start: inside.segment.offset + inside.place.start, end: endOf(inside) };
    level = inside.children();
  }
}

/** Where a block ends in its file; an `http` that is cut into segments ends with the last statement in it. */
function endOf(directive: ReturnType<Document["directives"]>[number]): number {
  const last = directive.segment.kind === "open" ? directive.children().at(-1) : undefined;
  return last ? endOf(last) : directive.segment.offset + directive.place.end;
}
