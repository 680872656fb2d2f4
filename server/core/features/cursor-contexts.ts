import { isUndecided } from "../model/shape.ts";
import { type Context, contexts } from "../nginx/directives.ts";
import type { Directive } from "../syntax/directive.ts";
import { type Document, spanOf } from "../syntax/document.ts";
import { type Block, cursorAt } from "./cursor.ts";

/** How a file is embedded: the includes that bring it somewhere, and what its outermost level is where none does. */
export interface Embedding {
  includesOf(document: Document): readonly Directive[];
  contextOf(document: Document): Context;
}

/** Blocks that stand in one context wherever they are. */
const certain: readonly Context[] = [
  ...(["http", "location", "limit_except", "events", "stream", "mail"] as const),
  ...(["mgmt", "oidc_provider", "acme_issuer"] as const),
];

/** No file is looked for through more includes than this. */
const MAX_DEPTH = 10;

/**
 * The contexts that a directive inside these blocks stands in. Several where a file is included in different places;
 * none in a block that nobody knows.
 */
export function contextsIn(
  document: Document,
  blocks: readonly Block[],
  embedding: Embedding,
  depth = 0,
): readonly Context[] {
  const [block, ...outer] = blocks;
  const name = block?.words[0];
  if (block === undefined) return outermost(document, embedding, depth);
  if (name === undefined) return [];
  const own = certain.find((context) => context === name);
  if (own) return [own];
  if (!["server", "upstream", "if"].includes(name)) return [];
  const around = contextsIn(document, outer, embedding, depth);
  return [...new Set(around.flatMap((context) => memberOf(name, context)))];
}

function memberOf(name: string, around: Context): readonly Context[] {
  const member =
    name === "if" ? `${around} if` : { http: name, stream: `stream ${name}`, mail: `mail ${name}` }[around as string];
  return contexts.filter((context) => context === member);
}

function outermost(document: Document, embedding: Embedding, depth: number): readonly Context[] {
  const includes = depth < MAX_DEPTH ? embedding.includesOf(document) : [];
  if (includes.length === 0) {
    const own = embedding.contextOf(document);
    return own === "http" && isUndecided(document) ? [own, "main"] : [own];
  }
  const found = includes.flatMap((include) => {
    const { document: file } = include.segment;
    return contextsIn(file, cursorAt(file, spanOf(include.head).start).blocks, embedding, depth + 1);
  });
  return [...new Set(found)];
}
