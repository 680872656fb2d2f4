import { replace, wholeLines } from "../edits/insert.ts";
import { forwardedHost } from "../model/host.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import type { Scope } from "../model/scope.ts";
import { serverOf } from "../model/server.ts";
import { variableName } from "../model/variables.ts";
import { splitValue, variablesIn } from "../nginx/variables.ts";
import type { Directive, Word } from "../syntax/directive.ts";
import { isMeant, pathText } from "./handshake.ts";
import type { DraftFix, Rule } from "./rule.ts";

/** Variables that are made of the request's own address or of this configuration, never of the page it comes from. */
const ofAddress = new Set(["host", "http_host", "scheme", "proxy_host", "proxy_port", "server_name", "server_port"]);

/** The backend no longer sees which page opened the socket. */
export const originRewritten: Rule = {
  id: "origin-rewritten",
  severity: "information",
  cause: 9,
  what: "The Origin of the page is removed or replaced on the way to the backend.",
  why: "The backend can no longer tell its own pages from those of other sites: any page may open the WebSocket in the name of a user who is logged in.",
  fixable: "suggested",
  check: {
    *proxy(proxy, environment) {
      const [entry, second] = proxy.setters("origin");
      const word = entry?.directive.args[1];
      if (!word || second || !isMeant(proxy) || !isFixed(word)) return;
      // Code (Lua, njs) may check it as well.
      if (proxy.headers.certainty === "doubtful" || checksItself(proxy)) return;
      const scope = proxy.scope.nearest("server");
      const fix = restore(proxy, entry.directive, scope ? serverOf(scope, environment).names : ["?"]);
      yield {
        place: word,
        severity: "information",
        message: `Pages of any other site may open ${pathText(proxy)}: the backend cannot tell them apart. It ${
          word.value === "" ? "does not get the Origin" : "gets the same Origin for every page"
        }, so its check of the origin passes for all of them. If this was written because of a 403, forward Host instead: then the check passes for your own pages only.`,
        fixes: fix ? [fix] : [],
      };
    },
  },
};

/** Whether what is sent does not depend on the page. */
function isFixed(word: Word): boolean {
  return splitValue(word.value).every((part) => part.kind === "text" || ofAddress.has(part.name));
}

/** Whether nginx looks at the Origin by itself: an `if` on it, or on a variable that a map makes of it. */
function checksItself({ scope, environment }: ProxyBlock): boolean {
  const sourceOf = (name: string) => environment.definitions.get(name)?.maps.at(-1)?.source ?? "";
  const isOrigin = (name: string, depth = 0): boolean =>
    name === "http_origin" ||
    name === "invalid_referer" ||
    (depth < 4 && variablesIn(sourceOf(name)).some((inner) => isOrigin(inner, depth + 1)));
  const asks = (level: Scope) =>
    level
      .own("if")
      .some(({ directive }) => directive.args.some(({ value }) => variablesIn(value).some((n) => isOrigin(n))));
  for (const level of scope.outwards()) if (asks(level)) return true;
  return false;
}

/**
 * Lets the Origin through, and the Host that it is compared with. Where Host is a name of the author's choice, nobody
 * but him knows what the backend does with it: no fix.
 */
function restore(proxy: ProxyBlock, origin: Directive, names: readonly string[]): DraftFix | undefined {
  const { kind, entry } = forwardedHost(proxy, names);
  const word = entry?.directive.args[1];
  const title = "Forward the client's Host instead";
  const applicability = "suggested";
  if (!word) return { title, applicability, edits: [replace(origin.place, "proxy_set_header Host $http_host;")] };
  const removal = { place: wholeLines(origin.place), newText: "" };
  if (kind === "upstream" || kind === "placeholder")
    return { title, applicability, edits: [replace(word, "$http_host"), removal] };
  const isClients = ["host", "http_host"].includes(variableName(word.value) ?? "");
  return isClients ? { title: "Let the browser's Origin through", applicability, edits: [removal] } : undefined;
}
