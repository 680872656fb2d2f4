import type { Files, ReadResult } from "./files.ts";
import type { FileId } from "./finding.ts";
import { includePath, includesIn, isPattern } from "./model/include.ts";
import type { Directive } from "./syntax/directive.ts";
import { Document, type Segment } from "./syntax/document.ts";
import { folderOf, isAbsolute, joinPath, rootOf } from "./text/path.ts";

/** No configuration is followed into more files than this. */
const MAX_FILES = 200_000;

/** The files of a project: what editors hold open, what was read from disk, and where each include leads. */
export class Sources {
  private readonly files: Files;
  private readonly documents = new Map<FileId, Document>();
  private readonly open = new Set<FileId>();
  private readonly errors = new Map<FileId, string>();
  private readonly globs = new Map<FileId, readonly FileId[]>();

  constructor(files: Files) {
    this.files = files;
  }

  /** The document of a file that has been read or opened. */
  document(file: FileId): Document | undefined {
    return this.documents.get(file);
  }

  /** The files that editors hold open. */
  held(): Iterable<FileId> {
    return this.open;
  }

  /** Takes the text of an editor as the file's content. */
  hold(file: FileId, text: string): Document {
    const document = new Document(file, text);
    this.documents.set(file, document);
    this.open.add(file);
    this.errors.delete(file);
    return document;
  }

  /** Goes back to the file on disk. */
  release(file: FileId): void {
    if (this.open.delete(file)) this.documents.delete(file);
  }

  /** Forgets what was read of a file, unless an editor holds it, and which files patterns match. */
  forget(file: FileId): void {
    if (!this.open.has(file)) this.documents.delete(file);
    this.errors.delete(file);
    this.globs.clear();
  }

  /** Reads a file that is not known yet; gives the reason when it cannot be read. */
  async read(file: FileId): Promise<string | undefined> {
    if (this.documents.has(file)) return undefined;
    const known = this.errors.get(file);
    if (known !== undefined) return known;
    const result: ReadResult = await this.files.read(file);
    if ("error" in result) {
      this.errors.set(file, result.error);
      return result.error;
    }
    // An editor may have opened it in the meantime.
    if (!this.documents.has(file)) this.documents.set(file, new Document(file, result.text));
    return undefined;
  }

  /** Reads everything a root file includes, and gives the files in reach of it, the root first. */
  async readClosure(root: FileId, includeRoots: Readonly<Record<string, string>>): Promise<ReadonlySet<FileId>> {
    const reached = new Set<FileId>([root]);
    for (const file of reached) {
      if (reached.size > MAX_FILES) break;
      if ((await this.read(file)) !== undefined) continue;
      const document = this.documents.get(file);
      for (const include of document ? includesOf(document) : []) {
        for (const target of await this.targets(root, include, includeRoots)) reached.add(target);
      }
    }
    return reached;
  }

  private async targets(
    root: FileId,
    include: Directive,
    includeRoots: Readonly<Record<string, string>>,
  ): Promise<readonly FileId[]> {
    const argument = include.arg(0) ?? "";
    if (argument === "" || argument.includes("$")) return [];
    const path = includePath(root, argument, includeRoots);
    if (!isPattern(argument)) return [path];
    const known = this.globs.get(path);
    if (known) return known;
    const found = await this.files.glob(path);
    this.globs.set(path, found);
    return found;
  }

  /** The documents an include brings into a configuration; undefined when that is not known. */
  included(
    root: FileId,
    include: Directive,
    includeRoots: Readonly<Record<string, string>>,
  ): readonly Document[] | undefined {
    const argument = include.arg(0) ?? "";
    const path = includePath(root, argument, includeRoots);
    if (!isPattern(argument)) {
      const document = this.documents.get(path);
      return document && [document];
    }
    const found = this.globs.get(path);
    // Nothing under an absolute path usually means that the path belongs to another machine, unless it leads into the
    // folder of the configuration itself or was mapped into this one.
    const isElsewhere = path === joinPath(rootOf(root), argument) && !path.startsWith(`${folderOf(root)}/`);
    const mayBeThere = isElsewhere && this.files.isComplete !== true;
    if (!found || (found.length === 0 && isAbsolute(argument) && mayBeThere)) return undefined;
    return found.flatMap((file) => this.documents.get(file) ?? []);
  }
}

const includeCache = new WeakMap<Segment, readonly Directive[]>();

/** The include directives of a document, found once per segment. */
function includesOf(document: Document): readonly Directive[] {
  return document.segments.flatMap((segment) => {
    let found = includeCache.get(segment);
    if (!found) {
      found = segment.kind !== "open" && segment.text.includes("include") ? [...includesIn(segment.directives())] : [];
      includeCache.set(segment, found);
    }
    return found;
  });
}
