import type { Directive } from "../syntax/directive.ts";
import { type Document, spanOf } from "../syntax/document.ts";

/** The blocks around a place, outermost first; text that changes around them leaves it as it is. */
export type BlockPath = readonly string[];

/** The way to the innermost block at an offset. */
export function blockPathAt(document: Document, offset: number): BlockPath {
  const path: string[] = [];
  let level: readonly Directive[] = document.directives();
  for (;;) {
    const index = level.findIndex((directive) => directive.isBlock && holds(directive, offset));
    const found = level[index];
    if (!found) return path;
    path.push(namesOf(level)[index] as string);
    level = found.children();
  }
}

/** Where the block of a path begins now; undefined when there is no such block any more. */
export function offsetOfBlock(document: Document, path: BlockPath): number | undefined {
  let level: readonly Directive[] = document.directives();
  let found: Directive | undefined;
  for (const name of path) {
    found = level[namesOf(level).indexOf(name)];
    if (!found) return undefined;
    level = found.children();
  }
  const place = found ?? level[0];
  return place && spanOf(place.head).start;
}

function holds(directive: Directive, offset: number): boolean {
  const { start, end } = spanOf(directive.place);
  if (offset < start) return false;
  if (directive.segment.kind !== "open") return offset <= end;
  const last = directive.children().at(-1);
  return offset <= Math.max(end, last ? spanOf(last.place).end : end);
}

/** How each directive of a level is called: a block by its head, a server also by its names; namesakes are counted. */
function namesOf(level: readonly Directive[]): readonly string[] {
  const counts = new Map<string, number>();
  return level.map((directive) => {
    if (!directive.isBlock) return "";
    const head = directive.words.map(({ raw }) => raw).join(" ");
    const names = directive.name === "server" ? directive.children().filter(({ name }) => name === "server_name") : [];
    const name = [head, ...names.flatMap((each) => each.args.map(({ raw }) => raw))].join(" ");
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count === 1 ? name : `${name} #${count}`;
  });
}
