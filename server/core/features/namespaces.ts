import type { FileId } from "../finding.ts";
import type { Environment } from "../model/config.ts";
import { type Scope, scopesWithin } from "../model/scope.ts";
import type { Directive } from "../syntax/directive.ts";
import { folderOf } from "../text/path.ts";
import type { MentionKind } from "./mentions.ts";

// What a name means depends on where its file is included: one `http` is one namespace, `stream` is another, a named
// location belongs to its server. A file that is included in several places has a meaning in each.

/** A statement in a block. */
export interface Placed {
  readonly directive: Directive;
  /** The block around it. */
  readonly scope: Scope;
}

/** Every statement of a configuration with the block that it stands in. */
export function* statementsIn(environment: Environment): Generator<Placed> {
  for (const scope of scopesWithin(environment.scope)) {
    for (const { directive } of scope.entries) yield { directive, scope };
  }
}

/** The part of nginx that a block belongs to: each has variables and upstreams of its own. */
export function partOf(scope: Scope, environment: Environment): "http" | "stream" | "mail" {
  let outermost: Scope | undefined;
  for (const each of scope.outwards()) if (each.directive) outermost = each;
  const name = environment.context === "main" ? outermost?.directive?.name : environment.context.split(" ")[0];
  return name === "stream" || name === "mail" ? name : "http";
}

/** What a name of this kind is unique in. */
export function spaceOf(kind: MentionKind, scope: Scope, environment: Environment): unknown {
  if (kind === "named location") return scopeOfServer(scope);
  return `${partOf(scope, environment)} ${keyOf(environment)}`;
}

function scopeOfServer(scope: Scope): Scope {
  let outermost = scope;
  for (const each of scope.outwards()) {
    if (each.kind === "server") return each;
    outermost = each;
  }
  return outermost;
}

/** Fragments that lie in one folder count as parts of one `http`. */
function keyOf({ context, root }: Environment): FileId {
  return context === "http" ? folderOf(root.file) : root.file;
}
