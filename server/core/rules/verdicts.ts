import type { Place } from "../syntax/directive.ts";
import type { Document } from "../syntax/document.ts";
import type { Judged } from "./judge.ts";

/** What was found, by the document it was found in, put together from what was judged one by one. */
export class Verdicts<Source extends { readonly judged: readonly Judged[] }> {
  private readonly sources = new Map<Document, Map<Source, readonly Judged[]>>();
  private readonly merged = new Map<Document, readonly Judged[]>();

  /** Takes in what was found in one place. */
  add(source: Source): void {
    for (const [document, judged] of byDocument(source.judged)) {
      const known = this.sources.get(document);
      if (known) known.set(source, judged);
      else this.sources.set(document, new Map([[source, judged]]));
      this.merged.delete(document);
    }
  }

  /** Takes out again what was found in one place. */
  remove(source: Source): void {
    for (const document of byDocument(source.judged).keys()) {
      const known = this.sources.get(document);
      known?.delete(source);
      if (known?.size === 0) this.sources.delete(document);
      this.merged.delete(document);
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.sources.clear();
    this.merged.clear();
  }

  /** What was found in a document, each mistake once; `inOrder` gives the places it comes from in nginx's order. */
  of(
    document: Document,
    inOrder: (sources: ReadonlyMap<Source, unknown>) => Iterable<Source>,
  ): readonly Judged[] | undefined {
    const known = this.merged.get(document);
    if (known) return known;
    const sources = this.sources.get(document);
    if (!sources) return undefined;
    const merged = new Map<string, Judged>();
    for (const source of sources.size === 1 ? sources.keys() : inOrder(sources)) {
      for (const judged of sources.get(source) ?? []) {
        const key = keyOf(judged);
        const same = merged.get(key);
        // Several locations may lead to one mistake in what they share: it is reported once.
        if (!same) merged.set(key, judged);
        else if (judged.includes.size > 0) {
          merged.set(key, { ...same, includes: new Set([...same.includes, ...judged.includes]) });
        }
      }
    }
    const list = [...merged.values()];
    this.merged.set(document, list);
    return list;
  }
}

function byDocument(all: readonly Judged[]): ReadonlyMap<Document, readonly Judged[]> {
  const found = new Map<Document, Judged[]>();
  for (const judged of all) {
    const { document } = judged.draft.place.segment;
    const known = found.get(document);
    if (known) known.push(judged);
    else found.set(document, [judged]);
  }
  return found;
}

function keyOf({ rule, draft }: Judged): string {
  return `${rule.id} ${placeKey(draft.place)}`;
}

function placeKey({ segment, start, end }: Place): string {
  return `${segment.index}:${start}:${end}`;
}
