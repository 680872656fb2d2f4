import type { Scope } from "../model/scope.ts";
import { type CompletionItem, originOf, type Site, type Spotted } from "./completion-item.ts";

/** Which directive, and which of its arguments, gives the names that another one uses. */
interface Source {
  readonly by: string;
  readonly name: (args: readonly string[]) => string | undefined;
}

const zone =
  (parameter: string) =>
  (args: readonly string[]): string | undefined =>
    args
      .find((arg) => arg.startsWith(parameter))
      ?.slice(parameter.length)
      .split(":")[0];

const caches = ["proxy", "fastcgi", "uwsgi", "scgi"];

const sources: Readonly<Record<string, Source & { readonly at: number; readonly before?: string }>> = {
  limit_req: { by: "limit_req_zone", name: zone("zone="), at: -1, before: "zone=" },
  limit_conn: { by: "limit_conn_zone", name: zone("zone="), at: 0 },
  access_log: { by: "log_format", name: ([name]) => name, at: 1 },
  keyval: { by: "keyval_zone", name: zone("zone="), at: 2, before: "zone=" },
  ...Object.fromEntries(
    caches.map((module) => [`${module}_cache`, { by: `${module}_cache_path`, name: zone("keys_zone="), at: 0 }]),
  ),
};

/** The names of memory zones, caches and log formats, where one of them is to be written. */
export function zoneItems({ site, cursor }: Spotted): readonly CompletionItem[] {
  const [name = "", ...args] = cursor.before;
  const source = Object.hasOwn(sources, name) ? sources[name] : undefined;
  if (!source || (source.at >= 0 && source.at !== args.length)) return [];
  if (source.before !== undefined && args.some((arg) => arg.startsWith(source.before ?? ""))) return [];
  const items = new Map<string, CompletionItem>();
  for (const { directive } of outermostEntries(site, source.by)) {
    const found = source.name(directive.args.map(({ value }) => value));
    if (found === undefined || found === "") continue;
    const label = `${source.before ?? ""}${found}`;
    items.set(label, { label, kind: "name", detail: `${source.by}, ${originOf(directive, site)}`, rank: 5 });
  }
  return [...items.values()];
}

/** The statements of a name directly in http, and in stream. */
function* outermostEntries({ environments }: Site, name: string) {
  for (const { http, scope } of environments) {
    yield* http?.own(name) ?? [];
    for (const { scope: stream } of scope.own("stream")) yield* stream?.own(name) ?? [];
  }
}

const schemes: Readonly<Record<string, readonly string[]>> = {
  proxy_pass: ["http://", "https://"],
  grpc_pass: ["grpc://", "grpcs://"],
  tunnel_pass: [""],
  fastcgi_pass: [""],
  uwsgi_pass: [""],
  scgi_pass: [""],
  memcached_pass: [""],
};

/** Where the host in a backend's address begins and ends, and the schemes that may stand before it. */
export interface HostPart {
  readonly start: number;
  readonly end: number;
  readonly schemes: readonly string[];
}

/** The part of an address that an upstream can be, where a backend is to be written. */
export function hostPart({ site, cursor, contexts }: Spotted): HostPart | undefined {
  const [name = "", ...args] = cursor.before;
  if (!Object.hasOwn(schemes, name) || args.length > 0 || cursor.typed.includes("$")) return undefined;
  const { start, end, typed } = cursor;
  if (contexts.every((context) => context.startsWith("stream"))) return { start, end, schemes: [""] };
  const scheme = /^\w+:\/\//.exec(typed)?.[0];
  if (scheme === undefined) return { start, end, schemes: schemes[name] ?? [""] };
  const from = start + scheme.length;
  if (typed.includes("/", scheme.length)) return undefined;
  const rest = /^[^/;\s]*/.exec(site.document.slice(from, end))?.[0] ?? "";
  return { start: from, end: from + rest.length, schemes: [""] };
}

/** The upstreams, and the schemes that stand before a host. */
export function upstreamItems({ site, contexts }: Spotted, part: HostPart): readonly CompletionItem[] {
  const isStream = contexts.every((context) => context.startsWith("stream"));
  const items = new Map<string, CompletionItem>();
  for (const { name, servers, block } of upstreamsOf(site, isStream)) {
    for (const [index, scheme] of part.schemes.entries()) {
      const label = `${scheme}${name}`;
      const detail = `upstream of ${servers}, ${originOf(block, site)}`;
      items.set(label, { label, kind: "name", detail, rank: 5 + index });
    }
  }
  for (const scheme of part.schemes.filter((each) => each !== ""))
    items.set(scheme, { label: scheme, kind: "value", rank: 8, goesOn: true });
  if (part.schemes.includes(""))
    items.set("unix:", { label: "unix:", kind: "value", detail: "a socket file", rank: 9 });
  return [...items.values()];
}

function* upstreamsOf({ environments }: Site, isStream: boolean) {
  for (const environment of environments) {
    const streams = environment.context === "stream" ? [environment.scope] : environment.scope.own("stream");
    const level: readonly Scope[] = streams.flatMap((each) => ("scope" in each ? (each.scope ?? []) : (each as Scope)));
    const blocks = isStream
      ? level.flatMap((scope) => scope.own("upstream").flatMap(({ scope: own }) => own ?? []))
      : [];
    for (const scope of [
      ...blocks,
      ...(isStream ? [] : [...environment.upstreams.values()].map((each) => each.scope)),
    ]) {
      const block = scope.directive;
      const name = block?.arg(0);
      if (!block || name === undefined) continue;
      const addresses = scope.own("server").flatMap(({ directive }) => directive.arg(0) ?? []);
      const more = addresses.length > 2 ? ` and ${addresses.length - 2} more` : "";
      yield { name, block, servers: addresses.length > 0 ? `${addresses.slice(0, 2).join(", ")}${more}` : "no server" };
    }
  }
}

/** The named locations of the server that a place is in, where a path may be written. */
export function locationItems({ site, cursor }: Spotted): readonly CompletionItem[] {
  const [name = "", ...args] = cursor.before;
  if (!["error_page", "try_files"].includes(name) || args.length === 0) return [];
  const items = new Map<string, CompletionItem>();
  for (const server of serversAt(site, cursor.blocks.find(({ words }) => words[0] === "server")?.start)) {
    for (const { directive } of server.own("location")) {
      const label = directive.arg(0) ?? "";
      if (label.startsWith("@"))
        items.set(label, { label, kind: "name", detail: `location, ${originOf(directive, site)}`, rank: 5 });
    }
  }
  return [...items.values()];
}

/** The server that begins at an offset; in a fragment without one, all servers that include it. */
function* serversAt({ document, environments }: Site, start: number | undefined): Generator<Scope> {
  for (const { http, scope } of environments) {
    for (const server of [...(http ?? scope).own("server"), { scope, directive: undefined }]) {
      const { segment } = server.scope?.directive ?? {};
      const isHere =
        start === undefined
          ? server.scope?.entries.some((entry) => entry.directive.segment.document === document)
          : segment?.document === document && segment.offset + (server.directive?.head.start ?? 0) === start;
      if (isHere && server.scope) yield server.scope;
    }
  }
}
