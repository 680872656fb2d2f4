import type { Word } from "../syntax/directive.ts";
import type { Environment } from "./config.ts";
import { type EffectiveList, type EffectiveValue, effectiveList, effectiveValue } from "./effective.ts";
import { type Evidence, type Verdict, weighEvidence } from "./evidence.ts";
import { type LocationName, readLocationName } from "./location-name.ts";
import { pathSegments } from "./paths.ts";
import type { RequestKind } from "./request.ts";
import type { Entry, Scope } from "./scope.ts";
import { Evaluation } from "./values.ts";

/** A scope that requests reach (a location, an `if` in one, a server) and what holds for them there. */
export class RequestScope {
  readonly scope: Scope;
  readonly environment: Environment;
  readonly headers: EffectiveList;
  #name: LocationName | undefined;
  #path: readonly (readonly string[])[] | undefined;
  #verdict: Verdict | undefined;
  #evaluations: Map<RequestKind, Evaluation> | undefined;

  constructor(scope: Scope, environment: Environment) {
    this.scope = scope;
    this.environment = environment;
    this.headers = effectiveList(scope, "proxy_set_header");
  }

  /** The location this belongs to. */
  get location(): Scope | undefined {
    return this.scope.nearest("location");
  }

  private get locationName(): LocationName | undefined {
    const directive = this.location?.directive;
    this.#name ??= directive && readLocationName(directive);
    return this.#name;
  }

  /** The word with the path or regular expression of the location (the modifier may be glued to it). */
  get pathWord(): Word | undefined {
    return this.locationName?.word;
  }

  /** `=`, `~`, `~*`, `^~`, `@` for a named location, or empty for a prefix. */
  get modifier(): LocationName["modifier"] {
    return this.locationName?.modifier ?? "";
  }

  /** The prefix, exact path or regular expression of the location, without its modifier; empty outside of locations. */
  get pattern(): string {
    return this.locationName?.pattern ?? "";
  }

  /** The possible segments of the path. */
  get path(): readonly (readonly string[])[] {
    if (!this.#path) {
      const { locationName } = this;
      this.#path =
        !locationName || locationName.modifier === "@" ? [] : pathSegments(locationName.modifier, locationName.pattern);
    }
    return this.#path;
  }

  /** The URL that `proxy_pass` passes to, where there is one. */
  get url(): Word | undefined {
    return undefined;
  }

  /** The `upstream` name or host that the URL names, in lower case; undefined when there is none or a variable decides. */
  get target(): string | undefined {
    const match = /^[a-z]+:\/\/(\[[^\]]*\]|[^/:$]+)(?::\d+)?(?:\/|$)/i.exec(this.url?.value ?? "");
    return match?.[1]?.toLowerCase();
  }

  /** Whether WebSockets are meant to come here, and why; `not-websocket` when a comment denies it. */
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

  /** The list in force of a directive that is replaced as a whole (`add_header`, `proxy_hide_header`, `error_page` …). */
  list(name: string): EffectiveList {
    return effectiveList(this.scope, name);
  }

  /** Plays a request of a kind through this scope. */
  evaluation(kind: RequestKind): Evaluation {
    this.#evaluations ??= new Map();
    let evaluation = this.#evaluations.get(kind);
    if (!evaluation) {
      evaluation = new Evaluation(this.environment.definitions, this.scope, kind);
      this.#evaluations.set(kind, evaluation);
    }
    return evaluation;
  }

  /** Lets go of the requests that were played, which take more memory than all the rest; they can be played again. */
  release(): void {
    this.#evaluations = undefined;
  }

  /** The directives in force for one header of the request to the backend (name in lower case). */
  setters(header: string): readonly Entry[] {
    return this.headers.entries.filter((entry) => entry.directive.arg(0)?.toLowerCase() === header);
  }
}
