import { passAnchor } from "../edits/headers.ts";
import { insertAfter, replace } from "../edits/insert.ts";
import type { Environment } from "../model/config.ts";
import { hasUnknownInclude } from "../model/effective.ts";
import { type ProxyBlock, proxyOf } from "../model/proxy.ts";
import { type Entry, type Scope, scopesWithin } from "../model/scope.ts";
import { serversOf } from "../model/server.ts";
import { implicitUpstreams, isAddress, portOf, type Target, targetsOf, upstreamOf } from "../model/target.ts";
import { isMeant, pathText } from "./handshake.ts";
import type { DraftFix, Rule } from "./rule.ts";

/** A host name is looked up for each request, and nobody is there to ask. */
export const variableWithoutResolver: Rule = {
  id: "variable-without-resolver",
  severity: "warning",
  what: "proxy_pass with a variable names a host, and there is no resolver.",
  why: "With a variable in the URL nginx looks the name up for each request and needs a name server for it: without one every handshake ends in 502.",
  fixable: "suggested",
  isStructural: true,
  check: {
    *config(environment) {
      const { http } = environment;
      if (!http || hasUnknownInclude(http)) return;
      // The http level around a file of servers may have the resolver, or be the stock one, which has none.
      const isSure = environment.context === "main";
      let implicit: ReadonlySet<string> | undefined;
      for (const proxy of candidates(environment)) {
        const { entry, certainty } = proxy.value("resolver");
        if (entry || certainty === "doubtful") continue;
        implicit ??= implicitUpstreams(http);
        const started = implicit;
        const target = targetsOf(proxy, "websocket")?.find((each) => isLookedUp(each, environment, started));
        if (!target || (!isSure && target.port === undefined)) continue;
        yield {
          place: proxy.url,
          severity: isSure ? "warning" : "information",
          message: `${consequence(proxy, target, isSure)} Because of the variable nginx asks for the name anew in each request, and it does not use the system's name servers for that.`,
          fixes: fixes(proxy, target),
        };
      }
    },
  },
};

function* candidates(environment: Environment): Generator<ProxyBlock> {
  for (const server of serversOf(environment)) {
    for (const scope of variablePasses(server.scope)) {
      const proxy = proxyOf(scope, environment);
      if (proxy && isMeant(proxy)) yield proxy;
    }
  }
}

const passes = new WeakMap<readonly Entry[], readonly Scope[]>();

/** The scopes of a server that pass to a URL with variables, found once: the whole configuration is judged after each edit. */
function variablePasses(server: Scope): readonly Scope[] {
  let found = passes.get(server.entries);
  if (!found) {
    found = [...scopesWithin(server)].filter((scope) =>
      scope.own("proxy_pass").at(-1)?.directive.arg(0)?.includes("$"),
    );
    passes.set(server.entries, found);
  }
  return found;
}

/** Whether nginx has to ask a name server: no address, no upstream, nothing it has resolved when it started. */
function isLookedUp(target: Target, environment: Environment, implicit: ReadonlySet<string>): boolean {
  if (isAddress(target.host) || upstreamOf(target, environment)) return false;
  return !implicit.has(`${target.host}:${portOf(target)}`);
}

function fixes(proxy: ProxyBlock, target: Target): DraftFix[] {
  const resolver: DraftFix = {
    title: "Ask the name server of Docker networks, 127.0.0.11",
    applicability: "suggested",
    edits: [insertAfter(passAnchor(proxy), ["resolver 127.0.0.11 valid=10s;"])],
  };
  const literal = isOnlyOne(proxy) ? withoutVariable(proxy, target) : undefined;
  if (!literal) return [resolver];
  return [
    {
      title: "Write the host without a variable",
      applicability: "suggested",
      edits: [replace(proxy.url, literal)],
    },
    resolver,
  ];
}

/** Whether the URL leads all requests to one place, so that writing it out changes nothing. */
function isOnlyOne(proxy: ProxyBlock): boolean {
  const all = [...(targetsOf(proxy, "websocket") ?? []), ...(targetsOf(proxy, "plain") ?? [{}])];
  return new Set(all.map((target) => JSON.stringify(target))).size === 1;
}

/** The URL with nothing in it that has to be found out per request; undefined where that would pass on another path. */
function withoutVariable({ url, scope }: ProxyBlock, { scheme, host, port }: Target): string | undefined {
  const path = url.value.slice(url.value.indexOf("://") + 3);
  const isWholeUri = !/[/?]/.test(path) && !/\$(?:uri|document_uri|is_args|args|query_string)\b/i.test(path);
  // In an `if` a literal host is as good, but what a rewrite made of the path would be passed on as well.
  if (!url.value.includes("://") || !isWholeUri || scope.own("rewrite").length > 0) return undefined;
  return `${scheme}://${host}${port === undefined ? "" : `:${port}`}`;
}

function consequence(proxy: ProxyBlock, { host }: Target, isSure: boolean): string {
  const path = pathText(proxy);
  return isSure
    ? `WebSocket on ${path} ends in 502: no resolver for ${shortened(host)}.`
    : `WebSocket on ${path} ends in 502 if http has no resolver. There is none here for ${shortened(host)}.`;
}

function shortened(host: string): string {
  return host.length > 20 ? `${host.slice(0, 20)}…` : host;
}
