import { effectiveValue } from "../model/effective.ts";
import type { LocationBlock } from "../model/location.ts";
import { parseTime } from "../nginx/time.ts";
import { spanOf } from "../syntax/document.ts";
import type { EffectivePlace, IdleLimit } from "./effective.ts";
import { doubtIn, levelName } from "./effective-level.ts";

/** What nginx closes an idle tunnel after unless told otherwise, in milliseconds. */
const DEFAULT_MS = 60_000;

/** The handlers that can make a tunnel, with the directive that limits it. */
const limits: Readonly<Record<string, string>> = {
  proxy_pass: "proxy_read_timeout",
  uwsgi_pass: "uwsgi_read_timeout",
  scgi_pass: "scgi_read_timeout",
};

/** How long a tunnel through a place may be silent; undefined where there can be none, or the time is none. */
export function idleLimitOf({ scope, location }: Pick<EffectivePlace, "scope" | "location">): IdleLimit | undefined {
  const name = nameOf(location);
  if (name === undefined) return undefined;
  const inForce = effectiveValue(scope, name);
  const { entry, scope: level } = inForce;
  if (!entry || !level)
    return { milliseconds: DEFAULT_MS, name, from: "default", span: undefined, note: doubtIn(inForce) };
  const milliseconds = parseTime(entry.directive.arg(0) ?? "");
  if (milliseconds === undefined) return undefined;
  return { milliseconds, name, from: levelName(level, scope), span: spanOf(entry.directive.head), note: undefined };
}

function nameOf(location: LocationBlock | undefined): string | undefined {
  const pass = location?.pass?.directive.name;
  if (pass !== undefined) return Object.hasOwn(limits, pass) ? limits[pass] : undefined;
  const isProxied = location?.scope.children().some((child) => child.own("proxy_pass").length > 0);
  return isProxied ? limits.proxy_pass : undefined;
}
