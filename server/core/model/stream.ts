import type { Directive } from "../syntax/directive.ts";
import type { Environment } from "./config.ts";
import { type Listen, readListen } from "./listen.ts";
import type { Entry, Scope } from "./scope.ts";

/** A server of the `stream` block: it passes TCP connections on and knows nothing of HTTP. */
export interface StreamServer {
  readonly directive: Directive;
  readonly listens: readonly Listen[];
  /** Its `proxy_pass`. */
  readonly pass: Directive;
  /** The addresses its connections may go to; those of an upstream of the stream block when it names one. */
  readonly addresses: readonly string[];
  /** The `proxy_timeout` in force, from the server or from stream. */
  readonly timeout: Entry | undefined;
  /** Whether all of it is known: no include that could not be followed. */
  readonly isKnown: boolean;
}

/** The servers of the stream block that pass connections on, in nginx's order. */
export function streamServersOf({ scope }: Environment): readonly StreamServer[] {
  if (scope.kind !== "main") return [];
  return scope.own("stream").flatMap(({ scope: stream }) => {
    if (!stream) return [];
    const blocks = stream.children();
    const upstreams = new Map(
      blocks.flatMap((block) => (block.directive?.name === "upstream" ? [[block.directive.arg(0) ?? "", block]] : [])),
    );
    const servers = blocks.filter(({ directive }) => directive?.name === "server");
    return servers.flatMap((server) => readServer(server, stream, upstreams) ?? []);
  });
}

function readServer(server: Scope, stream: Scope, upstreams: ReadonlyMap<string, Scope>): StreamServer | undefined {
  const pass = server.own("proxy_pass").at(-1)?.directive;
  const target = pass?.arg(0);
  if (!server.directive || !pass || target === undefined) return undefined;
  const upstream = upstreams.get(target);
  return {
    directive: server.directive,
    listens: server.own("listen").flatMap(({ directive }) => readListen(directive) ?? []),
    pass,
    addresses: upstream ? upstream.own("server").flatMap(({ directive }) => directive.arg(0) ?? []) : [target],
    timeout: server.own("proxy_timeout").at(-1) ?? stream.own("proxy_timeout").at(-1),
    isKnown: server.unresolved.length === 0 && stream.unresolved.length === 0,
  };
}
