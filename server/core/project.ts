import type { DumpView } from "./dump-view.ts";
import { Dumps } from "./dumps.ts";
import { type EffectiveView, placeOf, viewOf } from "./features/effective.ts";
import { directiveAt, type Hover, hoverAt, type Spot } from "./features/hover.ts";
import { type InlayHint, inlayHintsIn } from "./features/inlay-hints.ts";
import { serverAround } from "./features/overview.ts";
import type { Files } from "./files.ts";
import type { ConfiguredTimeout, FileId, Finding, Fix, Span } from "./finding.ts";
import { annotationsIn } from "./model/annotations.ts";
import { Config, type Environment } from "./model/config.ts";
import { readTimeoutsIn } from "./model/read-timeouts.ts";
import { scopesWithin } from "./model/scope.ts";
import { contextOf } from "./model/shape.ts";
import type { VariablesBeside } from "./model/variables.ts";
import { parseVersion, type Version } from "./nginx/version.ts";
import { allRules } from "./rules/index.ts";
import { type ByDocument, type Care, isOff, Judge, type Judged, severityInForce } from "./rules/judge.ts";
import type { Draft } from "./rules/rule.ts";
import { applySuppressions, suppressionFixes } from "./rules/suppressions.ts";
import { syntaxFindings } from "./rules/syntax-findings.ts";
import { defaultSettings, type Settings } from "./settings.ts";
import { nearestFirst, sharesItsFolder, variablesBeside } from "./siblings.ts";
import { Sources } from "./sources.ts";
import type { Directive } from "./syntax/directive.ts";
import { type Change, type Document, spanOf } from "./syntax/document.ts";
import { hasTemplate, isCertain, isCertainInside, isPlaceholder } from "./syntax/template.ts";
import { isCertainThroughIncludes } from "./template-includes.ts";
import { baseName } from "./text/path.ts";

const rulesById = new Map(allRules.map((rule) => [rule.id, rule]));

/** No more whole configurations than this are read to find those that include a file. */
const MAX_CANDIDATES = 30;

/** A root file with what it includes, and how it is judged. */
interface Tree {
  readonly config: Config;
  readonly judge: Judge;
  files: ReadonlySet<FileId>;
  /** The variables that files beside a fragment define. */
  definedBeside: VariablesBeside;
  /** Whether any of its files is a template, and in which state of the project that was found out. */
  templates?: { readonly state: number; readonly areThere: boolean };
  /** What the rules said, and about which state of the project. */
  judged?: { readonly state: number; readonly byDocument: ByDocument };
}

/** A file that could not be read. */
export interface LoadError {
  readonly file: FileId;
  /** The reason, for people. */
  readonly error: string;
}

/** Configuration files under one set of settings: what is open, what they include, and what is wrong with them. */
export class Project {
  private readonly sources: Sources;
  private readonly log: (message: string) => void;
  private settings: Settings;
  private readonly trees = new Map<FileId, Tree>();
  private dumps: Dumps;
  /** The roots that were found for the sake of files they include. */
  private found: ReadonlySet<FileId> = new Set();
  /** Counts whatever can change what the rules say. */
  private state = 0;

  constructor(files: Files, settings: Settings = defaultSettings, log: (message: string) => void = () => {}) {
    this.sources = new Sources(files);
    this.settings = settings;
    this.log = log;
    this.dumps = this.createDumps();
  }

  /** Takes other settings; what they change is judged anew. */
  configure(settings: Settings): void {
    this.state++;
    this.settings = settings;
    this.sources.restructure();
    this.trees.clear();
    this.dumps = this.createDumps();
  }

  /** Takes an editor's text as the file until `close`. */
  open(file: FileId, text: string): Document {
    this.state++;
    this.trees.delete(file);
    return this.sources.hold(file, text);
  }

  /** Applies edits one after the other, each with offsets into the text before it. Unknown files stay unknown. */
  change(file: FileId, changes: readonly Change[]): void {
    this.state++;
    const document = this.sources.document(file);
    if (!document) return;
    this.sources.change(document, changes);
    for (const { config } of this.trees.values()) config.touch(document);
  }

  /** Goes back to the file on disk. */
  close(file: FileId): void {
    this.state++;
    this.sources.release(file);
    this.trees.delete(file);
    this.dumps.drop(file);
  }

  /** Says that a file changed, appeared or vanished on disk. */
  invalidate(file: FileId): void {
    this.state++;
    this.sources.forget(file);
    if (this.sources.document(file) === undefined) this.dumps.drop(file);
  }

  /**
   * Reads files and everything they include. Has to be awaited before `findings`. Gives what could not be read.
   * Candidates are whole configurations that may include these files; those that do are judged with them.
   */
  async load(files: readonly FileId[], candidates: readonly FileId[] = []): Promise<readonly LoadError[]> {
    this.state++;
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
      const reached = await this.sources.readClosure(file, this.settings.includeRoots);
      if (this.sources.isCut(file)) errors.push({ file, error: "includes more than 200,000 files; not all were read" });
      const document = this.sources.document(file);
      if (document) this.treeOf(document).files = reached;
      this.state++;
    }
    await this.findRoots(files, candidates);
    for (const file of files) {
      const tree = this.trees.get(file);
      const isFragment = tree && sharesItsFolder(file) && contextOf(tree.config.root) === "http";
      if (isFragment && this.treesOf(file).includes(tree)) await this.sources.readSiblings(file);
    }
    this.state++;
    return errors;
  }

  /** Takes in the candidates that include one of the files, and lets go of those that no longer do. */
  private async findRoots(files: readonly FileId[], candidates: readonly FileId[]): Promise<void> {
    const others = candidates.filter((candidate) => !files.includes(candidate));
    const needed = new Set<FileId>();
    for (const file of others.length > 0 ? files : []) {
      const document = this.sources.document(file);
      if (!document || contextOf(document) === "main") continue;
      for (const candidate of nearestFirst(file, others).slice(0, MAX_CANDIDATES)) {
        const reached = await this.sources.readClosure(candidate, this.settings.includeRoots);
        const root = reached.has(file) ? this.sources.document(candidate) : undefined;
        if (!root || contextOf(root) !== "main") continue;
        this.treeOf(root).files = reached;
        needed.add(candidate);
      }
    }
    for (const root of this.found) if (!needed.has(root) && !files.includes(root)) this.trees.delete(root);
    this.found = needed;
  }

  /** The files that count now: the roots that were loaded, what they include, and what editors hold open. */
  files(): readonly FileId[] {
    const counted = new Set<FileId>([...this.sources.held(), ...this.dumps.all().map(({ file }) => file)]);
    for (const tree of this.trees.values()) for (const file of tree.files) counted.add(file);
    return [...counted].filter((file) => this.sources.document(file) !== undefined);
  }

  /** The roots of the configurations that a file is part of. */
  rootsOf(file: FileId): readonly FileId[] {
    return this.treesOf(file).map(({ config }) => config.root.file);
  }

  /** Whether a file is only a part of a configuration, and no loaded one includes it. */
  needsRoot(file: FileId): boolean {
    const document = this.sources.document(file);
    const isPart = document !== undefined && this.dumps.of(file) === undefined && contextOf(document) !== "main";
    return isPart && this.rootsOf(file).every((root) => root === file);
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
   * Judges server by server what is not judged yet, so that `findings` has nothing left to do. Whoever asks may take a
   * break after each step; after a change it has to begin anew.
   */
  *prepare(): Generator<void> {
    if (!this.settings.enable) return;
    for (const [root, tree] of this.trees) {
      if (this.treesOf(root).includes(tree)) yield* tree.judge.prepare(this.environmentOf(tree));
    }
  }

  /** Equal items as long as nothing that `findings` says about a file can have changed. */
  stamp(file: FileId): readonly unknown[] {
    const document = this.sources.document(file);
    if (!document) return [];
    const trees = this.treesOf(file);
    const judged = trees.map((tree) => this.judgedIn(tree, "complete", document).get(document));
    const places = trees.map(({ config }) => config.includesOf(document).size);
    const others = judged.flatMap((list) => (list ?? []).flatMap(({ draft }) => documentsOf(draft)));
    return [this.settings, document, document.version, ...judged, ...places, ...others.map(({ version }) => version)];
  }

  /** What a file holds that is a dump of `nginx -T`; its findings are places of the dump. */
  dump(file: FileId): DumpView | undefined {
    return this.dumps.of(file);
  }

  /** What is wrong with a file, in every configuration that it is part of, sorted by position. */
  findings(file: FileId, care: Care = "complete"): readonly Finding[] {
    const document = this.sources.document(file);
    if (!document || !this.settings.enable) return [];
    const dump = this.dumps.of(file);
    if (dump) return dump.findings();
    const trees = this.treesOf(file);
    const judged = [
      ...syntaxFindings(document),
      ...trees.flatMap((tree) => this.soundIn(tree, this.judgedIn(tree, care, document).get(document) ?? [])),
    ];
    const found = new Map<string, { finding: Finding; includes: ReadonlySet<Directive> }>();
    for (const item of judged) {
      const finding = this.resolve(item);
      if (!finding) continue;
      const key = `${finding.rule} ${finding.span.start} ${finding.span.end}`;
      found.set(key, { finding, includes: new Set([...(found.get(key)?.includes ?? []), ...item.includes]) });
    }
    const all = new Set(trees.flatMap(({ config }) => [...config.includesOf(document)]));
    const sorted = [...found.values()]
      .map(({ finding, includes }) => withPlaces(finding, includes, all))
      .sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
    return applySuppressions(document, sorted, (rule) => this.isOff(rule))
      .filter((finding) => !this.isOff(finding.rule))
      .map((finding) => ({
        ...finding,
        severity: severityInForce(finding.rule, finding.severity, this.settings.rules),
      }));
  }

  private isOff(id: string): boolean {
    const rule = rulesById.get(id);
    return rule !== undefined && isOff(rule, this.settings.rules);
  }

  /** The comments that allow a finding: on its line, in its file. */
  suppressions(finding: Finding): readonly Fix[] {
    const dump = this.dumps.of(finding.span.file);
    if (dump) return dump.suppressions(finding);
    const document = this.sources.document(finding.span.file);
    return document ? suppressionFixes(document, finding) : [];
  }

  /** Explains what stands at an offset. */
  hover(file: FileId, offset: number): Hover | undefined {
    const dump = this.dumps.of(file);
    if (dump) return dump.hover(offset);
    const document = this.sources.document(file);
    return document && hoverAt(document, offset, this.spotAt(document, offset));
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
    const files = file === undefined ? [...this.trees.keys()] : [file];
    const trees = new Set(files.filter((each) => this.sources.document(each)).flatMap((each) => this.treesOf(each)));
    return [...trees].map((tree) => this.environmentOf(tree));
  }

  /** The read time-outs that files set, each once: after such a time nginx ends a quiet connection. */
  readTimeouts(): readonly ConfiguredTimeout[] {
    const found = new Map<string, ConfiguredTimeout>();
    for (const tree of this.trees.values()) {
      if (!this.sources.document(tree.config.root.file)) continue;
      for (const timeout of readTimeoutsIn(this.environmentOf(tree).scope)) {
        const span = spanOf(timeout.place);
        found.set(`${span.file} ${span.start}`, { text: timeout.text, milliseconds: timeout.milliseconds, span });
      }
    }
    return [...found.values(), ...this.dumps.all().flatMap((dump) => dump.readTimeouts())];
  }

  /** Folders here say nothing about the machine that a dump comes from; its version does. */
  private createDumps(): Dumps {
    return new Dumps((files, version) => {
      const nginxVersion = this.settings.nginxVersion || (version ?? "");
      return new Project(files, { ...this.settings, includeRoots: {}, nginxVersion }, this.log);
    });
  }

  private spotAt(document: Document, offset: number): Spot | undefined {
    const directive = directiveAt(document, offset);
    if (!directive) return undefined;
    const locate = (span: Span): string => this.locate(span);
    for (const tree of this.treesOf(document.file)) {
      const environment = this.environmentOf(tree);
      for (const scope of scopesWithin(environment.scope)) {
        const own = scope.entries.find(
          (entry) => entry.directive.segment === directive.segment && entry.directive.statement === directive.statement,
        );
        if (own) return { scope: own.scope ?? scope, directive: own.directive, environment, locate };
      }
    }
    return undefined;
  }

  private treeOf(root: Document): Tree {
    const known = this.trees.get(root.file);
    if (known?.config.root === root) return known;
    const includes = (include: Parameters<Sources["included"]>[1]) =>
      this.sources.included(root.file, include, this.settings.includeRoots);
    const tree: Tree = {
      config: new Config(
        root,
        includes,
        () => this.sources.structure,
        (include) => this.sources.faultOf(root.file, include, this.settings.includeRoots),
      ),
      judge: new Judge(
        allRules.filter((rule) => !isOff(rule, this.settings.rules)),
        this.log,
      ),
      files: new Set([root.file]),
      definedBeside: new Map(),
    };
    this.trees.set(root.file, tree);
    return tree;
  }

  /** The configurations a file is part of; its own only when no other includes it. */
  private treesOf(file: FileId): readonly Tree[] {
    const including = [...this.trees].filter(
      ([root, tree]) => root !== file && tree.files.has(file) && this.sources.document(root),
    );
    // Files that include each other: the first one counts as the root.
    const roots = including.filter(([root]) => !(this.trees.get(file)?.files.has(root) && file < root));
    // In an order that does not depend on what was opened first.
    if (roots.length > 0) return roots.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, tree]) => tree);
    const own = this.trees.get(file);
    return own ? [own] : [];
  }

  private environmentOf(tree: Tree): Environment {
    const root = tree.config.root;
    tree.definedBeside = variablesBeside(this.siblingsOf(root), tree.definedBeside);
    return tree.config.update(contextOf(root), this.versionFor(root), tree.definedBeside);
  }

  private siblingsOf({ file }: Document): readonly Document[] {
    return sharesItsFolder(file) ? this.sources.siblingsOf(file) : [];
  }

  /** What the rules say about a tree; asked for each of its files, found out once. */
  private judgedIn(tree: Tree, care: Care, document: Document): ByDocument {
    if (tree.judged?.state === this.state) return tree.judged.byDocument;
    const byDocument = tree.judge.judge(this.environmentOf(tree), care, document);
    if (care === "complete") tree.judged = { state: this.state, byDocument };
    return byDocument;
  }

  /** Leaves out what templates may refute in the files that include those at hand. */
  private soundIn(tree: Tree, judged: readonly Judged[]): readonly Judged[] {
    if (tree.templates?.state !== this.state) {
      const documents = [...tree.files].map((file) => this.sources.document(file));
      tree.templates = { state: this.state, areThere: documents.some((each) => each && hasTemplate(each)) };
    }
    if (!tree.templates.areThere) return judged;
    return judged.filter((item) => !item.rule.isStructural || isCertainThroughIncludes(item, tree.config));
  }

  /** The nginx version in force: the setting, else a comment in the root file, else unknown. */
  private versionFor(root: Document): Version | undefined {
    const chosen = parseVersion(this.settings.nginxVersion);
    if (chosen) return chosen;
    for (const segment of root.segments) {
      for (const { verb, words } of annotationsIn(segment)) {
        if (verb === "version" && words[0]) return parseVersion(words[0].text);
      }
    }
    return undefined;
  }

  private resolve({ rule, draft }: Judged): Finding | undefined {
    const isSure = isCertain(draft.place) && (draft.related ?? []).every(({ place }) => isCertainInside(place));
    if (isPlaceholder(draft.place) || (rule.isStructural && !isSure)) return undefined;
    // Where a template decides what a line will be, nobody can say where another line goes.
    const sound = (draft.fixes ?? []).filter(({ edits }) =>
      edits.every(({ place }) => isCertain(place) && !isPlaceholder(place)),
    );
    const fixes = sound.map(({ title, applicability, edits }) => ({
      title,
      applicability,
      edits: edits.map(({ place, newText }) => ({ ...spanOf(place), newText })),
    }));
    const finding: Finding = {
      rule: rule.id,
      severity: draft.severity,
      span: spanOf(draft.place),
      message: draft.message,
      related: (draft.related ?? []).map(({ place, message }) => ({ span: spanOf(place), message })),
      fixes,
    };
    return rule.cause === undefined ? finding : { ...finding, cause: rule.cause };
  }
}

/** No more includes than this are named. */
const MAX_INCLUDES = 3;

/**
 * A mistake in a file that several includes bring, and that is one after some of them only: says after which. Nobody
 * knows whether a fix does the others good.
 */
function withPlaces(finding: Finding, includes: ReadonlySet<Directive>, all: ReadonlySet<Directive>): Finding {
  if (includes.size === 0 || includes.size >= all.size) return finding;
  const places = [...includes].slice(0, MAX_INCLUDES).map(({ head }) => spanOf(head));
  const more = includes.size > places.length ? ` (and in ${includes.size - places.length} more places)` : "";
  const message = `It is wrong where it is included here${more}, not at all of its ${all.size} includes.`;
  return {
    ...finding,
    related: [...finding.related, ...places.map((span) => ({ span, message }))],
    fixes: finding.fixes.map((fix) => ({ ...fix, applicability: "suggested" as const })),
  };
}

/** The documents that a finding points at or would change. */
function documentsOf({ related = [], fixes = [] }: Draft): readonly Document[] {
  return [...related, ...fixes.flatMap(({ edits }) => edits)].map(({ place }) => place.segment.document);
}
