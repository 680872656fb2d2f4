import { HTTP_1_1_BY_DEFAULT, isAtLeast } from "../nginx/version.ts";
import type { Directive, Word } from "../syntax/directive.ts";
import type { Environment } from "./config.ts";
import type { RequestKind } from "./request.ts";
import { RequestScope } from "./request-scope.ts";
import type { Entry, Scope } from "./scope.ts";
import type { Upstream } from "./upstream.ts";
import type { Value } from "./values.ts";

/** A header as the upstream receives it. */
export interface SentHeader {
  /** The directive that sets it; undefined for nginx's own default. */
  readonly entry: Entry | undefined;
  /** What it can be; an empty text means that it is not sent. */
  readonly value: Value;
}

/** A location (or an `if` in one) that hands its requests to an HTTP server with `proxy_pass`. */
export class ProxyBlock extends RequestScope {
  readonly pass: Entry;

  constructor(scope: Scope, pass: Entry, environment: Environment) {
    super(scope, environment);
    this.pass = pass;
  }

  /** The directive `proxy_pass`. */
  get directive(): Directive {
    return this.pass.directive;
  }

  /** The URL it passes to. */
  override get url(): Word {
    return this.directive.args[0] as Word;
  }

  /** The `upstream` block it passes to; undefined for a host, or when a variable decides. */
  get upstream(): Upstream | undefined {
    const { target } = this;
    return target === undefined ? undefined : this.environment.upstreams.get(target);
  }

  /**
   * What the upstream receives under a header name for a request of a kind: each setter's value, or the default of
   * this nginx version (ngx_http_proxy_module, `ngx_http_proxy_headers`). Empty values are not sent.
   */
  sent(header: string, kind: RequestKind): readonly SentHeader[] {
    const setters = this.setters(header);
    if (setters.length === 0) return [{ entry: undefined, value: this.defaultHeader(header) }];
    const evaluation = this.evaluation(kind);
    return setters.map((entry) => ({ entry, value: evaluation.evaluate(entry.directive.arg(1) ?? "") }));
  }

  private defaultHeader(header: string): Value {
    if (header === "upgrade") return [""];
    if (header !== "connection") return undefined;
    const modern = isAtLeast(this.environment.version, HTTP_1_1_BY_DEFAULT);
    if (modern === undefined) return ["close", ""];
    return modern ? [""] : ["close"];
  }
}

const known = new WeakMap<readonly Entry[], ProxyBlock>();

/** The block of a scope that has a `proxy_pass` of its own; made once as long as nothing in or around it changes. */
export function proxyOf(scope: Scope, environment: Environment): ProxyBlock | undefined {
  const own = environment.of(scope);
  const found = known.get(scope.entries);
  if (found && found.environment === own && found.scope === scope) return found;
  const pass = scope.own("proxy_pass").at(-1);
  if (pass?.directive.args.length !== 1 || !["location", "if", "limit_except"].includes(scope.kind)) return undefined;
  const proxy = new ProxyBlock(scope, pass, own);
  known.set(scope.entries, proxy);
  return proxy;
}
