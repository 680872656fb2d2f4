import type { OutlineItem } from "./outline.ts";

/** Editors narrow the list down themselves while somebody types. */
const MAX_FOUND = 200;

const listed = new Set<OutlineItem["kind"]>(["server", "upstream", "variable", "named location", "zone", "log format"]);

/** The entries of outlines that have a name which others use, and that hold the letters of a query in their order. */
export function searchOutlines<Part extends { readonly items: readonly OutlineItem[] }>(
  parts: Iterable<Part>,
  query: string,
): readonly { readonly item: OutlineItem; readonly part: Part }[] {
  const found: { readonly item: OutlineItem; readonly part: Part }[] = [];
  const letters = query.toLowerCase().replace(/\s+/g, "");
  for (const part of parts) {
    const stack = part.items.toReversed();
    for (let item = stack.pop(); item; item = stack.pop()) {
      if (listed.has(item.kind) && holds(item.name.toLowerCase(), letters)) found.push({ item, part });
      if (found.length >= MAX_FOUND) return found;
      for (const child of item.children.toReversed()) stack.push(child);
    }
  }
  return found;
}

function holds(text: string, letters: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
