import type { DumpView } from "./dump-view.ts";
import { Dumps } from "./dumps.ts";
import type { Site } from "./features/completion-item.ts";
import { spotAt } from "./features/completion-spot.ts";
import { type EffectiveView, placeOf, viewOf } from "./features/effective.ts";
import { directiveAt, type Hover, type HoverSources, hoverAt, type Spot } from "./features/hover.ts";
import type { Reference } from "./features/hover-text.ts";
import { includePaths } from "./features/include-paths.ts";
import { type InlayHint, inlayHintsIn } from "./features/inlay-hints.ts";
import { serverAround } from "./features/overview.ts";
import { type Standing, standingOf } from "./features/standing.ts";
import type { Files } from "./files.ts";
import type { ConfiguredTimeout, FileId, Finding, Fix, Span } from "./finding.ts";
import type { Environment } from "./model/config.ts";
import { readTimeoutsIn } from "./model/read-timeouts.ts";
import { scopesWithin } from "./model/scope.ts";
import { contextOf } from "./model/shape.ts";
import { report } from "./report.ts";
import type { Care } from "./rules/judge.ts";
import type { Draft } from "./rules/rule.ts";
import { suppressionFixes } from "./rules/suppression-fixes.ts";
import { syntaxFindings } from "./rules/syntax-findings.ts";
import { defaultSettings, everywhere, type Settings, type SettingsSource } from "./settings.ts";
import { fragmentOf, nearestFirst, sharesItsFolder } from "./siblings.ts";
import { Sources } from "./sources.ts";
import { isDataBlock } from "./syntax/data-blocks.ts";
import type { Directive } from "./syntax/directive.ts";
import { type Change, type Document, spanOf } from "./syntax/document.ts";
import { baseName } from "./text/path.ts";
import { type Tree, Trees } from "./trees.ts";

/** No more whole configurations than this are read to find those that include a file. */
const MAX_CANDIDATES = 30;

/** A file that could not be read. */
export interface LoadError {
  readonly file: FileId;
  /** The reason, for people. */
  readonly error: string;
}

/**
 * Configuration files and their settings: what is open, what they include, and what is wrong with them. Includes and the
 * version of nginx are a matter of the root file's settings; what is reported about a file, of its own.
 */
export class Project {
  private readonly sources: Sources;
  private readonly fileSystem: Files;
  private readonly log: (message: string) => void;
  private settings: SettingsSource;
  private settingsVersion: number;
  private readonly trees: Trees;
  private dumps: Dumps;
  /** The roots that were found for the sake of files they include. */
  private found: ReadonlySet<FileId> = new Set();
  /** The structure of the sources for which settings were looked for beside every file. */
  private learnt = -1;

  constructor(
    files: Files,
    settings: Settings | SettingsSource = defaultSettings,
    log: (message: string) => void = () => {},
  ) {
    this.sources = new Sources(files);
    this.settings = "of" in settings ? settings : everywhere(settings);
    this.settingsVersion = this.settings.version;
    this.trees = new Trees(this.sources, this.settings, log);
    this.fileSystem = files;
    this.log = log;
    this.dumps = this.createDumps();
  }

  /** Takes other settings; what they change is judged anew. */
  configure(settings: Settings | SettingsSource): void {
    this.settings = "of" in settings ? settings : everywhere(settings);
    this.renew();
  }

  /** Lets go of what was made under other settings than those in force. */
  private renew(): void {
    this.settingsVersion = this.settings.version;
    this.sources.restructure();
    this.trees.configure(this.settings);
    this.dumps = this.createDumps();
  }

  /** Takes an editor's text as the file until `close`. */
  open(file: FileId, text: string): Document {
    this.trees.delete(file);
    return this.sources.hold(file, text);
  }

  /** Applies edits one after the other, each with offsets into the text before it. Unknown files stay unknown. */
  change(file: FileId, changes: readonly Change[]): void {
    const document = this.sources.document(file);
    if (!document) return;
    this.sources.change(document, changes);
    this.trees.touch(document);
  }

  /** Goes back to the file on disk. */
  close(file: FileId): void {
    this.sources.release(file);
    this.trees.delete(file);
    this.dumps.drop(file);
  }

  /** Says that a file changed, appeared or vanished on disk. */
  invalidate(file: FileId): void {
    this.trees.renew();
    this.sources.forget(file);
    if (this.sources.document(file) === undefined) this.dumps.drop(file);
  }

  /**
   * Reads files and everything they include. Has to be awaited before `findings`. Gives what could not be read.
   * Candidates are whole configurations that may include these files; those that do are judged with them.
   */
  async load(files: readonly FileId[], candidates: readonly FileId[] = []): Promise<readonly LoadError[]> {
    await this.settings.learn([...files, ...candidates]);
    if (this.settings.version !== this.settingsVersion) this.renew();
    const errors = await this.read(files, candidates);
    if (this.learnt === this.sources.structure) return errors;
    // Something may be set beside the files that were read, too.
    this.learnt = this.sources.structure;
    await this.settings.learn(this.files());
    if (this.settings.version === this.settingsVersion) return errors;
    this.renew();
    return this.read(files, candidates);
  }

  private async read(files: readonly FileId[], candidates: readonly FileId[]): Promise<readonly LoadError[]> {
    this.trees.renew();
    const errors: LoadError[] = [];
    for (const file of files) {
      const error = await this.sources.read(file);
      if (error !== undefined) {
        errors.push({ file, error });
        this.trees.delete(file);
        this.dumps.drop(file);
        continue;
      }
      if (await this.dumps.take(this.sources.document(file) as Document)) {
        this.trees.delete(file);
        continue;
      }
      const reached = await this.sources.readClosure(file, this.settings.of(file).includeRoots);
      if (this.sources.isCut(file)) errors.push({ file, error: "includes more than 200,000 files; not all were read" });
      const document = this.sources.document(file);
      if (document) this.trees.plant(document).files = reached;
      this.trees.renew();
    }
    await this.findRoots(files, candidates);
    for (const file of files) {
      const tree = this.trees.get(file);
      const isFragment = tree && sharesItsFolder(file) && contextOf(tree.config.root) === "http";
      if (isFragment && this.trees.of(file).includes(tree)) await this.sources.readSiblings(file);
    }
    this.trees.renew();
    return errors;
  }

  /** Reads what candidates include, so that `load` with them takes no time. Edits and other reading may go on meanwhile. */
  async readAhead(files: readonly FileId[], candidates: readonly FileId[]): Promise<void> {
    await this.settings.learn(candidates);
    for (const [, candidate] of this.pairs(files, candidates))
      await this.sources.readClosure(candidate, this.settings.of(candidate).includeRoots);
  }

  /** Files that are no whole configurations, each with the candidates to look for it in. */
  private *pairs(files: readonly FileId[], candidates: readonly FileId[]): Generator<readonly [FileId, FileId]> {
    const others = candidates.filter((candidate) => !files.includes(candidate));
    if (others.length === 0) return;
    for (const file of files) {
      const document = this.sources.document(file);
      if (!document || contextOf(document) === "main") continue;
      for (const candidate of nearestFirst(file, others).slice(0, MAX_CANDIDATES)) yield [file, candidate];
    }
  }

  /** Takes in the candidates that include one of the files, and lets go of those that no longer do. */
  private async findRoots(files: readonly FileId[], candidates: readonly FileId[]): Promise<void> {
    const needed = new Set<FileId>();
    for (const [file, candidate] of this.pairs(files, candidates)) {
      const reached = await this.sources.readClosure(candidate, this.settings.of(candidate).includeRoots);
      const root = reached.has(file) ? this.sources.document(candidate) : undefined;
      if (!root || contextOf(root) !== "main") continue;
      this.trees.plant(root).files = reached;
      needed.add(candidate);
    }
    for (const root of this.found) if (!needed.has(root) && !files.includes(root)) this.trees.delete(root);
    this.found = needed;
  }

  /** The files that count now: the roots that were loaded, what they include, and what editors hold open. */
  files(): readonly FileId[] {
    const counted = new Set<FileId>([...this.sources.held(), ...this.dumps.all().map(({ file }) => file)]);
    for (const tree of this.trees.all()) for (const file of tree.files) counted.add(file);
    return [...counted].filter((file) => this.sources.document(file) !== undefined);
  }

  /** The roots of the configurations that a file is part of. */
  rootsOf(file: FileId): readonly FileId[] {
    return this.trees.of(file).map(({ config }) => config.root.file);
  }

  /** Whether a file is only a part of a configuration, going by what is in it. */
  isPart(file: FileId): boolean {
    const document = this.sources.document(file);
    return document !== undefined && this.dumps.of(file) === undefined && contextOf(document) !== "main";
  }

  /** Whether a file is only a part of a configuration, and no loaded one includes it. */
  needsRoot(file: FileId): boolean {
    return this.isPart(file) && this.rootsOf(file).every((root) => root === file);
  }

  /** A file that was loaded, and what it includes. */
  reach(file: FileId): ReadonlySet<FileId> {
    return this.trees.get(file)?.files ?? new Set([file]);
  }

  /** The document of a file. */
  document(file: FileId): Document | undefined {
    return this.sources.document(file);
  }

  /**
   * Puts together step by step the configurations that were loaded: whatever is asked about a file needs that first.
   * Whoever asks may take a break after each step; after a change it has to begin anew.
   */
  *assemble(): Generator<void> {
    for (const tree of this.counted()) yield* this.trees.assemble(tree);
  }

  /**
   * Judges server by server what is not judged yet, so that `findings` has nothing left to do. Whoever asks may take a
   * break after each step; after a change it has to begin anew.
   */
  *prepare(): Generator<void> {
    for (const tree of this.counted()) {
      yield* this.trees.assemble(tree);
      yield* tree.judge.prepare(this.trees.environmentOf(tree));
    }
  }

  /** The configurations that are judged: no other includes their root. */
  private counted(): readonly Tree[] {
    return this.trees.all().filter((tree) => {
      const root = tree.config.root.file;
      return this.settings.of(root).enable && this.trees.of(root).includes(tree);
    });
  }

  /** Equal items as long as nothing that `findings` says about a file can have changed. */
  stamp(file: FileId): readonly unknown[] {
    const document = this.sources.document(file);
    if (!document) return [];
    const trees = this.trees.of(file);
    const judged = trees.map((tree) => this.trees.judge(tree, "complete", document).get(document));
    const places = trees.map(({ config }) => config.includesOf(document).size);
    const others = judged.flatMap((list) => (list ?? []).flatMap(({ draft }) => documentsOf(draft)));
    return [
      this.settings.of(file),
      document,
      document.version,
      ...judged,
      ...places,
      ...others.map(({ version }) => version),
    ];
  }

  /** What a file holds that is a dump of `nginx -T`; its findings are places of the dump. */
  dump(file: FileId): DumpView | undefined {
    return this.dumps.of(file);
  }

  /** What is wrong with a file, in every configuration that it is part of, sorted by position. */
  findings(file: FileId, care: Care = "complete"): readonly Finding[] {
    const document = this.sources.document(file);
    const settings = this.settings.of(file);
    if (!document || !settings.enable) return [];
    const dump = this.dumps.of(file);
    if (dump) return dump.findings();
    const trees = this.trees.of(file);
    const judged = [
      ...syntaxFindings(document),
      ...trees.flatMap((tree) => this.trees.sound(tree, this.trees.judge(tree, care, document).get(document) ?? [])),
    ];
    const includes = new Set(trees.flatMap(({ config }) => [...config.includesOf(document)]));
    return report(document, judged, includes, settings);
  }

  /** How a file is judged: which version counts, and which configurations it is part of. */
  standing(file: FileId): Standing | undefined {
    if (!this.sources.document(file)) return undefined;
    const trees = this.trees.of(file).map((tree) => {
      const present = [...tree.files].filter((each) => this.sources.document(each) !== undefined);
      return { environment: this.trees.environmentOf(tree), files: present.length };
    });
    const isOff = !this.settings.of(file).enable;
    const settings = this.settings.of(trees[0]?.environment.root.file ?? file);
    return standingOf(file, { isOff, settings, dump: this.dumps.of(file), trees });
  }

  /** The comments that allow a finding: on its line, in its file. */
  suppressions(finding: Finding): readonly Fix[] {
    const dump = this.dumps.of(finding.span.file);
    if (dump) return dump.suppressions(finding);
    const document = this.sources.document(finding.span.file);
    return document ? suppressionFixes(document, finding) : [];
  }

  /** Explains what stands at an offset. */
  hover(file: FileId, offset: number, reference?: Reference): Hover | undefined {
    const dump = this.dumps.of(file);
    if (dump) return dump.hover(offset);
    const document = this.sources.document(file);
    const site = document && this.site(file, offset);
    return site && hoverAt(document, offset, this.spotAt(document, offset), { reference, ...this.sourcesOf(site) });
  }

  /** A place where somebody writes, with all that decides what can stand there. Nobody writes into a dump. */
  site(file: FileId, offset: number): Site | undefined {
    const document = this.sources.document(file);
    if (!document || this.dumps.of(file)) return undefined;
    const trees = this.trees.of(file);
    const root = trees[0]?.config.root ?? document;
    return {
      document,
      offset,
      environments: trees.map((tree) => this.trees.environmentOf(tree)),
      locate: (span) => this.locate(span),
      includesOf: (each) => trees.flatMap(({ config }) => [...config.includesOf(each)]),
      contextOf,
      paths: (typed) => includePaths(this.fileSystem, root.file, typed, this.settings.of(root.file).includeRoots),
    };
  }

  private sourcesOf(site: Site): Omit<HoverSources, "reference"> {
    const { cursor, mask } = spotAt(site);
    const root = this.trees.of(site.document.file)[0]?.config.root ?? site.document;
    return {
      mask,
      isData: isDataBlock(cursor.blocks[0]?.words[0] ?? ""),
      included: (include) => this.trees.filesOf(include, root.file)?.documents,
    };
  }

  /** Names a place for people: `site.conf:12`. */
  locate({ file, start }: Span): string {
    const line = this.sources.document(file)?.positionAt(start).line;
    return line === undefined ? baseName(file) : `${baseName(file)}:${line + 1}`;
  }

  /** What is in force where an offset lies; undefined outside of locations. */
  effective(file: FileId, offset: number): EffectiveView | undefined {
    const document = this.sources.document(file);
    const spot = document && this.spotAt(document, offset);
    if (!spot?.scope.nearest("location")) return undefined;
    const server = serverAround(spot.scope, spot.environment);
    return server && viewOf(placeOf(spot.scope, spot.environment, server));
  }

  /** What the lines of a file do not show: the headers and the idle limit that its WebSocket locations have from elsewhere. */
  inlayHints(file: FileId, start: number, end: number): readonly InlayHint[] {
    const document = this.sources.document(file);
    return document
      ? inlayHintsIn(document, this.configurations(file), { start, end, locate: (span) => this.locate(span) })
      : [];
  }

  /** The configurations that a file is part of; without a file, all that were loaded. */
  configurations(file?: FileId): readonly Environment[] {
    const files = file === undefined ? this.trees.roots() : [file];
    const trees = new Set(files.filter((each) => this.sources.document(each)).flatMap((each) => this.trees.of(each)));
    return [...trees].map((tree) => this.trees.environmentOf(tree));
  }

  /** The configurations that share names with a file: those that it is part of, and the fragments beside a fragment. */
  namespaces(file: FileId): readonly Environment[] {
    const own = this.configurations(file);
    const [fragment] = own;
    if (own.length !== 1 || fragment?.context !== "http" || !sharesItsFolder(fragment.root.file)) return own;
    const beside = this.trees.siblingsOf(fragment.root).flatMap((sibling) => {
      if (contextOf(sibling) !== "http") return [];
      return this.trees.get(sibling.file) ? this.configurations(sibling.file) : [fragmentOf(sibling)];
    });
    return [...new Set([fragment, ...beside])].filter(({ context }) => context === "http");
  }

  /** The files that an include brings, in each configuration that it is part of; undefined where they are not known. */
  included(include: Directive): readonly (readonly Document[] | undefined)[] {
    const { file } = include.segment.document;
    return this.trees.of(file).map(({ config }) => this.trees.filesOf(include, config.root.file)?.documents);
  }

  /** The read time-outs that files set, each once: after such a time nginx ends a quiet connection. */
  readTimeouts(): readonly ConfiguredTimeout[] {
    const found = new Map<string, ConfiguredTimeout>();
    for (const tree of this.trees.all()) {
      if (!this.sources.document(tree.config.root.file)) continue;
      for (const timeout of readTimeoutsIn(this.trees.environmentOf(tree).scope)) {
        const span = spanOf(timeout.place);
        found.set(`${span.file} ${span.start}`, { text: timeout.text, milliseconds: timeout.milliseconds, span });
      }
    }
    return [...found.values(), ...this.dumps.all().flatMap((dump) => dump.readTimeouts())];
  }

  /** Folders here say nothing about the machine that a dump comes from; its version does. */
  private createDumps(): Dumps {
    return new Dumps((dump) => (files, version) => {
      const settings = this.settings.of(dump);
      const nginxVersion = settings.nginxVersion || (version ?? "");
      return new Project(files, { ...settings, includeRoots: {}, nginxVersion }, this.log);
    });
  }

  private spotAt(document: Document, offset: number): Spot | undefined {
    const directive = directiveAt(document, offset);
    if (!directive) return undefined;
    const locate = (span: Span): string => this.locate(span);
    for (const tree of this.trees.of(document.file)) {
      const environment = this.trees.environmentOf(tree);
      for (const scope of scopesWithin(environment.scope)) {
        const own = scope.entries.find(
          (entry) => entry.directive.segment === directive.segment && entry.directive.statement === directive.statement,
        );
        if (own) return { scope: own.scope ?? scope, directive: own.directive, environment, locate };
      }
    }
    return undefined;
  }
}

/** The documents that a finding points at or would change. */
function documentsOf({ related = [], fixes = [] }: Draft): readonly Document[] {
  return [...related, ...fixes.flatMap(({ edits }) => edits)].map(({ place }) => place.segment.document);
}
