import type { LocationBlock } from "../model/location.ts";
import { isHandedOn } from "./error-pages.ts";

/** What may stand in a location and answers nothing. Anything else may be there to answer. */
const settings =
  /^(?:(?:proxy|fastcgi|uwsgi|scgi|grpc|client|send|keepalive|tcp|gzip|ssl|limit|auth|access|log|add|more|reset|sub|chunked)_\w+|gzip|expires|allow|satisfy|set|access_log|error_log|resolver|tcp_nodelay|tcp_nopush|include|etag)$/;

/** Whether a location answers by itself or may do so; one that does not looks for a file and answers 404 if there is none. */
export function answersItself(location: LocationBlock): boolean {
  const { scope } = location;
  return (
    scope.unresolved.length > 0 ||
    scope.children().some((inner) => inner.own("proxy_pass").length > 0) ||
    isHandedOn(location, "404") ||
    !scope.entries.every(({ directive }) => settings.test(directive.name))
  );
}
