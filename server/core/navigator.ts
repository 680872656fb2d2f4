import { hostInValue } from "./features/carriers.ts";
import { type Fold, foldsOf } from "./features/folding.ts";
import { contentOf, type Mention, mentionAt } from "./features/mentions.ts";
import { type OutlineItem, outlineOf } from "./features/outline.ts";
import { redirectTarget } from "./features/redirect-target.ts";
import { highlightsOf, occurrencesOf, sameAs, withoutRepeats } from "./features/references.ts";
import { type Rename, type RenameContext, renameAll } from "./features/rename.ts";
import { pathTo, type Stretch, selectionsAt } from "./features/selection.ts";
import { searchOutlines } from "./features/symbol-search.ts";
import type { FileId, Span } from "./finding.ts";

import { includesIn } from "./model/include.ts";
import type { Project } from "./project.ts";
import type { Directive, Word } from "./syntax/directive.ts";
import { type Document, spanOf } from "./syntax/document.ts";
import { baseName } from "./text/path.ts";

/** Where something is defined. */
export interface DefinitionTarget {
  /** The statement that defines it; the beginning of a file for an include. */
  readonly span: Span;
  /** Its name there. */
  readonly selection: Span;
}

/** What stands at a place, and where it comes from. */
export interface Definitions {
  readonly origin: Span;
  readonly targets: readonly DefinitionTarget[];
}

/** A name at a place of a document. */
export interface Highlight {
  readonly span: Span;
  readonly role: "definition" | "use";
}

/** A path in a document that leads to a file. */
export interface IncludeLink {
  readonly span: Span;
  readonly target: FileId;
}

/** A file's part of an outline: of a dump there are several. */
export interface OutlinePart {
  /** The path of a file in a dump; undefined for a file that is itself. */
  readonly name: string | undefined;
  readonly start: number;
  readonly end: number;
  /** What has to be added to the offsets of the items. */
  readonly shift: number;
  readonly items: readonly OutlineItem[];
}

/** A named thing that a search in all files found. */
export interface FoundSymbol {
  readonly item: OutlineItem;
  readonly file: FileId;
  /** What has to be added to its offsets. */
  readonly shift: number;
  /** The name of its file. */
  readonly container: string;
}

/** Answers where names come from and lead to, from what a project has loaded. */
export class Navigator {
  readonly #project: Project;

  constructor(project: Project) {
    this.#project = project;
  }

  /** The outline of a file. */
  outline(file: FileId): readonly OutlinePart[] {
    const document = this.#project.document(file);
    if (!document) return [];
    const dump = this.#project.dump(file);
    if (!dump) return [{ name: undefined, start: 0, end: document.length, shift: 0, items: outlineOf(document) }];
    return dump.files().flatMap((inner) => {
      const part = dump.document(inner);
      if (!part) return [];
      const { start, end } = dump.spanInDump({ file: inner, start: 0, end: part.length });
      return [{ name: dump.nameOf(inner), start, end, shift: start, items: outlineOf(part) }];
    });
  }

  /** Named things in all files that are loaded, by the letters of their names; not all of them when there are many. */
  search(query: string): readonly FoundSymbol[] {
    const files = this.#project.files();
    const parts = lazily(files, (file) => this.outline(file).map((part) => ({ ...part, file })));
    return searchOutlines(parts, query).map(({ item, part }) => {
      return { item, file: part.file, shift: part.shift, container: part.name ?? baseName(part.file) };
    });
  }

  /** What can be folded in a file. */
  folds(file: FileId): readonly Fold[] {
    const document = this.#project.document(file);
    return document ? foldsOf(document) : [];
  }

  /** What a selection at an offset grows to, smallest first. */
  selections(file: FileId, offset: number): readonly Stretch[] {
    const document = this.#project.document(file);
    return document ? selectionsAt(document, offset) : [];
  }

  /** The include paths that lead to one file. */
  links(file: FileId): readonly IncludeLink[] {
    const document = this.#project.document(file);
    if (!document || this.#project.dump(file)) return [];
    return [...includesIn(document.directives())].flatMap((include) => {
      const [target, ...others] = this.#included(include);
      const word = include.args[0];
      return word && target && others.length === 0 ? [{ span: spanOf(contentOf(word)), target: target.file }] : [];
    });
  }

  /** Where what stands at an offset is defined. */
  definitions(file: FileId, offset: number): Definitions | undefined {
    return this.#inDump(
      file,
      offset,
      (navigator, inner) => navigator.definitions(inner.file, inner.offset),
      ({ origin, targets }, shift) => ({
        origin: shift(origin),
        targets: targets.map(({ span, selection }) => ({ span: shift(span), selection: shift(selection) })),
      }),
      (document) => this.#definitionsIn(document, offset),
    );
  }

  /** Every place where what stands at an offset has its name. */
  references(file: FileId, offset: number): readonly Highlight[] {
    const found = this.#inDump(
      file,
      offset,
      (navigator, inner) => navigator.references(inner.file, inner.offset),
      (list, shift) => list.map(({ span, role }) => ({ span: shift(span), role })),
      (document) => {
        const mention = this.#mentionAt(document, offset);
        return mention && this.#same(mention).map(toHighlight);
      },
    );
    return found ?? [];
  }

  /** The same name in the file itself. */
  highlights(file: FileId, offset: number): readonly Highlight[] {
    const found = this.#inDump(
      file,
      offset,
      (navigator, inner) => navigator.highlights(inner.file, inner.offset),
      (list, shift) => list.map(({ span, role }) => ({ span: shift(span), role })),
      (document) => {
        const mention = mentionAt(document, offset);
        return mention && highlightsOf(mention, document).map(toHighlight);
      },
    );
    return found ?? [];
  }

  /** The name at an offset that a rename would begin with. */
  renamable(
    file: FileId,
    offset: number,
  ): { readonly span: Span; readonly name: string } | { readonly refusal: string } {
    const document = this.#project.document(file);
    const mention = document && this.#mentionAt(document, offset);
    if (this.#project.dump(file)) return { refusal: dumpRefusal };
    if (!mention) return { refusal: "There is no name here that the configuration gives to something itself." };
    const { refusal } = renameAll(mention, undefined, this.#context());
    if (refusal !== undefined) return { refusal };
    const { segment, start, end } = mention.place;
    return { span: spanOf(mention.place), name: segment.text.slice(start, end) };
  }

  /** Gives what stands at an offset another name, wherever it has it. */
  rename(file: FileId, offset: number, newName: string): Rename {
    if (this.#project.dump(file)) return { refusal: dumpRefusal };
    const document = this.#project.document(file);
    const mention = document && this.#mentionAt(document, offset);
    if (!mention) return { refusal: "There is no name here that the configuration gives to something itself." };
    return renameAll(mention, newName, this.#context());
  }

  #context(): RenameContext {
    return {
      environmentsOf: (each) => this.#project.namespaces(each),
      locate: (span) => this.#project.locate(span),
    };
  }

  #same(mention: Mention): readonly Mention[] {
    const { document } = mention.place.segment;
    const same = withoutRepeats(sameAs(mention, this.#project.namespaces(document.file)));
    // A file that no configuration reads speaks for itself.
    return same.length > 0 ? same : highlightsOf(mention, document);
  }

  #definitionsIn(document: Document, offset: number): Definitions | undefined {
    const directive = pathTo(document, offset).at(-1);
    const word = directive?.args.find((each) => contains(spanOf(each), offset));
    if (directive && word && isInclude(directive)) {
      const targets = this.#included(directive).map(({ file }) => {
        const span = { file, start: 0, end: 0 };
        return { span, selection: span };
      });
      return { origin: spanOf(word), targets };
    }
    const mention = this.#mentionAt(document, offset);
    if (mention) {
      const definitions = this.#same(mention).filter(({ role }) => role === "definition");
      const targets = definitions.map(({ directive: { head }, place }) => ({
        span: spanOf(head),
        selection: spanOf(place),
      }));
      return { origin: spanOf(mention.place), targets };
    }
    const locations = directive && word ? this.#redirects(directive, word) : [];
    if (!word || locations.length === 0) return undefined;
    const targets = locations.map((location) => ({
      span: spanOf(location.head),
      selection: spanOf(location.words.at(-1) ?? location.head),
    }));
    return { origin: spanOf(word), targets };
  }

  #redirects(directive: Directive, word: Word): readonly Directive[] {
    const environments = this.#project.configurations(directive.segment.document.file);
    return [...new Set(environments.flatMap((environment) => redirectTarget(directive, word, environment)))];
  }

  /** The name at an offset, that of an upstream in a value included. */
  #mentionAt(document: Document, offset: number): Mention | undefined {
    const mention = mentionAt(document, offset);
    if (mention) return mention;
    const directive = pathTo(document, offset).at(-1);
    const word = directive?.words.find((each) => contains(spanOf(each), offset));
    const place = word && hostInValue(word);
    if (!directive || !place || !contains(spanOf(place), offset)) return undefined;
    const name = place.segment.text.slice(place.start, place.end).toLowerCase();
    for (const environment of this.#project.namespaces(document.file)) {
      // Only then is the text the name of anything.
      if (!environment.scope.entries.some(({ scope }) => scope) && !environment.upstreams.has(name)) continue;
      const all = occurrencesOf({ kind: "upstream", name }, environment);
      if (!all.some((each) => each.mention.role === "definition")) continue;
      const found = all.find((each) => {
        const at = each.mention.place;
        return at.segment === place.segment && at.start === place.start;
      });
      if (found) return found.mention;
    }
    return undefined;
  }

  #included(include: Directive): readonly Document[] {
    return [...new Set(this.#project.included(include).flatMap((documents) => documents ?? []))];
  }

  /** Asks the files of a dump and gives the answer's places in the dump; other files are asked as they are. */
  #inDump<Answer>(
    file: FileId,
    offset: number,
    ask: (navigator: Navigator, inner: { readonly file: FileId; readonly offset: number }) => Answer | undefined,
    convert: (answer: Answer, shift: (span: Span) => Span) => Answer,
    plain: (document: Document) => Answer | undefined,
  ): Answer | undefined {
    const document = this.#project.document(file);
    const dump = this.#project.dump(file);
    if (!dump) return document && plain(document);
    const inner = dump.inside(offset);
    const answer = inner && ask(new Navigator(dump.project), inner);
    return answer && convert(answer, (span) => dump.spanInDump(span));
  }
}

const dumpRefusal =
  "This is a dump of nginx -T: a name that is changed here changes in no file that nginx reads. Rename it in the files.";

function toHighlight({ place, role }: Mention): Highlight {
  return { span: spanOf(place), role };
}

function isInclude(directive: Directive): boolean {
  return directive.name === "include" && !directive.isBlock && directive.args.length === 1;
}

function contains({ start, end }: Stretch, offset: number): boolean {
  return start <= offset && offset <= end;
}

/** One file after the other, and none after the search has ended. */
function* lazily<Item, Part>(items: readonly Item[], partsOf: (item: Item) => readonly Part[]): Generator<Part> {
  for (const item of items) yield* partsOf(item);
}
