import type { Listen } from "../model/listen.ts";
import type { LocationBlock } from "../model/location.ts";
import { samplePath } from "../model/sample-path.ts";
import type { Scope } from "../model/scope.ts";
import type { ServerBlock } from "../model/server.ts";
import { spanOf } from "../syntax/document.ts";
import type { EffectivePlace, EffectiveView, ViewedHandler } from "./effective.ts";
import { lineOf, viewValue } from "./effective-values.ts";

/** A file can have hundreds of names. */
const MAX_URLS = 4;

/** Handlers other than those that pass requests on. */
const handlers =
  /^(?:return|(?:content|rewrite|server_rewrite)_by_(?:lua|njs)\w*|js_content|perl|stub_status|empty_gif|flv|mp4|api|status|nchan_\w+|push_stream_\w+)$/;

/** The server of a place: where it listens and what it is called. */
export function serverText(server: ServerBlock): EffectiveView["server"] {
  const { scope, directive } = server;
  const lines = [...scope.own("listen"), ...scope.own("server_name")].map((entry) => viewValue(entry, "here"));
  return { title: serverTitle(server), span: directive && spanOf(directive.head), lines };
}

/** What people call a server: its first name that is one, else where it listens. */
export function serverTitle({ names, listens, directive }: ServerBlock): string {
  if (!directive) return "a server that is not in this file";
  const name = names.find((each) => each !== "" && each !== "_");
  if (name !== undefined) return name;
  const [listen] = listens;
  return `the server on ${listen?.directive.args[0]?.raw ?? "port 80"}`;
}

/** How requests get to a place. */
export function waysTo({ server, location, scope }: EffectivePlace): string {
  if (!location) return "No location takes this request; the server's own settings count.";
  const condition = scope.kind === "if" ? " Those that meet the condition get here." : "";
  return `${wayTo(location, server)}${condition}`;
}

function wayTo({ modifier, pattern, outer, directive }: LocationBlock, server: ServerBlock): string {
  if (!directive) return "Requests get here as the file says that includes this one.";
  const hasRegex = (outer?.inner ?? server.locations).some((each) => each.modifier.startsWith("~"));
  switch (modifier) {
    case "=":
      return `Requests for exactly ${pattern}.`;
    case "@":
      return "No URL leads here: error_page, try_files or the like name it.";
    case "~":
    case "~*":
      return `Requests whose path matches ${pattern}${modifier === "~*" ? " (in any case)" : ""}, unless a location before it takes them.`;
    case "^~":
      return `Requests whose path begins with ${pattern}, unless a longer prefix takes them.`;
    default:
      return `Requests whose path begins with ${pattern}, unless a longer prefix${hasRegex ? " or a regular expression" : ""} takes them.`;
  }
}

/** What a client opens to get to a place. */
export function urlsOf({ server, location }: EffectivePlace): readonly string[] {
  const path = location ? samplePath(location.modifier, location.pattern) : undefined;
  if (path === undefined || !server.directive) return [];
  return originsOf(server).map((origin) => origin + path);
}

/** Scheme, host and port of a server as browsers write them, TLS first. */
export function originsOf(server: ServerBlock): readonly string[] {
  const listens: readonly (Listen | undefined)[] = server.listens.length === 0 ? [undefined] : server.listens;
  const written = listens.filter((listen) => !listen?.quic && !listen?.address.startsWith("unix:"));
  const hosts = server.names.map(hostOf).filter((host) => host !== undefined);
  const origins = written.flatMap((listen) => {
    const isTls = listen ? listen.ssl || (server.isTls && !server.isPlain) : false;
    const port = listen?.port ?? 80;
    if (port === 0) return [];
    const suffix = port === (isTls ? 443 : 80) ? "" : `:${port}`;
    const names = hosts.length > 0 ? hosts : [placeholderOf(listen)];
    return names.map((host) => `${isTls ? "wss" : "ws"}://${host}${suffix}`);
  });
  return [...new Set(origins.toSorted((a, b) => Number(b.startsWith("wss")) - Number(a.startsWith("wss"))))].slice(
    0,
    MAX_URLS,
  );
}

/** A name that a URL can hold. */
function hostOf(name: string): string | undefined {
  if (name.startsWith("*.") && /^[\w.-]+$/.test(name.slice(2))) return `www${name.slice(1)}`;
  if (name.startsWith(".") && /^[\w.-]+$/.test(name)) return name.slice(1);
  return name !== "_" && /^[\w-]+(?:\.[\w-]+)*$/.test(name) ? name : undefined;
}

function placeholderOf(listen: Listen | undefined): string {
  const address = listen?.address ?? "*";
  return /^(?:\d+(?:\.\d+){3}|\[[\da-f:]+\]|localhost)$/i.test(address) && !/^(?:0\.0\.0\.0|\[::\])$/.test(address)
    ? address
    : "localhost";
}

/** What answers: the directive that does, or files. */
export function handlerOf({ scope, location, environment }: EffectivePlace): ViewedHandler {
  const pass = location && (ownPass(scope) ?? location.pass);
  if (pass) {
    const target = /^[a-z]+:\/\/([^/:$]+)(?:\/|$)/i.exec(pass.directive.arg(0) ?? "")?.[1]?.toLowerCase();
    const upstream = target === undefined ? undefined : environment.upstreams.get(target);
    const backends = upstream?.usable.map(({ address }) => address) ?? [];
    return { text: lineOf(pass.directive), span: spanOf(pass.directive.head), backends };
  }
  const own = scope.entries.find(({ directive }) => handlers.test(directive.name));
  const files = scope.own("try_files")[0] ?? own;
  const entry = own ?? files;
  if (entry) return { text: lineOf(entry.directive), span: spanOf(entry.directive.head), backends: [] };
  return { text: "files", span: undefined, backends: [] };
}

function ownPass(scope: Scope) {
  return scope.kind === "if" || scope.kind === "limit_except" ? scope.own("proxy_pass").at(-1) : undefined;
}
