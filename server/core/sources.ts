import type { Files, ReadResult } from "./files.ts";
import type { FileId } from "./finding.ts";
import type { Brought } from "./model/expand.ts";
import { type IncludeFault, includePath, includesIn, isPattern } from "./model/include.ts";
import { isInstalled, pathInCopy } from "./model/usual-folders.ts";
import { sharesItsFolder } from "./siblings.ts";
import type { Directive } from "./syntax/directive.ts";
import { type Change, Document, type Segment } from "./syntax/document.ts";
import { linkIn } from "./syntax/link-text.ts";
import { holdsPlaceholder } from "./syntax/template-marks.ts";
import { folderOf, isAbsolute, joinPath, rootOf } from "./text/path.ts";

/** No configuration is followed into more files than this. */
const MAX_FILES = 200_000;

/** A folder of more fragments than this is not read for the sake of one of them. */
const MAX_SIBLINGS = 200;

/** The files in reach of a root, and the state of the project in which that was found out. */
interface Closure {
  readonly structure: number;
  readonly reached: ReadonlySet<FileId>;
}

/** The files of a project: what editors hold open, what was read from disk, and where each include leads. */
export class Sources {
  private readonly files: Files;
  private readonly documents = new Map<FileId, Document>();
  private readonly open = new Set<FileId>();
  private readonly errors = new Map<FileId, string>();
  /** Files that are certainly not there. */
  private readonly missing = new Set<FileId>();
  /** Where those of them that are links lead. */
  private readonly links = new Map<FileId, FileId>();
  private readonly folders = new Set<FileId>();
  private readonly globs = new Map<FileId, readonly FileId[]>();
  private readonly closures = new Map<FileId, Closure>();
  /** What the includes of a document say, as it was when this was looked at last. */
  private readonly includeTexts = new WeakMap<Document, string>();
  /** Paths that something happened to and that are no file which was read: folders perhaps. */
  private readonly unknown = new Set<FileId>();
  private count = 0;

  constructor(files: Files) {
    this.files = files;
  }

  /** Another number whenever an include may lead elsewhere than before. */
  get structure(): number {
    return this.count;
  }

  /** Says that includes may lead elsewhere from now on. */
  restructure(): void {
    this.count++;
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
    this.count++;
    const document = new Document(file, text);
    this.documents.set(file, document);
    this.open.add(file);
    this.errors.delete(file);
    return document;
  }

  /** Applies edits one after the other. Most of them leave all includes as they are. */
  change(document: Document, changes: readonly Change[]): void {
    const before = this.includeTexts.get(document) ?? includeText(document);
    for (const change of changes) document.change(change);
    const after = includeText(document);
    if (before !== after) this.count++;
    this.includeTexts.set(document, after);
  }

  /** Goes back to the file on disk. */
  release(file: FileId): void {
    this.count++;
    if (this.open.delete(file)) this.documents.delete(file);
  }

  /** Forgets what was read of a file, unless an editor holds it, and which files patterns near it match. */
  forget(file: FileId): void {
    this.count++;
    const isKnown = this.documents.has(file) || this.errors.has(file);
    if (!this.open.has(file)) this.documents.delete(file);
    this.errors.delete(file);
    this.missing.delete(file);
    this.links.delete(file);
    this.folders.delete(file);
    for (const pattern of this.globs.keys()) {
      const fixed = pattern.slice(0, pattern.search(/[*?[\\]/));
      if (file.startsWith(fixed) || pattern.startsWith(`${file}/`)) this.globs.delete(pattern);
    }
    if (!isKnown) this.unknown.add(file);
  }

  /** A folder that was moved or deleted takes its files along, and nobody tells of each. */
  private forgetFolders(): void {
    if (this.unknown.size === 0) return;
    const isInside = (file: FileId) => {
      for (let at = file.lastIndexOf("/"); at > 0; at = file.lastIndexOf("/", at - 1)) {
        if (this.unknown.has(file.slice(0, at))) return true;
      }
      return false;
    };
    for (const file of this.documents.keys()) if (!this.open.has(file) && isInside(file)) this.documents.delete(file);
    for (const file of this.errors.keys()) if (isInside(file)) this.errors.delete(file);
    for (const known of [this.missing, this.links, this.folders])
      for (const file of known.keys()) if (isInside(file)) known.delete(file);
    this.unknown.clear();
  }

  /** Reads a file that is not known yet; gives the reason when it cannot be read. */
  async read(file: FileId): Promise<string | undefined> {
    this.forgetFolders();
    if (this.documents.has(file)) return undefined;
    const known = this.errors.get(file);
    if (known !== undefined) return known;
    const result: ReadResult = await this.files.read(file);
    this.count++;
    if ("error" in result) {
      this.errors.set(file, result.error);
      if (result.isMissing) this.missing.add(file);
      if (result.link !== undefined) this.links.set(file, result.link);
      if (result.isFolder) this.folders.add(file);
      return result.error;
    }
    // An editor may have opened it in the meantime.
    if (!this.documents.has(file)) this.documents.set(file, new Document(file, result.text));
    return undefined;
  }

  /** Reads everything a root file includes, and gives the files in reach of it, the root first. */
  async readClosure(root: FileId, includeRoots: Readonly<Record<string, string>>): Promise<ReadonlySet<FileId>> {
    const known = this.closures.get(root);
    if (known?.structure === this.count) return known.reached;
    const reached = new Set<FileId>([root]);
    for (const file of reached) {
      if (reached.size > MAX_FILES) break;
      if (!this.documents.has(file) && (await this.read(file)) !== undefined) continue;
      const linked = this.linked(file);
      if (linked !== file) reached.add(linked);
      const document = this.documents.get(file);
      for (const include of document ? includesOf(document) : []) {
        for (const target of await this.targets(root, include, includeRoots)) reached.add(target);
      }
    }
    this.closures.set(root, { structure: this.count, reached });
    return reached;
  }

  /** Reads the files beside a fragment that stand in the same `http`. */
  async readSiblings(file: FileId): Promise<void> {
    const folder = folderOf(file);
    if (isPattern(folder)) return;
    const pattern = `${folder}/*`;
    const found = this.globs.get(pattern) ?? (await this.files.glob(pattern)).slice(0, MAX_SIBLINGS);
    this.globs.set(pattern, found);
    for (const sibling of found) if (sibling !== file) await this.read(sibling);
  }

  /** The documents beside a fragment, as far as they were read. */
  siblingsOf(file: FileId): readonly Document[] {
    const found = this.globs.get(`${folderOf(file)}/*`) ?? [];
    return found.flatMap((sibling) => (sibling === file ? [] : (this.documents.get(sibling) ?? [])));
  }

  private async targets(
    root: FileId,
    include: Directive,
    includeRoots: Readonly<Record<string, string>>,
  ): Promise<readonly FileId[]> {
    const argument = include.arg(0) ?? "";
    if (isUndecided(argument)) return [];
    for (const copy of this.copiesOf(root, argument, includeRoots)) {
      if (isPattern(argument)) await this.expand(copy);
      else await this.read(copy);
    }
    const path = this.pathOf(root, argument, includeRoots);
    return isPattern(argument) ? this.expand(path) : [path];
  }

  /** The file that a file stands for: another one if all that it holds is a path, as git writes a symbolic link. */
  private linked(file: FileId): FileId {
    const document = this.documents.get(file);
    const path = document && linkIn(document);
    if (path === undefined) return file;
    return isAbsolute(path) ? path : joinPath(folderOf(file), path);
  }

  private async expand(pattern: FileId): Promise<readonly FileId[]> {
    const known = this.globs.get(pattern);
    if (known) return known;
    const found = await this.files.glob(pattern);
    this.globs.set(pattern, found);
    this.count++;
    return found;
  }

  /** Where an include of a root leads: into the copy of nginx's folder that the root is part of, if it has such files. */
  private pathOf(root: FileId, argument: string, includeRoots: Readonly<Record<string, string>>): FileId {
    const copies = this.copiesOf(root, argument, includeRoots);
    const isThere = (path: FileId) => this.documents.has(path) || (this.globs.get(path)?.length ?? 0) > 0;
    return copies.find(isThere) ?? includePath(root, argument, includeRoots);
  }

  /**
   * Where an absolute path of another machine would be found here, if the root lies in a copy of nginx's folder. What an
   * installed nginx or a dump names is where it says.
   */
  private copiesOf(root: FileId, argument: string, includeRoots: Readonly<Record<string, string>>): readonly FileId[] {
    if (this.files.isComplete || isInstalled(root)) return [];
    if (!isElsewhere(root, argument, includePath(root, argument, includeRoots))) return [];
    const folder = folderOf(root);
    const copies = sharesItsFolder(root) ? [folder, folderOf(folder)] : [folder];
    return copies.flatMap((copy) => pathInCopy(argument, copy) ?? []);
  }

  /** Whether a root includes more files than are followed. */
  isCut(root: FileId): boolean {
    return (this.closures.get(root)?.reached.size ?? 0) > MAX_FILES;
  }

  /** What an include brings into a configuration; undefined when that is not known. */
  included(root: FileId, include: Directive, includeRoots: Readonly<Record<string, string>>): Brought | undefined {
    const argument = include.arg(0) ?? "";
    if (isUndecided(argument)) return undefined;
    const path = this.pathOf(root, argument, includeRoots);
    if (!isPattern(argument)) {
      const document = this.documents.get(this.linked(path));
      return document && { documents: [document], isAll: true };
    }
    const found = this.globs.get(path);
    // Nothing under an absolute path usually means that the path belongs to another machine, unless it leads into the
    // folder of the configuration itself or was mapped into this one.
    const mayBeThere = this.files.isComplete !== true && isElsewhere(root, argument, path);
    if (!found || (found.length === 0 && mayBeThere)) return undefined;
    const documents = found.flatMap((file) => this.documents.get(this.linked(file)) ?? []);
    return { documents, isAll: documents.length === found.length };
  }

  /** Why an include of a root leads nowhere; undefined when it leads somewhere or nobody can know. */
  faultOf(root: FileId, include: Directive, includeRoots: Readonly<Record<string, string>>): IncludeFault | undefined {
    const argument = include.arg(0) ?? "";
    if (this.leadsBack(root, include, includeRoots)) return { kind: "circle" };
    if (isUndecided(argument)) return undefined;
    const path = this.pathOf(root, argument, includeRoots);
    if (isElsewhere(root, argument, path)) return undefined;
    const files = isPattern(argument) ? (this.globs.get(path) ?? []) : [path];
    for (const file of files) {
      if (this.folders.has(file)) return { kind: "folder", path: file };
      const target = this.links.get(file);
      if (target !== undefined) return { kind: "link", path: file, target, isHere: belongsTo(root, target) };
    }
    if (isPattern(argument) || !this.missing.has(path)) return undefined;
    const isMapped = isAbsolute(argument) && path !== joinPath(rootOf(root), argument);
    return { kind: "missing", path, isHere: isMapped || this.hasNeighbours(root, folderOf(path)) };
  }

  /** Whether a root includes other files from a folder. */
  private hasNeighbours(root: FileId, folder: FileId): boolean {
    for (const file of this.closures.get(root)?.reached ?? []) {
      if (file !== root && folderOf(file) === folder && this.documents.has(file)) return true;
    }
    return false;
  }

  private leadsBack(root: FileId, include: Directive, includeRoots: Readonly<Record<string, string>>): boolean {
    const reached = new Set(this.included(root, include, includeRoots)?.documents);
    for (const document of reached) {
      if (document === include.segment.document) return true;
      for (const inner of includesOf(document))
        for (const next of this.included(root, inner, includeRoots)?.documents ?? []) reached.add(next);
    }
    return false;
  }
}

/**
 * Whether an absolute path leads out of the folder of the configuration and was not mapped: then it usually belongs to
 * another machine.
 */
function isElsewhere(root: FileId, argument: string, path: FileId): boolean {
  return isAbsolute(argument) && path === joinPath(rootOf(root), argument) && !path.startsWith(`${folderOf(root)}/`);
}

/** Whether the target of a link lies on the machine that the root is for: an installed one, or the folder of a copy. */
function belongsTo(root: FileId, target: FileId): boolean {
  return isInstalled(root) || target.startsWith(`${folderOf(root)}/`);
}

/** Whether an argument does not say by itself where it leads: a template or a variable decides. */
function isUndecided(argument: string): boolean {
  return argument === "" || argument.includes("$") || holdsPlaceholder(argument);
}

const NONE: readonly Directive[] = [];
const includeCache = new WeakMap<Segment, readonly Directive[]>();

/** The include directives of a document, found once per segment. */
function includesOf(document: Document): readonly Directive[] {
  const all: Directive[] = [];
  for (const segment of document.segments) {
    let found = includeCache.get(segment);
    if (!found) {
      found =
        segment.kind !== "open" && segment.text.includes("include") ? [...includesIn(segment.directives())] : NONE;
      includeCache.set(segment, found);
    }
    for (const include of found) all.push(include);
  }
  return all;
}

/** What the includes of a document say, in their order. */
function includeText(document: Document): string {
  return includesOf(document)
    .map((include) => include.arg(0) ?? "")
    .join("\n");
}
