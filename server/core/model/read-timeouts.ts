import { parseTime } from "../nginx/time.ts";
import type { Place } from "../syntax/directive.ts";
import { type Scope, scopesWithin } from "./scope.ts";

/** A directive after whose time nginx ends a connection on which nothing moves. */
export interface WrittenReadTimeout {
  readonly text: string;
  readonly milliseconds: number;
  readonly place: Place;
}

/** What ends an established WebSocket: `proxy_timeout` where a stream server passes it on. */
const directives: readonly string[] = [
  "proxy_read_timeout",
  "uwsgi_read_timeout",
  "scgi_read_timeout",
  "proxy_timeout",
];

/** The read time-outs written in a block and the blocks in it. */
export function* readTimeoutsIn(root: Scope): Generator<WrittenReadTimeout> {
  for (const scope of scopesWithin(root)) {
    for (const { directive } of directives.flatMap((name) => scope.own(name))) {
      const word = directive.args[0];
      const milliseconds = word && parseTime(word.value);
      if (word === undefined || milliseconds === undefined) continue;
      yield { text: `${directive.name} ${word.value}`, milliseconds, place: directive.head };
    }
  }
}
