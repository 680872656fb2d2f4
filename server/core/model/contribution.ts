import { isDirective } from "../nginx/directives.ts";
import { isBuiltInVariable, looksLikeTemplateName } from "../nginx/variables.ts";
import type { Directive } from "../syntax/directive.ts";
import { type MapBlock, readMap } from "./maps.ts";
import { type Entry, type Scope, scopesWithin } from "./scope.ts";
import { readUpstream, type Upstream } from "./upstream.ts";
import { Definitions, type Share, variableName } from "./variables.ts";

/** What a statement beside the servers, or a server, gives to all servers. */
export interface Contribution {
  readonly upstream: Upstream | undefined;
  readonly map: MapBlock | undefined;
  readonly variables: readonly (readonly [string, Share])[];
  /** The variables (lower case) that its Connection headers use. */
  readonly connectionVariables: readonly string[];
  /** Whether includes in it are not known. */
  readonly isIncomplete: boolean;
  /** Whether a `listen` in it has `http2` or `quic`. */
  readonly offersHttp2: boolean;
  /** Whether a module is loaded or used that nobody knows here: it may define variables. */
  readonly usesOtherModules: boolean;
}

const NO_NAMES: readonly never[] = [];
const known = new WeakMap<Entry, Contribution>();

/** What a statement gives; found out once. */
export function contributionOf(entry: Entry): Contribution {
  const before = known.get(entry);
  if (before) return before;
  const contribution = read(entry);
  known.set(entry, contribution);
  return contribution;
}

function read({ directive, scope }: Entry): Contribution {
  const definitions = new Definitions();
  const names = new Set<string>();
  let isIncomplete = false;
  let usesOtherModules = isOfOtherModule(directive);
  const use = (name: string | undefined) => name !== undefined && names.add(name);
  if (scope) {
    for (const inner of scopesWithin(scope)) {
      definitions.add(inner);
      for (const own of inner.own("proxy_set_header")) use(connectionVariable(own));
      if (inner.unresolved.length > 0) isIncomplete = true;
      if (inner.kind === "data" || usesOtherModules) continue;
      usesOtherModules = inner.entries.some((entry) => isOfOtherModule(entry.directive));
    }
  } else {
    definitions.addDirective(directive);
    if (directive.name === "proxy_set_header") use(connectionVariable({ directive }));
  }
  const variables = [...definitions.entries()];
  return {
    upstream: scope?.kind === "upstream" ? readUpstream(scope) : undefined,
    map: scope?.kind === "data" ? readMap(scope) : undefined,
    variables: variables.length > 0 ? variables : NO_NAMES,
    connectionVariables: names.size > 0 ? [...names] : NO_NAMES,
    isIncomplete,
    offersHttp2: scope !== undefined && listensForHttp2(scope),
    usesOtherModules,
  };
}

function isOfOtherModule({ name }: Directive): boolean {
  return name === "load_module" || !isDirective(name);
}

/** The variable in a Connection header. */
function connectionVariable({ directive }: Pick<Entry, "directive">): string | undefined {
  const written = directive.arg(0)?.toLowerCase() === "connection" ? directive.arg(1) : undefined;
  const name = variableName(written);
  return name === undefined || isBuiltInVariable(name) || looksLikeTemplateName(written ?? "") ? undefined : name;
}

function listensForHttp2(scope: Scope): boolean {
  return scope
    .own("listen")
    .some(({ directive }) => directive.args.some(({ value }) => /^(?:http2|quic)$/.test(value)));
}
