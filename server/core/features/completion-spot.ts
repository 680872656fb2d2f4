import { maskOf } from "../nginx/directives.ts";
import type { Site, Spotted } from "./completion-item.ts";
import { cursorAt } from "./cursor.ts";
import { contextsIn } from "./cursor-contexts.ts";

/** The cursor at a place, and the contexts that a directive there stands in. */
export function spotAt(site: Site): Spotted {
  const cursor = cursorAt(site.document, site.offset);
  const contexts = contextsIn(site.document, cursor.blocks, site);
  return { site, cursor, contexts, mask: maskOf(contexts) };
}
