import { HTTP_1_1_BY_DEFAULT, isAtLeast, type Version } from "../nginx/version.ts";
import type { Directive, Word } from "../syntax/directive.ts";
import { type EffectiveList, type EffectiveValue, effectiveList, effectiveValue } from "./effective.ts";
import { type Evidence, type Verdict, weighEvidence } from "./evidence.ts";
import { pathSegments } from "./paths.ts";
import type { RequestKind } from "./request.ts";
import type { Entry, Scope } from "./scope.ts";
import { Evaluation, type Value } from "./values.ts";
import type { Definitions } from "./variables.ts";

/** What all proxies of a configuration share. */
export interface ProxyContext {
  readonly definitions: Definitions;
  readonly version: Version | undefined;
}

/** A header as the upstream receives it. */
export interface SentHeader {
  /** The directive that sets it; undefined for nginx's own default. */
  readonly entry: Entry | undefined;
  /** What it can be; an empty text means that it is not sent. */
  readonly value: Value;
}

/** A location (or an `if` in one) that hands its requests to an HTTP server with `proxy_pass`. */
export class ProxyBlock {
  readonly scope: Scope;
  readonly pass: Entry;
  readonly context: ProxyContext;
  readonly headers: EffectiveList;
  #verdict: Verdict | undefined;
  #evaluations = new Map<RequestKind, Evaluation>();

  constructor(scope: Scope, pass: Entry, context: ProxyContext) {
    this.scope = scope;
    this.pass = pass;
    this.context = context;
    this.headers = effectiveList(scope, "proxy_set_header");
  }

  /** The directive `proxy_pass`. */
  get directive(): Directive {
    return this.pass.directive;
  }

  /** The URL it passes to. */
  get url(): Word {
    return this.directive.args[0] as Word;
  }

  /** The location this belongs to. */
  get location(): Scope | undefined {
    return this.scope.nearest("location");
  }

  /** The path or regular expression of the location. */
  get pathWord(): Word | undefined {
    return this.location?.directive?.args.at(-1);
  }

  /** `=`, `~`, `~*`, `^~`, or empty. */
  get modifier(): string {
    const args = this.location?.directive?.args ?? [];
    return args.length > 1 ? (args[0]?.value ?? "") : "";
  }

  /** The possible segments of the path. */
  get path(): readonly (readonly string[])[] {
    const word = this.pathWord;
    return word && !word.value.startsWith("@") ? pathSegments(this.modifier, word.value) : [];
  }

  /** Whether the location carries WebSocket, and why; `not-websocket` when a comment denies it. */
  get verdict(): Verdict {
    this.#verdict ??= weighEvidence(this);
    return this.#verdict;
  }

  /** The evidence, when there is any. */
  get evidence(): Evidence | undefined {
    const { verdict } = this;
    return verdict === "not-websocket" || verdict.tier === 4 ? undefined : verdict;
  }

  /** The value in force of a directive that holds one. */
  value(name: string): EffectiveValue {
    return effectiveValue(this.scope, name);
  }

  /** Plays a request of a kind through this location. */
  evaluation(kind: RequestKind): Evaluation {
    let evaluation = this.#evaluations.get(kind);
    if (!evaluation) {
      evaluation = new Evaluation(this.context.definitions, this.scope, kind);
      this.#evaluations.set(kind, evaluation);
    }
    return evaluation;
  }

  /** The directives in force for one header (name in lower case). */
  setters(header: string): readonly Entry[] {
    return this.headers.entries.filter((entry) => entry.directive.arg(0)?.toLowerCase() === header);
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
    const modern = isAtLeast(this.context.version, HTTP_1_1_BY_DEFAULT);
    if (modern === undefined) return ["close", ""];
    return modern ? [""] : ["close"];
  }

  /** The `upstream` name or host that the URL names, without scheme, port and path; undefined when a variable decides. */
  get target(): string | undefined {
    const match = /^[a-z]+:\/\/(\[[^\]]*\]|[^/:$]+)(?::\d+)?(?:\/|$)/i.exec(this.url.value);
    return match?.[1]?.toLowerCase();
  }
}
