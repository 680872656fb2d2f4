import { replace, wholeLines } from "../edits/insert.ts";
import { forwardedHost } from "../model/host.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import type { Scope } from "../model/scope.ts";
import { serverOf } from "../model/server.ts";
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
      const scope = proxy.scope.nearest("server");
      if (checksItself(proxy)) return;
      const names = scope ? serverOf(scope, environment).names : ["?"];
      yield {
        place: word,
        severity: "information",
        message: `Pages of any other site may open ${pathText(proxy)}: the backend cannot tell them apart. It ${
          word.value === "" ? "does not get the Origin" : "gets the same Origin for every page"
        }, so its check of the origin passes for all of them. If this was written because of a 403, forward Host instead: then the check passes for your own pages only.`,
        fixes: [restore(proxy, entry.directive, word, names)],
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
  const isOrigin = (name: string, depth = 0): boolean =>
    name === "http_origin" ||
    name === "invalid_referer" ||
    (depth < 4 &&
      (environment.definitions.get(name)?.maps.at(-1)?.source ?? "") !== "" &&
      variablesIn(environment.definitions.get(name)?.maps.at(-1)?.source ?? "").some((inner) =>
        isOrigin(inner, depth + 1),
      ));
  const asks = (level: Scope) =>
    level
      .own("if")
      .some(({ directive }) => directive.args.some((arg) => variablesIn(arg.value).some((n) => isOrigin(n))));
  for (const level of scope.outwards()) if (asks(level)) return true;
  return false;
}

/** Lets the Origin through, and the Host that it is compared with. */
function restore(proxy: ProxyBlock, directive: Directive, word: Word, names: readonly string[]): DraftFix {
  const { kind } = forwardedHost(proxy, names);
  const isAlone = proxy.headers.entries.length === 1;
  if (kind !== "upstream" || proxy.setters("host").length > 0)
    return {
      title: "Let the browser's Origin through",
      applicability: "suggested",
      // A level without any header would inherit others.
      edits: isAlone ? [replace(word, "$http_origin")] : [{ place: wholeLines(directive.place), newText: "" }],
    };
  return {
    title: "Forward the client's Host instead",
    applicability: "suggested",
    edits: [replace(directive.place, "proxy_set_header Host $http_host;")],
  };
}
