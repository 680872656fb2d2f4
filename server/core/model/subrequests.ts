import type { Directive } from "../syntax/directive.ts";
import type { LocationBlock } from "./location.ts";
import type { RequestScope } from "./request-scope.ts";
import { type Entry, type Scope, scopesWithin } from "./scope.ts";
import { type ServerBlock, serverOf } from "./server.ts";

/** The directives that ask another location on the side. */
export type SubrequestName = "auth_request" | "mirror";

/** A location whose requests ask another one on the side, with the client's headers. */
export interface Subrequest {
  /** The directive, perhaps of an outer level. */
  readonly entry: Entry;
  readonly source: LocationBlock;
  readonly target: LocationBlock;
}

const targetsOf = new WeakMap<readonly Entry[], ReadonlySet<string>>();

/** The locations that auth_request and mirror of a server send subrequests to: no handshake belongs there. */
export function subrequestTargets(server: Scope): ReadonlySet<string> {
  let targets = targetsOf.get(server.entries);
  if (!targets) {
    const found = new Set<string>();
    const add = (scope: Scope) => {
      for (const name of ["auth_request", "mirror"])
        for (const { directive } of scope.own(name)) found.add(directive.arg(0) ?? "");
    };
    for (const scope of scopesWithin(server)) add(scope);
    // What the levels around it ask for holds in it as well.
    for (const level of server.outwards()) if (level !== server) add(level);
    targets = found;
    targetsOf.set(server.entries, targets);
  }
  return targets;
}

const answering = new WeakMap<readonly Entry[], ReadonlySet<Directive>>();

/** Whether subrequests of auth_request or mirror are answered here: nginx chooses their location as for any path. */
export function answersSubrequests(block: RequestScope): boolean {
  const server = block.scope.nearest("server");
  const location = block.location?.directive;
  if (!server || !location) return false;
  let locations = answering.get(server.entries);
  if (!locations) {
    const routes = serverOf(server, block.environment);
    const found = [...subrequestTargets(server)].flatMap((uri) =>
      uri.startsWith("/") ? (routes.follow(uri)?.directive ?? []) : [],
    );
    locations = new Set(found);
    answering.set(server.entries, locations);
  }
  return locations.has(location);
}

/**
 * Which locations of a server ask which others. `auth_request` is one value and inherited as such, `mirror` is a list
 * that a level replaces as a whole; `off` ends both. Where an unknown include might say so, nothing is claimed.
 */
export function subrequestsOf(server: ServerBlock, name: SubrequestName): readonly Subrequest[] {
  if (!mentions(server.scope, name)) return [];
  const targets = new Map<string, LocationBlock | undefined>();
  const targetOf = (uri: string) => {
    // A name is taken for a path there, and no location has it.
    if (!targets.has(uri)) targets.set(uri, uri.startsWith("/") ? server.follow(uri) : undefined);
    return targets.get(uri);
  };
  return server.allLocations.flatMap((source) =>
    subrequestsIn(source, name).flatMap((entry) => {
      const target = targetOf(entry.directive.arg(0) ?? "");
      return target ? [{ entry, source, target }] : [];
    }),
  );
}

/** The `auth_request` or the `mirror`s in force for a location. */
export function subrequestsIn(location: LocationBlock, name: SubrequestName): readonly Entry[] {
  const { entries, certainty } = location.list(name);
  const inForce = name === "mirror" ? entries : entries.slice(-1);
  const isOff = inForce.some(({ directive }) => directive.arg(0) === "off");
  return isOff || certainty === "doubtful" ? [] : inForce;
}

function mentions(server: Scope, name: SubrequestName): boolean {
  for (const level of server.outwards()) if (level.own(name).length > 0) return true;
  for (const scope of scopesWithin(server)) if (scope.own(name).length > 0) return true;
  return false;
}
