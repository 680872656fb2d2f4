import { replace } from "../edits/insert.ts";
import { type LostCapture, lostCaptures } from "../model/captures.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import { pathText } from "./handshake.ts";
import type { DraftEdit, DraftFix, Rule } from "./rule.ts";

/** A map with a regular expression replaces `$1` before the location uses it. */
export const mapRegexClobbersCaptures: Rule = {
  id: "map-regex-clobbers-captures",
  severity: "warning",
  cause: 2,
  what: "A map with a regular expression is evaluated before $1 of the location is used.",
  why: "The variable $1 belongs to the last expression that matched, so a handshake goes to a wrong path, or gets 500.",
  fixable: "suggested",
  check: {
    *proxy(proxy, environment) {
      if (proxy.verdict === "not-websocket") return;
      const lost = lostCaptures(proxy, environment);
      for (const capture of lost) {
        const { word, name, entry, variable } = capture;
        yield {
          place: word,
          severity: "warning",
          message: `WebSocket goes wrong on ${pathText(proxy)}: ${name} is not what the path matched. The map $${variable} matches a regular expression first and replaces ${name}, so the backend gets another path or nginx answers 500. Named groups keep their values.`,
          related: [{ place: entry.directive.head, message: "This line matches a handshake." }],
          fixes: nameGroups(proxy, lost),
        };
      }
    },
  },
};

/** Gives the groups of the path names, which no other expression touches. */
function nameGroups(proxy: ProxyBlock, lost: readonly LostCapture[]): readonly DraftFix[] {
  const { pathWord, location } = proxy;
  const words = new Set(lost.map(({ word }) => word));
  if (!pathWord || !location || !proxy.headers.scope || ![location, proxy.scope].includes(proxy.headers.scope)) {
    if ([...words].some((word) => word !== proxy.url)) return [];
  }
  const path = pathWord && nameInPath(pathWord.raw);
  if (!pathWord || path === undefined) return [];
  const edits: DraftEdit[] = [replace(pathWord, path)];
  for (const word of words) edits.push(replace(word, nameInValue(word.raw)));
  if (edits.some(({ place }) => place.segment !== pathWord.segment)) return [];
  return [{ title: "Name the groups of the path", applicability: "suggested", edits }];
}

/** `^/ws/(.*)$` → `^/ws/(?<part1>.*)$`; undefined where groups have names or are not all plain. */
function nameInPath(raw: string): string | undefined {
  if (/\(\?|\[[^\]]*\(|\\\\/.test(raw)) return undefined;
  let count = 0;
  const text = raw.replaceAll(/(\\?)\(/g, (whole, backslash: string) => {
    if (backslash) return whole;
    count += 1;
    return `(?<part${count}>`;
  });
  return count > 0 ? text : undefined;
}

/** `$1` → `${part1}`; the braces keep what follows apart. */
function nameInValue(raw: string): string {
  return raw.replaceAll(/\$\{?([1-9])\}?/g, (_, digit: string) => `\${part${digit}}`);
}
