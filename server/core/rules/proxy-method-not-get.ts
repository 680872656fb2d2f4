import { passAnchor } from "../edits/headers.ts";
import { insertAfter, replace } from "../edits/insert.ts";
import { remove } from "../edits/remove.ts";
import { effectiveValue } from "../model/effective.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import type { Entry } from "../model/scope.ts";
import { isMeant, pathText } from "./handshake.ts";
import type { DraftFix, Rule } from "./rule.ts";

/** The handshake goes to the backend with another method. */
export const proxyMethodNotGet: Rule = {
  id: "proxy-method-not-get",
  severity: "error",
  what: "proxy_method turns the handshake into something else than a GET.",
  why: "A WebSocket begins with a GET and with nothing else: the backend answers 405 or 400.",
  fixable: "suggested",
  check: {
    *proxy(proxy) {
      const { entry } = proxy.value("proxy_method");
      const word = entry?.directive.args[0];
      if (!entry || !word || !isMeant(proxy)) return;
      const methods = proxy.evaluation("websocket").evaluate(word.value);
      const wrong = methods?.find((method) => method !== "GET");
      if (!methods || wrong === undefined || methods.includes("GET")) return;
      const isOwn = proxy.location?.own("proxy_method").includes(entry) === true;
      yield {
        place: word,
        severity: "error",
        message: `WebSocket fails on ${pathText(proxy)}: the handshake reaches the backend as ${wrong}. It has to be a GET; the backend answers 405 or 400.`,
        related: isOwn ? [] : [{ place: proxy.directive.namePlace, message: "A WebSocket location that inherits it." }],
        fixes: [repair(proxy, entry)],
      };
    },
  },
};

function repair(proxy: ProxyBlock, entry: Entry): DraftFix {
  const { location } = proxy;
  const word = entry.directive.args[0];
  if (!location?.own("proxy_method").includes(entry) || !word)
    return {
      title: "Keep the method of the client in this location",
      applicability: "suggested",
      edits: [insertAfter(passAnchor(proxy), ["proxy_method $request_method;"])],
    };
  // Without its own, the location would have the method of an outer level.
  return location.parent && effectiveValue(location.parent, "proxy_method").entry
    ? { title: "Keep the method of the client", applicability: "suggested", edits: [replace(word, "$request_method")] }
    : { title: "Remove proxy_method", applicability: "suggested", edits: [remove(entry.directive)] };
}
