import { isFamiliarName } from "../nginx/familiar-names.ts";
import { firstLines, foreign, looksLikeNginx } from "./sniff.ts";

/**
 * Whether a text is certainly no nginx configuration, not even a broken one or a piece: in its first lines nothing begins
 * like a directive, or what only another program could read comes first.
 */
export function isForeign(source: string): boolean {
  if (looksLikeNginx(source)) return false;
  for (const line of firstLines(source)) {
    if (foreign.test(line)) return true;
    const [name] = /^[a-z][a-z0-9_]*(?=[\s;{]|$)/.exec(line) ?? [];
    if (name !== undefined && isFamiliarName(name)) return false;
  }
  return true;
}
