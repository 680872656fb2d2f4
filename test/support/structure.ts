import type { Directive } from "../../server/core/syntax/directive.ts";
import { Document } from "../../server/core/syntax/document.ts";
import { type Replacement, replaceAll } from "./tokens.ts";

/** Texts by name; the root is among them. */
export type Texts = ReadonlyMap<string, string>;

/** Puts a configuration together in another way; undefined where it has nothing to do that with. */
export type Restructure = (texts: Texts, root: string) => Texts | undefined;

/** Other structures of a configuration. Most of them mean the same, some do not, and nginx may refuse a few. */
export const structures: Readonly<Record<string, Restructure>> = {
  "as it is": (texts) => texts,
  "everything in an include": (texts, root) => {
    const text = texts.get(root) ?? "";
    return new Map([...texts, ["included.conf", text], [root, "include included.conf;\n"]]);
  },
  "headers in an include": (texts, root) =>
    moveHeaders(texts, root, (lines, location) => ({
      others: [["included.conf", `${lines.join("\n")}\n`]],
      at: startOf(location.first),
      text: "include included.conf;",
    })),
  "headers one level up": (texts, root) =>
    moveHeaders(texts, root, (lines, location) => ({
      others: [],
      at: startOf(location.block),
      text: `${lines.join("\n")}\n`,
    })),
  "location in a location": (texts, root) =>
    change(texts, root, (text, all) => {
      const block = all.find(({ name, isBlock, args }) => name === "location" && isBlock && args.length === 1);
      const path = block?.arg(0) ?? "";
      if (!block || !/^\/[^"'\s]/.test(path)) return undefined;
      const [start, end] = [startOf(block), endOf(block)];
      return [{ start, end, newText: `location ${path.slice(0, -1)} {\n${text.slice(start, end)}\n}` }];
    }),
  "proxy_pass in an if": (texts, root) =>
    wrap(texts, root, "proxy_pass", (line) => `if ($request_method = GET) { ${line} }`),
  "proxy_pass in a limit_except": (texts, root) =>
    wrap(texts, root, "proxy_pass", (line) => `limit_except POST { ${line} }`),
  "the server twice": (texts, root) => wrap(texts, root, "server", (block) => `${block}\n${block}`),
  "the location on a second server": (texts, root) =>
    wrap(texts, root, "server", (block) => `${block}\nserver { listen 81; location / { return 204; } }`),
};

/** Where a directive stands in its text. */
function startOf({ segment, place }: Directive): number {
  return segment.offset + place.start;
}

function endOf({ segment, place }: Directive): number {
  return segment.offset + place.end;
}

/** Every directive, blocks before what is in them. */
function directivesOf(text: string): readonly Directive[] {
  const found: Directive[] = [];
  const open = [...new Document("/source.conf", text).directives()].reverse();
  for (let directive = open.pop(); directive; directive = open.pop()) {
    found.push(directive);
    if (directive.isBlock) open.push(...[...directive.children()].reverse());
  }
  return found;
}

function change(
  texts: Texts,
  root: string,
  replace: (text: string, all: readonly Directive[]) => readonly Replacement[] | undefined,
): Texts | undefined {
  const text = texts.get(root) ?? "";
  const replacements = replace(text, directivesOf(text));
  return replacements && new Map([...texts, [root, replaceAll(text, replacements)]]);
}

/** Puts something around the first directive of a name; of servers only blocks count. */
function wrap(texts: Texts, root: string, name: string, around: (text: string) => string): Texts | undefined {
  return change(texts, root, (text, all) => {
    const directive = all.find((each) => each.name === name && (name !== "server" || each.isBlock));
    if (!directive) return undefined;
    const [start, end] = [startOf(directive), endOf(directive)];
    return [{ start, end, newText: around(text.slice(start, end)) }];
  });
}

/** Takes the headers out of the first location that has some; `put` says what stands where instead. */
function moveHeaders(
  texts: Texts,
  root: string,
  put: (
    lines: readonly string[],
    location: { readonly block: Directive; readonly first: Directive },
  ) => {
    readonly others: readonly (readonly [string, string])[];
    readonly at: number;
    readonly text: string;
  },
): Texts | undefined {
  let others: readonly (readonly [string, string])[] = [];
  const changed = change(texts, root, (text, all) => {
    for (const block of all) {
      if (block.name !== "location" || !block.isBlock) continue;
      const headers = block.children().filter(({ name }) => name === "proxy_set_header");
      const [first] = headers;
      if (!first) continue;
      const lines = headers.map((each) => text.slice(startOf(each), endOf(each)));
      const instead = put(lines, { block, first });
      others = instead.others;
      return [
        { start: instead.at, end: instead.at, newText: instead.text },
        ...headers.map((each) => ({ start: startOf(each), end: endOf(each), newText: "" })),
      ];
    }
    return undefined;
  });
  return changed && new Map([...changed, ...others]);
}
