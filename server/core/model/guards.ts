import type { LocationBlock } from "./location.ts";
import type { Entry } from "./scope.ts";
import { subrequestTargets } from "./subrequests.ts";

/** Directives with one value that ask who a client is; `off` lifts them. */
const asking = ["auth_basic", "auth_request", "auth_jwt"] as const;

/** Answers by which a location refuses everybody. */
const refusals = new Set(["401", "403", "404", "410", "444"]);

/** The directive that keeps (some) clients out of a location; undefined when nothing does. */
export function guardOf(location: LocationBlock): Entry | undefined {
  const { scope } = location;
  for (const name of asking) {
    const { entry } = location.value(name);
    if (entry && entry.directive.arg(0) !== "off") return entry;
  }
  const { entries } = location.list("deny");
  // `satisfy any` beside a rule that allows everybody is no guard; `deny` alone is one.
  const isOpen = location.list("allow").entries.some(({ directive }) => directive.arg(0) === "all");
  return (isOpen ? undefined : entries[0]) ?? refusalOf(location) ?? internalOf(scope.own("internal")[0], location);
}

/** The `return` by which a location refuses every request. */
function refusalOf({ scope }: LocationBlock): Entry | undefined {
  return scope.own("return").find(({ directive }) => refusals.has(directive.arg(0) ?? ""));
}

/** `internal` keeps clients out, unless the location is there for the server's own questions only. */
function internalOf(entry: Entry | undefined, { scope, pattern }: LocationBlock): Entry | undefined {
  const server = scope.nearest("server");
  return entry && server && !subrequestTargets(server).has(pattern) ? entry : undefined;
}
