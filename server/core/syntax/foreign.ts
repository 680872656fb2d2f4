import { isFamiliarName } from "../nginx/familiar-names.ts";
import { foreign, looksLikeNginx } from "./sniff.ts";
import { coverConstructs } from "./template-text.ts";

/** Lines looked at, and characters of each. */
const lineLimit = 400;
const widthLimit = 500;

/**
 * Whether a text is certainly no nginx configuration, not even a broken one or a piece: in its first lines nothing begins
 * like a directive, or what only another program could read comes first.
 */
export function isForeign(source: string): boolean {
  if (looksLikeNginx(source)) return false;
  const text = coverConstructs(source)?.text ?? source;
  let start = 0;
  for (let line = 0; line < lineLimit && start < text.length; line++) {
    const feed = text.indexOf("\n", start);
    const end = feed < 0 ? text.length : feed;
    const content = text.slice(start, Math.min(end, start + widthLimit)).trim();
    start = end + 1;
    if (content === "" || (content.startsWith("#") && !content.startsWith("#!"))) continue;
    if (foreign.test(content)) return true;
    const [name] = /^[a-z][a-z0-9_]*(?=[\s;{]|$)/.exec(content) ?? [];
    if (name !== undefined && isFamiliarName(name)) return false;
  }
  return true;
}
