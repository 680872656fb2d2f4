import type { Environment } from "../model/config.ts";
import { serverOf } from "../model/server.ts";
import type { Directive, Word } from "../syntax/directive.ts";
import { statementsIn } from "./namespaces.ts";
import { serversIn } from "./overview.ts";

/** Which argument of a directive is a path that nginx goes to by itself. */
const redirecting: Readonly<Record<string, "first" | "last" | "second">> = {
  error_page: "last",
  try_files: "last",
  auth_request: "first",
  mirror: "first",
  post_action: "first",
  rewrite: "second",
};

/** The locations that a literal path in such a directive leads to, one for each server that the directive is in. */
export function redirectTarget(directive: Directive, word: Word, environment: Environment): readonly Directive[] {
  const which = Object.hasOwn(redirecting, directive.name) ? redirecting[directive.name] : undefined;
  const { args } = directive;
  const expected =
    which === "last" ? args.at(-1) : which === "first" ? args[0] : which === "second" ? args[1] : undefined;
  if (!expected || expected.start !== word.start || !word.value.startsWith("/")) return [];
  const found = new Set<Directive>();
  for (const { directive: each, scope } of statementsIn(environment)) {
    if (each.segment !== directive.segment || each.statement !== directive.statement) continue;
    const around = scope.nearest("server");
    const server = around ? serverOf(around, environment) : environment.http ? undefined : serversIn(environment)[0];
    const location = server?.follow(word.value);
    if (location?.scope.directive) found.add(location.scope.directive);
  }
  return [...found];
}
