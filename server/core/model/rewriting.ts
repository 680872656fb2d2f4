import { splitValue } from "../nginx/variables.ts";
import type { Directive } from "../syntax/directive.ts";
import { matchPattern } from "./maps.ts";
import type { RequestScope } from "./request-scope.ts";
import type { Entry, Scope } from "./scope.ts";
import { type Evaluation, rewritesOf } from "./values.ts";

/** What the rewrite directives of a level do to a handshake for a path (ngx_http_rewrite_module). */
export type Rewriting =
  /** The handler gets it, perhaps under another path. */
  | { readonly kind: "goes on"; readonly path: string; readonly rewrite: Directive | undefined }
  /** `return`, or a `rewrite` that redirects, answers it. */
  | { readonly kind: "answered"; readonly entry: Entry }
  /** Nothing is left of the path: nginx answers 500. */
  | { readonly kind: "empty"; readonly rewrite: Directive }
  /** `rewrite … last` sends it to another location. */
  | { readonly kind: "moves"; readonly path: string; readonly rewrite: Directive }
  | { readonly kind: "unknown" };

/** More of them than this are not played: what a handshake gets is then not known. */
const MAX_STATEMENTS = 100;

/** Plays a handshake for a path through the rewrite directives of a server or location, in the order nginx runs them. */
export function playRewrites(scope: Scope, evaluation: Evaluation, path: string): Rewriting {
  if (scope.own("rewrite_by_lua_block").length > 0 || scope.own("rewrite_by_lua_file").length > 0)
    return { kind: "unknown" };
  const waiting = rewritesOf(scope)
    .slice(0, MAX_STATEMENTS + 1)
    .reverse();
  let current = path;
  let played = 0;
  let last: Directive | undefined;
  let stays = false;
  for (let entry = waiting.pop(); entry; entry = waiting.pop()) {
    const { directive, scope: block } = entry;
    if (played++ >= MAX_STATEMENTS) return { kind: "unknown" };
    if (directive.name === "set") continue;
    if (directive.name === "if") {
      const outcome = block ? evaluation.condition(directive) : false;
      if (outcome === undefined && block && (goesOnElsewhere(block) || block.unresolved.length > 0))
        return { kind: "unknown" };
      // nginx runs what stands in an `if` that holds, and then goes on behind it.
      if (outcome === true && block) waiting.push(...rewritesOf(block).slice(0, MAX_STATEMENTS).reverse());
      continue;
    }
    if (directive.name === "break") {
      stays = true;
      break;
    }
    if (directive.name === "return") return { kind: "answered", entry };
    const rewritten = rewrite(directive, current);
    if (rewritten === "unknown") return { kind: "unknown" };
    if (rewritten === "unmatched") continue;
    const flag = directive.arg(2);
    if (isRedirect(directive)) return { kind: "answered", entry };
    if (rewritten === "") return { kind: "empty", rewrite: directive };
    if (flag === "last") return { kind: "moves", path: rewritten, rewrite: directive };
    current = rewritten;
    last = directive;
    if (flag === "break") {
      stays = true;
      break;
    }
  }
  // Without a flag the rewriting goes on, and then a location is chosen for the new path.
  if (last && scope.kind === "location" && !stays) return { kind: "moves", path: current, rewrite: last };
  return { kind: "goes on", path: current, rewrite: last };
}

/** Whether an `if` that perhaps holds can change what stands behind it, other than by answering itself. */
function goesOnElsewhere(block: Scope): boolean {
  return block.own("break").length > 0 || block.own("rewrite").length > 0;
}

function isRedirect(directive: Directive): boolean {
  const flag = directive.arg(2);
  return flag === "redirect" || flag === "permanent" || /^(?:https?:\/\/|\$scheme)/.test(directive.arg(1) ?? "");
}

/** What a `rewrite` makes of a path, without the query; whatever it makes of it when it redirects. */
function rewrite(directive: Directive, path: string): string | "unmatched" | "unknown" {
  const [pattern, replacement] = directive.args.map((word) => word.value);
  if (pattern === undefined || replacement === undefined) return "unknown";
  const match = matchPattern(pattern, false, path);
  if (match === undefined) return "unknown";
  if (match === null) return "unmatched";
  if (isRedirect(directive)) return replacement;
  let result = "";
  for (const part of splitValue(replacement)) {
    if (part.kind === "text") {
      const query = part.text.indexOf("?");
      result += query < 0 ? part.text : part.text.slice(0, query);
      if (query >= 0) break;
    } else if (/^\d$/.test(part.name)) result += match[Number(part.name)] ?? "";
    else {
      const captured = match.groups?.[part.name];
      if (captured === undefined) return "unknown";
      result += captured;
    }
  }
  return result;
}

/** Paths that a location takes: its own, and one below it where there can be one; none when it cannot be said. */
export function samplePaths({ modifier, pattern, path }: RequestScope): readonly string[] {
  if (modifier === "=") return [pattern];
  if (modifier === "" || modifier === "^~")
    return pattern.startsWith("/") ? [pattern, pattern.endsWith("/") ? `${pattern}chat` : `${pattern}/chat`] : [];
  if (modifier === "@") return [];
  return path
    .map((segments) => `/${segments.join("/")}`)
    .filter((text) => matchPattern(pattern, modifier === "~*", text));
}
