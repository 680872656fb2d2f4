import { type Context, contexts, directiveShapes } from "../nginx/directives.ts";
import type { Directive } from "../syntax/directive.ts";
import type { Document } from "../syntax/document.ts";
import { baseName } from "../text/path.ts";

/** On a tie the earlier context wins: a file of nothing but headers may stand in a server as well as in a location. */
const preference: readonly Context[] = [
  "server",
  "location",
  "http",
  "main",
  "upstream",
  "stream server",
  "stream",
  "stream upstream",
  "mail",
];

/**
 * The context that a file's outermost directives can stand in: that of most of them. A whole configuration is `main`;
 * a file in conf.d is usually `http`.
 */
export function contextOf(document: Document): Context {
  const counts = new Map<Context, number>();
  for (const directive of document.directives()) {
    if (isMainBlock(directive)) return "main";
    for (const context of possibleContexts(directive)) counts.set(context, (counts.get(context) ?? 0) + 1);
  }
  let best: Context = baseName(document.file) === "nginx.conf" ? "main" : "http";
  let most = 0;
  for (const context of preference) {
    const count = counts.get(context) ?? 0;
    if (count > most) {
      best = context;
      most = count;
    }
  }
  return best;
}

/** Whether nothing in a file says yet what it is: it may become a part of `http` or a whole configuration. */
export function isUndecided(document: Document): boolean {
  if (baseName(document.file) === "nginx.conf") return false;
  return document.directives().every((each) => !isMainBlock(each) && possibleContexts(each).length === 0);
}

function isMainBlock(directive: Directive): boolean {
  return directive.isBlock && ["http", "events", "stream", "mail"].includes(directive.name);
}

function possibleContexts(directive: Directive): readonly Context[] {
  if (directive.name === "include") return [];
  let mask = 0;
  for (const shape of directiveShapes(directive.name)) {
    if (shape.block === directive.isBlock) mask |= shape.contextMask;
  }
  return contexts.filter((_, bit) => (mask & (1 << bit)) !== 0);
}
