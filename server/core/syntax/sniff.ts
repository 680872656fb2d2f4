import { isDirective } from "../nginx/directives.ts";

const LINES = 400;
const blocks = new Set(["http", "events", "stream", "server", "location", "upstream", "map", "mail"]);
const telling = new Set(["listen", "root", "return", "rewrite", "set", "alias", "gzip", "ssl_certificate", "include"]);

/**
 * Whether a text is nginx configuration, from its first lines: a directive whose name no other program has, ended by
 * `;` — or an nginx block together with any known directive ended by `;`. Empty texts count as nginx.
 */
export function looksLikeNginx(text: string): boolean {
  let hasBlock = false;
  let hasDirective = false;
  let isEmpty = true;
  let start = 0;
  for (let line = 0; line < LINES && start < text.length; line++) {
    const feed = text.indexOf("\n", start);
    const end = feed < 0 ? text.length : feed;
    const content = text.slice(start, Math.min(end, start + 500)).trim();
    start = end + 1;
    if (content === "" || content.startsWith("#")) continue;
    isEmpty = false;
    const [, name = "", rest = ""] = /^([a-z][a-z0-9_]*)(?=[\s;{])(.*)$/.exec(content) ?? [];
    if (blocks.has(name) && /\{/.test(rest)) hasBlock = true;
    if (!isDirective(name) || !/;/.test(rest)) continue;
    if (name.includes("_")) return true;
    if (telling.has(name) || hasBlock) hasDirective = true;
    if (hasBlock && hasDirective) return true;
  }
  return isEmpty;
}
