import type { Directive } from "../syntax/directive.ts";
import type { Scope } from "./scope.ts";

/** An `upstream` block: a named group of servers. */
export interface Upstream {
  readonly name: string;
  readonly scope: Scope;
  readonly directive: Directive;
  /** Its `keepalive` directive. */
  readonly keepalive: Directive | undefined;
}

/** Reads an upstream block. */
export function readUpstream(scope: Scope): Upstream | undefined {
  const { directive } = scope;
  const name = directive?.arg(0);
  if (!directive || name === undefined) return undefined;
  return { name: name.toLowerCase(), scope, directive, keepalive: scope.own("keepalive").at(-1)?.directive };
}
