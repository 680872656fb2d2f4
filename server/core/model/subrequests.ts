import { type Entry, type Scope, scopesWithin } from "./scope.ts";

const targetsOf = new WeakMap<readonly Entry[], ReadonlySet<string>>();

/** The locations that auth_request and mirror of a server send subrequests to: no handshake belongs there. */
export function subrequestTargets(server: Scope): ReadonlySet<string> {
  let targets = targetsOf.get(server.entries);
  if (!targets) {
    const found = new Set<string>();
    for (const scope of scopesWithin(server)) {
      for (const name of ["auth_request", "mirror"]) {
        for (const { directive } of scope.own(name)) found.add(directive.arg(0) ?? "");
      }
    }
    targets = found;
    targetsOf.set(server.entries, targets);
  }
  return targets;
}
