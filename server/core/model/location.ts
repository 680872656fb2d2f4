import type { Directive, Word } from "../syntax/directive.ts";
import type { Environment } from "./config.ts";
import { type ProxyBlock, proxyOf } from "./proxy.ts";
import { RequestScope } from "./request-scope.ts";
import type { Entry, Scope } from "./scope.ts";

/** The directives that hand a request to a handler; a location inherits none of them, its `if`s do. */
const passes = [
  "proxy_pass",
  "fastcgi_pass",
  "uwsgi_pass",
  "scgi_pass",
  "grpc_pass",
  "memcached_pass",
  "tunnel_pass",
] as const;

/** The name of a directive that passes requests on. */
export type PassName = (typeof passes)[number];

/** A location of a server, whatever answers its requests. */
export class LocationBlock extends RequestScope {
  /** The location around it, for a nested one. */
  readonly outer: LocationBlock | undefined;
  readonly proxy: ProxyBlock | undefined;
  /** The directive that passes requests on, if one does. */
  readonly pass: Entry | undefined;
  #inner: readonly LocationBlock[] | undefined;

  constructor(scope: Scope, environment: Environment, outer: LocationBlock | undefined) {
    super(scope, environment);
    this.outer = outer;
    this.pass = passes.map((name) => scope.own(name).at(-1)).find((entry) => entry !== undefined);
    this.proxy = this.pass?.directive.name === "proxy_pass" ? proxyOf(scope, environment) : undefined;
  }

  /** The `location` directive. */
  get directive(): Directive {
    return this.scope.directive as Directive;
  }

  /** The locations nested in it, in the order of the file; made on demand, however deep a file nests them. */
  get inner(): readonly LocationBlock[] {
    this.#inner ??= innerLocations(this.scope).map((child) => new LocationBlock(child, this.environment, this));
    return this.#inner;
  }

  override get url(): Word | undefined {
    return this.proxy?.url;
  }
}

/** The locations directly in a server or location (`location` cannot stand in an `if`). */
export function innerLocations(scope: Scope): readonly Scope[] {
  return scope.children().filter((child) => child.kind === "location");
}
