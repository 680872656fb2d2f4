import { insertAfter, replace } from "../edits/insert.ts";
import type { Severity } from "../finding.ts";
import { uriPart, uriStart, withUri } from "../model/pass-url.ts";
import { isPollingPath } from "../model/paths.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import { variablesIn } from "../nginx/variables.ts";
import type { Directive } from "../syntax/directive.ts";
import { isMeant, passPlace, pathText } from "./handshake.ts";
import type { DraftFix, Rule } from "./rule.ts";

/** proxy_pass holds a variable and a URI part, which is then all that the backend gets. */
export const variableUri: Rule = {
  id: "variable-uri",
  severity: "warning",
  what: "A variable in proxy_pass makes its URI part the whole request: path and query are lost.",
  why: "With a variable nginx no longer replaces the location's path: it sends the URI part as it is written, without the query.",
  fixable: "suggested",
  check: {
    *proxy(proxy) {
      const { url } = proxy;
      if (!url.value.includes("$") || !isMeant(proxy)) return;
      const uri = fixedUri(proxy);
      if (uri === undefined) return;
      const isWhole = !uri.includes("$") && proxy.modifier !== "=" && proxy.pattern.endsWith("/");
      const severity: Severity = isWhole || isPollingPath(proxy.path) ? "warning" : "information";
      const where = pathText(proxy);
      const lead = isWhole
        ? `Whatever is asked for below ${where}, the backend gets ${shortened(uri)} and no query.`
        : `The query of a WebSocket URL on ${where} never reaches the backend.`;
      yield {
        place: proxy.pass.via.length > 0 ? passPlace(proxy) : url,
        severity,
        message: `${lead} With a variable in proxy_pass nginx sends its URI part ${shortened(uri)} as it is written${isPollingPath(proxy.path) ? "; this protocol needs its query in every request" : ""}.`,
        fixes: fixesFor(proxy, uri),
      };
    },
  },
};

/** Variables that carry no query. Of one that is not known nobody can say what it holds. */
const withoutQuery = /^(?:\d|uri|document_uri|host|http_host|server_name|server_addr|scheme)$/;

/** The URI part that is sent without the client's query; undefined when there is none, or the query may be in it. */
function fixedUri(proxy: ProxyBlock): string | undefined {
  const { url } = proxy;
  const written = uriPart(url.value);
  if (written !== undefined) return isQueryless(written) ? written : undefined;
  // The URI may be in the variable: `set $backend http://app/ws; proxy_pass $backend;`
  const values = proxy.evaluation("websocket").evaluate(url.value);
  if (values?.length !== 1) return undefined;
  const uri = uriPart(values[0] as string);
  return uri !== undefined && isQueryless(uri) ? uri : undefined;
}

/** A query that is written out is somebody's intention. */
function isQueryless(uri: string): boolean {
  return !uri.includes("?") && variablesIn(uri).every((name) => withoutQuery.test(name));
}

function fixesFor(proxy: ProxyBlock, uri: string): readonly DraftFix[] {
  const { url, pattern, modifier, location } = proxy;
  if (uriStart(url.raw) === undefined || proxy.pass.via.length > (location?.via.length ?? 0)) return [];
  const isPrefix = modifier === "" || modifier === "^~";
  const doesMore = ["rewrite", "break"].some((name) => location?.own(name).length);
  if ((isPrefix || modifier === "=") && uri === pattern && !doesMore)
    return [suggested("Pass path and query on as they are", replace(url, withUri(url, "")))];
  if (isPrefix && uri === "/" && /^\/[\w/-]*\/$/.test(pattern) && !doesMore)
    return [
      suggested(
        `Take ${pattern} off the path and keep the query`,
        replace(url, withUri(url, "")),
        insertAfter(lastVariable(proxy), [`rewrite ^${pattern}(.*)$ /$1 break;`]),
      ),
    ];
  return [suggested("Pass the query on", replace(url, withUri(url, `${uri}$is_args$args`)))];
}

/** Behind every `set`, because `rewrite … break` ends what comes after it. */
function lastVariable(proxy: ProxyBlock): Directive {
  const names = ["proxy_pass", "set", "if"];
  const own = proxy.scope.entries.filter(({ via }) => via.length === proxy.scope.via.length);
  return own.findLast(({ directive }) => names.includes(directive.name))?.directive ?? proxy.directive;
}

function suggested(title: string, ...edits: DraftFix["edits"]): DraftFix {
  return { title, applicability: "suggested", edits };
}

function shortened(uri: string): string {
  return uri.length > 20 ? `${uri.slice(0, 20)}…` : uri;
}
