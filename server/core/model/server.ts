import type { Directive } from "../syntax/directive.ts";
import type { Environment } from "./config.ts";
import { effectiveValue, hasUnknownInclude } from "./effective.ts";
import { type Listen, readListen } from "./listen.ts";
import { innerLocations, LocationBlock } from "./location.ts";
import { type Route, routePath } from "./routing.ts";
import type { Entry, Scope } from "./scope.ts";

/** A server of the http level, or the outermost level of a file that goes inside one. */
export class ServerBlock {
  readonly scope: Scope;
  readonly environment: Environment;
  /** The outermost locations, in the order of the file. */
  readonly locations: readonly LocationBlock[];
  #listens: readonly Listen[] | undefined;
  #all: readonly LocationBlock[] | undefined;
  #named: ReadonlyMap<string, LocationBlock> | undefined;

  constructor(scope: Scope, environment: Environment) {
    this.scope = scope;
    this.environment = environment;
    this.locations = innerLocations(scope).map((child) => new LocationBlock(child, environment, undefined));
  }

  /** The `server` directive; undefined for a file that goes inside a server: then its listeners and names are not known. */
  get directive(): Directive | undefined {
    return this.scope.directive;
  }

  /** Its `listen` directives; empty when it has none and so listens on port 80 (8000 for a user other than root). */
  get listens(): readonly Listen[] {
    this.#listens ??= this.scope.own("listen").flatMap(({ directive }) => readListen(directive) ?? []);
    return this.#listens;
  }

  /** The names in its `server_name` directives, in lower case; `""` where there is none, as in nginx. */
  get names(): readonly string[] {
    const entries = this.scope.own("server_name");
    if (entries.length === 0) return [""];
    return entries.flatMap(({ directive }) => directive.args.map((word) => word.value.toLowerCase()));
  }

  /** Whether some of its listeners speak TLS, by `ssl` or QUIC on the `listen` or by `ssl on` (before 1.25.1). */
  get isTls(): boolean {
    const isOn = effectiveValue(this.scope, "ssl").entry?.directive.arg(0) === "on";
    return isOn || this.listens.some(({ ssl, quic }) => ssl || quic);
  }

  /** Whether some of its listeners speak plain HTTP; a server without `listen` does. */
  get isPlain(): boolean {
    const isOn = effectiveValue(this.scope, "ssl").entry?.directive.arg(0) === "on";
    return !isOn && (this.listens.length === 0 || this.listens.some(({ ssl, quic }) => !ssl && !quic));
  }

  /** Whether everything in it and around it is known: no include that could not be followed. */
  get isKnown(): boolean {
    return !hasUnknownInclude(this.scope);
  }

  /** Every location, nested ones after the one around them. */
  get allLocations(): readonly LocationBlock[] {
    if (!this.#all) {
      const found: LocationBlock[] = [];
      const stack = this.locations.toReversed();
      for (let block = stack.pop(); block; block = stack.pop()) {
        found.push(block);
        for (const inner of block.inner.toReversed()) stack.push(inner);
      }
      this.#all = found;
    }
    return this.#all;
  }

  /** A named location (`@name`). */
  named(name: string): LocationBlock | undefined {
    // Each location of a server may lead to one: they are looked up, not searched for.
    this.#named ??= new Map(
      this.locations.filter(({ modifier }) => modifier === "@").map((location) => [location.pattern, location]),
    );
    return this.#named.get(name);
  }

  /** The location that nginx chooses for a normalised path (no query). */
  route(path: string): Route {
    return routePath(this.locations, path);
  }

  /** The location that a URI or a name in `error_page`, `try_files`, `auth_request`, `mirror` leads to. */
  follow(uri: string): LocationBlock | undefined {
    if (uri.startsWith("@")) return this.named(uri);
    const path = uri.split(/[?#]/)[0] ?? "";
    return path.startsWith("/") && !path.includes("$") ? this.route(path).location : undefined;
  }
}

const known = new WeakMap<readonly Entry[], ServerBlock>();

/** The server that a scope is; made once as long as nothing in it or around it changes. */
export function serverOf(scope: Scope, environment: Environment): ServerBlock {
  const own = environment.of(scope);
  const found = known.get(scope.entries);
  if (found && found.environment === own && found.scope === scope) return found;
  const server = new ServerBlock(scope, own);
  known.set(scope.entries, server);
  return server;
}

const listed = new WeakMap<readonly Entry[], { environment: Environment; servers: readonly ServerBlock[] }>();

/** The servers of the http level, in nginx's order; collected once after each change, however many rules ask. */
export function serversOf({ shared: environment }: Environment): readonly ServerBlock[] {
  const entries = environment.http?.entries ?? [];
  const found = listed.get(entries);
  if (found?.environment === environment) return found.servers;
  const servers = entries.flatMap(({ scope }) => (scope?.kind === "server" ? serverOf(scope, environment) : []));
  listed.set(entries, { environment, servers });
  return servers;
}
