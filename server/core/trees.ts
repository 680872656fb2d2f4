import type { FileId } from "./finding.ts";
import { annotationsIn } from "./model/annotations.ts";
import { Config } from "./model/config.ts";
import type { SharedEnvironment } from "./model/environment.ts";
import type { Brought } from "./model/expand.ts";
import { contextOf } from "./model/shape.ts";
import type { VariablesBeside } from "./model/variables.ts";
import { parseVersion, type Version } from "./nginx/version.ts";
import { allRules } from "./rules/index.ts";
import { type ByDocument, type Care, isOff, Judge, type Judged } from "./rules/judge.ts";
import type { Rule } from "./rules/rule.ts";
import type { Settings, SettingsSource } from "./settings.ts";
import { sharesItsFolder, variablesBeside } from "./siblings.ts";
import type { Sources } from "./sources.ts";
import type { Directive } from "./syntax/directive.ts";
import type { Document } from "./syntax/document.ts";
import { hasTemplate } from "./syntax/template.ts";
import { isCertainThroughIncludes } from "./template-includes.ts";

/** A root file with what it includes, and how it is judged. */
export interface Tree {
  readonly config: Config;
  readonly judge: Judge;
  /** What it was made under; under other settings it is made anew. */
  readonly settings: Settings;
  readonly rules: readonly Rule[];
  files: ReadonlySet<FileId>;
  /** The variables that files beside a fragment define. */
  definedBeside: VariablesBeside;
  /** One of its files that is a template, if any is, and under which structure of the sources that was found out. */
  template?: { readonly structure: number; readonly document: Document | undefined };
  /** What the rules said, and about which state of the project. */
  judged?: { readonly state: number; readonly byDocument: ByDocument };
}

/** The configurations of a project: each root that was loaded, with what it includes. */
export class Trees {
  private readonly sources: Sources;
  private readonly log: (message: string) => void;
  private readonly trees = new Map<FileId, Tree>();
  private settings: SettingsSource;
  /** The rules that are on anywhere. */
  private rules: readonly Rule[];
  /** Counts whatever can change what the rules say. */
  private state = 0;

  constructor(sources: Sources, settings: SettingsSource, log: (message: string) => void) {
    this.sources = sources;
    this.settings = settings;
    this.rules = rulesOnIn(settings);
    this.log = log;
  }

  /** Says that something changed that can change what the rules say. */
  renew(): void {
    this.state++;
  }

  /** Takes other settings, and lets go of what was made under those before. */
  configure(settings: SettingsSource): void {
    this.renew();
    this.settings = settings;
    const rules = rulesOnIn(settings);
    if (rules.length !== this.rules.length || rules.some((rule, index) => rule !== this.rules[index])) {
      this.rules = rules;
    }
    for (const [root, tree] of this.trees) {
      if (tree.settings !== settings.of(root) || tree.rules !== this.rules) this.trees.delete(root);
    }
  }

  /** Says that a document has been edited. */
  touch(document: Document): void {
    this.renew();
    for (const tree of this.trees.values()) {
      tree.config.touch(document);
      // To look at all files for the sake of one would cost too much.
      const known = tree.template?.document;
      if (known ? known === document && !hasTemplate(document) : hasTemplate(document)) delete tree.template;
    }
  }

  /** Every root that counts. */
  roots(): readonly FileId[] {
    return [...this.trees.keys()];
  }

  /** Every configuration. */
  all(): readonly Tree[] {
    return [...this.trees.values()];
  }

  /** The configuration with this file as its root. */
  get(root: FileId): Tree | undefined {
    return this.trees.get(root);
  }

  /** Forgets the configuration with this file as its root. */
  delete(root: FileId): void {
    this.renew();
    this.trees.delete(root);
  }

  /** The configuration with this document as its root; it is made if there is none. */
  plant(root: Document): Tree {
    const known = this.trees.get(root.file);
    if (known?.config.root === root) return known;
    const settings = this.settings.of(root.file);
    const tree: Tree = {
      config: new Config(
        root,
        (include) => this.filesOf(include, root.file),
        () => this.sources.structure,
        (include) => this.sources.faultOf(root.file, include, settings.includeRoots),
      ),
      judge: new Judge(this.rules, this.log),
      settings,
      rules: this.rules,
      files: new Set([root.file]),
      definedBeside: new Map(),
    };
    this.trees.set(root.file, tree);
    return tree;
  }

  /** The configurations a file is part of; its own only when no other includes it. */
  of(file: FileId): readonly Tree[] {
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

  /** The files that an include brings in the configuration of a root; undefined where they are not known. */
  filesOf(include: Directive, root: FileId): Brought | undefined {
    return this.sources.included(root, include, this.settings.of(root).includeRoots);
  }

  /** Does step by step what costs most of `environmentOf`. */
  assemble({ config }: Tree): Generator<void> {
    return config.prepare(contextOf(config.root));
  }

  /** What the rules look at, as it is now. */
  environmentOf(tree: Tree): SharedEnvironment {
    const root = tree.config.root;
    tree.definedBeside = variablesBeside(this.siblingsOf(root), tree.definedBeside);
    return tree.config.update(contextOf(root), this.versionFor(root), tree.definedBeside);
  }

  /** The other fragments in the folder of a fragment. */
  siblingsOf({ file }: Document): readonly Document[] {
    return sharesItsFolder(file) ? this.sources.siblingsOf(file) : [];
  }

  /** What the rules say about a tree; asked for each of its files, found out once. */
  judge(tree: Tree, care: Care, document: Document): ByDocument {
    if (tree.judged?.state === this.state) return tree.judged.byDocument;
    const byDocument = tree.judge.judge(this.environmentOf(tree), care, document);
    if (care === "complete") tree.judged = { state: this.state, byDocument };
    return byDocument;
  }

  /** Leaves out what templates may refute in the files that include those at hand. */
  sound(tree: Tree, judged: readonly Judged[]): readonly Judged[] {
    if (!this.templateIn(tree)) return judged;
    return judged.filter((item) => !item.rule.isStructural || isCertainThroughIncludes(item, tree.config));
  }

  private templateIn(tree: Tree): Document | undefined {
    const { structure } = this.sources;
    if (tree.template?.structure !== structure) {
      const documents = [...tree.files].map((file) => this.sources.document(file));
      tree.template = { structure, document: documents.find((each) => each && hasTemplate(each)) };
    }
    return tree.template.document;
  }

  /** The nginx version in force: the setting, else a comment in the root file, else unknown. */
  private versionFor(root: Document): Version | undefined {
    const chosen = parseVersion(this.settings.of(root.file).nginxVersion);
    if (chosen) return chosen;
    for (const segment of root.segments) {
      for (const { verb, words } of annotationsIn(segment)) {
        if (verb === "version" && words[0]) return parseVersion(words[0].text);
      }
    }
    return undefined;
  }
}

/** The rules that at least one file is judged by; which of their findings a file shows is decided last. */
function rulesOnIn(source: SettingsSource): readonly Rule[] {
  const settings = [...source.all()];
  return allRules.filter((rule) => settings.some(({ rules }) => !isOff(rule, rules)));
}
