import type { Environment } from "./config.ts";
import { hasUnknownInclude } from "./effective.ts";
import type { Listen } from "./listen.ts";
import { testPattern } from "./maps.ts";
import { type ServerBlock, serversOf } from "./server.ts";

/** The server that answers for a host and port. */
export interface ServerChoice {
  readonly server: ServerBlock;
  /** The `listen` it is reached by; undefined for one without, which listens on port 80. */
  readonly listen: Listen | undefined;
  /** By which kind of name it was found; `default` when no name fits. */
  readonly by: "name" | "wildcard" | "regex" | "default";
  /** Whether no other server could answer, as far as was read. */
  readonly isCertain: boolean;
}

/** What a client connects to: `host` as in its URL, without the port. */
export interface Destination {
  readonly host: string;
  readonly port: number;
}

interface Member {
  readonly server: ServerBlock;
  readonly listen: Listen | undefined;
}

/**
 * Chooses the server of a host and port as nginx does: first by the socket, then by the name in the Host header
 * (ngx_http_find_virtual_server). Undefined when nobody listens there.
 */
export function chooseServer(environment: Environment, { host, port }: Destination): ServerChoice | undefined {
  const name = host.toLowerCase().replace(/\.$/, "");
  const [first, ...others] = socketsOf(environment, name, port).map((members) => chooseMember(members, name));
  if (!first) return undefined;
  const isSame = others.every(({ server }) => server === first.server);
  const isKnown = first.by === "name" || !(environment.http && hasUnknownInclude(environment.http));
  return { ...first, isCertain: first.isCertain && isSame && isKnown };
}

const everyV4 = new Set(["*", "0.0.0.0"]);

/** The members of each socket that a connection may come to: names can lead to any address. */
function socketsOf(environment: Environment, host: string, port: number): readonly (readonly Member[])[] {
  const sockets = new Map<string, Member[]>();
  for (const server of serversOf(environment)) {
    const listens: readonly (Listen | undefined)[] = server.listens.length === 0 ? [undefined] : server.listens;
    for (const listen of listens) {
      if ((listen?.port ?? 80) !== port || listen?.quic) continue;
      const written = listen?.address.toLowerCase() ?? "*";
      const address = everyV4.has(written) ? "*" : written === "localhost" ? "127.0.0.1" : written;
      const members = sockets.get(address);
      if (members) members.push({ server, listen });
      else sockets.set(address, [{ server, listen }]);
    }
  }
  const isV6 = host.startsWith("[");
  const literal = isV6 || /^\d+(?:\.\d+){3}$/.test(host) ? host : host === "localhost" ? "127.0.0.1" : undefined;
  if (literal !== undefined) {
    // A socket of its own comes before the one for every address.
    const found = sockets.get(literal) ?? sockets.get(isV6 ? "[::]" : "*") ?? bothFamilies(sockets.get("[::]"));
    return found ? [found] : [];
  }
  const isLoopback = (address: string): boolean => address === "[::1]" || address.startsWith("127.");
  const reachable = [...sockets].filter(([address]) => !isLoopback(address));
  return (reachable.length > 0 ? reachable : [...sockets]).map(([, members]) => members);
}

/** `[::]` takes IPv4 as well where it says so. */
function bothFamilies(members: readonly Member[] | undefined): readonly Member[] | undefined {
  return members?.some(({ listen }) => listen?.parameters.includes("ipv6only=off")) ? members : undefined;
}

interface Names {
  readonly exact: ReadonlyMap<string, Member>;
  /** `*.example.com` and `.example.com`, by what follows the dot. */
  readonly heads: ReadonlyMap<string, { readonly member: Member; readonly takesBare: boolean }>;
  /** `www.*`, by what stands before the dot. */
  readonly tails: ReadonlyMap<string, Member>;
  readonly regexes: readonly { readonly member: Member; readonly pattern: string }[];
  /** Names that only the machine or a template knows. */
  readonly unknown: readonly Member[];
}

function chooseMember(members: readonly Member[], host: string): ServerChoice {
  const names = namesOf(members);
  const isOpen = (chosen: Member): boolean => names.unknown.some(({ server }) => server !== chosen.server);
  const exact = names.exact.get(host);
  if (exact) return { ...exact, by: "name", isCertain: true };
  const wildcard = findHead(names, host) ?? findTail(names, host);
  if (wildcard) return { ...wildcard, by: "wildcard", isCertain: !isOpen(wildcard) };
  let isCertain = true;
  for (const { member, pattern } of names.regexes) {
    // Names are compared in lower case; a capital in the pattern makes it blind to case.
    const matches = testPattern(pattern.replaceAll("(?P<", "(?<"), /[A-Z]/.test(pattern), host);
    if (matches) return { ...member, by: "regex", isCertain: isCertain && !isOpen(member) };
    if (matches === undefined) isCertain = false;
  }
  const chosen = members.find(({ listen }) => listen?.isDefault) ?? (members[0] as Member);
  return { ...chosen, by: "default", isCertain: isCertain && !isOpen(chosen) };
}

/** The names of a socket's servers; of two equal ones nginx ignores the second (ngx_hash_add_key). */
function namesOf(members: readonly Member[]): Names {
  const exact = new Map<string, Member>();
  const heads = new Map<string, { member: Member; takesBare: boolean }>();
  const tails = new Map<string, Member>();
  const regexes: { member: Member; pattern: string }[] = [];
  const unknown: Member[] = [];
  /** Also what `.example.com` reserves. */
  const taken = new Set<string>();
  for (const member of members) {
    for (const written of serverNames(member.server)) {
      const name = written.toLowerCase();
      if (written.startsWith("~")) regexes.push({ member, pattern: written.slice(1) });
      else if (/[${}<%]/.test(written)) unknown.push(member);
      else if (name.startsWith("*.")) {
        if (!heads.has(name.slice(2))) heads.set(name.slice(2), { member, takesBare: false });
      } else if (name.startsWith(".")) {
        const bare = name.slice(1);
        if (taken.has(bare)) continue;
        taken.add(bare);
        if (!heads.has(bare)) heads.set(bare, { member, takesBare: true });
      } else if (name.endsWith(".*")) {
        if (!tails.has(name.slice(0, -2))) tails.set(name.slice(0, -2), member);
      } else if (!taken.has(name)) {
        taken.add(name);
        exact.set(name, member);
      }
    }
  }
  return { exact, heads, tails, regexes, unknown };
}

/** As written: regular expressions mind their case. */
function serverNames({ scope }: ServerBlock): readonly string[] {
  return scope.own("server_name").flatMap(({ directive }) => directive.args.map((word) => word.value));
}

/** The longest wildcard at the front. */
function findHead({ heads }: Names, host: string): Member | undefined {
  const bare = heads.get(host);
  if (bare?.takesBare) return bare.member;
  for (let dot = host.indexOf("."); dot >= 0; dot = host.indexOf(".", dot + 1)) {
    const found = heads.get(host.slice(dot + 1));
    if (found) return found.member;
  }
  return undefined;
}

/** The longest wildcard at the end. */
function findTail({ tails }: Names, host: string): Member | undefined {
  for (let dot = host.lastIndexOf("."); dot > 0; dot = host.lastIndexOf(".", dot - 1)) {
    const found = tails.get(host.slice(0, dot));
    if (found) return found;
  }
  return undefined;
}
