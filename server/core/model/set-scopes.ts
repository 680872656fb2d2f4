import type { Scope } from "./scope.ts";
import { variableName } from "./variables.ts";

/**
 * Whether a `set` of a variable (lower case) is among what nginx runs for requests that reach a scope: those of the
 * server and of the location itself, with the `if`s in them. A location around a nested one runs nothing for it
 * (ngx_http_rewrite_module does not inherit).
 */
export function isSetFor(scope: Scope, name: string): boolean {
  const levels = [scope.nearest("server"), scope.nearest("location")];
  return levels.some((level) => {
    if (!level) return false;
    const blocks = [level, ...level.children().filter(({ kind }) => kind === "if")];
    return blocks.some((block) => block.own("set").some(({ directive }) => variableName(directive.arg(0)) === name));
  });
}
