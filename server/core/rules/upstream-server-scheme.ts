import { replace } from "../edits/insert.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import type { Upstream } from "../model/upstream.ts";
import type { Word } from "../syntax/directive.ts";
import { isTemplate } from "../syntax/template.ts";
import { isMeant } from "./handshake.ts";
import type { Draft, DraftFix, Rule } from "./rule.ts";

/** An upstream server is written as a URL, or proxy_pass as an address: each wants what the other one has. */
export const upstreamServerScheme: Rule = {
  id: "upstream-server-scheme",
  severity: "error",
  cause: 4,
  what: "A server of an upstream has http:// in front, or proxy_pass has not.",
  why: "nginx does not start. An upstream lists addresses, host:port; the scheme stands in proxy_pass, which cannot do without it.",
  fixable: "safe",
  check: {
    *upstream(upstream) {
      yield* serversWithUrl(upstream);
    },
    *proxy(proxy) {
      yield* passWithoutScheme(proxy);
    },
  },
};

function* serversWithUrl({ servers }: Upstream): Generator<Draft> {
  for (const { directive, address } of servers) {
    const word = directive.args[0];
    // `unix:///run/app.sock` is a path to nginx, however many slashes it begins with.
    if (!word || /^unix:/i.test(address)) continue;
    const [, scheme, rest = ""] = /^(?:([a-z][a-z\d+.-]*):\/\/)?(.*)$/is.exec(address) ?? [];
    const hasPath = /^[\w.-]+(?::\d+)?\//.test(address) && !isTemplate(word.segment);
    if (!scheme && !hasPath) continue;
    yield {
      place: word,
      severity: "error",
      message: scheme
        ? `nginx will not start: invalid host in upstream, a server has no ${scheme}:// in front. Write host:port here; whether TLS is spoken is decided by http:// or https:// in proxy_pass.`
        : "nginx will not start: invalid host in upstream, a server has no path. Write host:port here; a path belongs into proxy_pass.",
      fixes: bareAddress(word, scheme?.toLowerCase(), rest),
    };
  }
}

/** The address without scheme and path: safe where nothing is lost with them. */
function bareAddress(word: Word, scheme: string | undefined, rest: string): DraftFix[] {
  const match = /^(unix:.+|(?:\[[\da-f:.]+\]|[^/:[\]]+)(?::[^/]+)?)(\/.*)?$/is.exec(rest);
  const address = match?.[1];
  if (address === undefined) return [];
  const isTls = scheme === "https" || scheme === "wss";
  const path = match?.[2] ?? "";
  // Without a port an upstream means 80, whatever proxy_pass says.
  const written = isTls && !address.startsWith("unix:") && !/:\d+$/.test(address) ? `${address}:443` : address;
  const quote = word.quoted ? word.raw[0] : "";
  return [
    {
      title: `Write ${written}`,
      applicability: isTls || path.length > 1 ? "suggested" : "safe",
      edits: [replace(word, `${quote}${written}${quote}`)],
    },
  ];
}

function* passWithoutScheme(proxy: ProxyBlock): Generator<Draft> {
  const { url } = proxy;
  if (url.value.includes("://") || /[{}<>%@|]/.test(url.value)) return;
  if (url.value.includes("$")) {
    yield* variableWithoutScheme(proxy);
    return;
  }
  const isKnown = proxy.environment.upstreams.has(url.value.toLowerCase());
  if (!isKnown && isPlaceholder(url.value)) return;
  const address = url.value.replace(/^(?:https?:)?\/+/i, "");
  const isWhole = isAddress(address) && !/^https?\//i.test(address);
  const quote = url.quoted ? url.raw[0] : "";
  const isTls = /^[^/]*:8?443(?:\/|$)/.test(address) || /^https:/i.test(url.value);
  const written = `${isTls ? "https" : "http"}://${address}`;
  yield {
    place: url,
    severity: "error",
    message:
      "nginx will not start: invalid URL prefix, proxy_pass needs http:// or https://. WebSocket needs nothing else: the upgrade happens inside that HTTP connection.",
    fixes: isWhole
      ? [
          {
            title: `Write ${written}`,
            applicability: isTls ? "suggested" : "safe",
            edits: [replace(url, `${quote}${written}${quote}`)],
          },
        ]
      : [],
  };
}

/** `BACKEND_URL`, `__APP__`: a word that something else replaces before nginx reads the file. */
function isPlaceholder(value: string): boolean {
  return /^[A-Z_][A-Z\d_]*$/.test(value) || /^__|__$/.test(value) || value === "";
}

/** Whether a text is a host, with a port or a path perhaps, and no URL. */
function isAddress(text: string): boolean {
  return /^(?:\[[\da-f:.]+\]|[\w.-]+)(?::\d+)?(?:\/|$)/i.test(text);
}

/** A variable whose every value is an address: `nginx -t` does not look, requests end in 500. */
function* variableWithoutScheme(proxy: ProxyBlock): Generator<Draft> {
  const { url } = proxy;
  if (!isMeant(proxy)) return;
  const values = proxy.evaluation("websocket").evaluate(url.value);
  if (!values?.length || !values.every(isAddress)) return;
  if (values.some((value) => isPlaceholder(value))) return;
  yield {
    place: url,
    severity: "error",
    message: `Requests passed to this URL end in 500: ${values[0]?.slice(0, 24)} has no http:// in front. nginx -t accepts it, because it does not look into variables.`,
    fixes: [
      {
        title: "Write http:// in front",
        applicability: "suggested",
        edits: [replace(url, url.raw.replace(/^(["']?)/, "$1http://"))],
      },
    ],
  };
}
