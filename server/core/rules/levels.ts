import type { Environment } from "../model/config.ts";
import { type Entry, type Scope, scopesWithin } from "../model/scope.ts";
import type { ServerBlock } from "../model/server.ts";
import type { Draft, Rule } from "./rule.ts";

/** The checks of a rule that looks at every level of a configuration by itself. */
export function onEveryLevel(judge: (level: Scope, environment: Environment) => Iterable<Draft>): Rule["check"] {
  return {
    *server({ scope }: ServerBlock, environment) {
      for (const level of scopesWithin(scope)) yield* judge(level, environment);
    },
    *config(environment) {
      for (const level of levelsBesideServers(environment.scope)) {
        yield undefined;
        yield* judge(level, environment);
      }
    },
  };
}

/** Every level outside of the http level's servers, which are judged one by one. */
function* levelsBesideServers(root: Scope): Generator<Scope> {
  const stack = root.kind === "server" ? [] : [root];
  for (let level = stack.pop(); level; level = stack.pop()) {
    yield level;
    for (const child of level.children()) if (child.kind !== "server" && child.kind !== "data") stack.push(child);
  }
}

/** Braces in the wrong place move everything behind them: then only the syntax error counts. */
export function isSound({ directive, via }: Entry, level: Scope, environment: Environment): boolean {
  const files = new Set([environment.root, directive.segment.document]);
  for (const include of [...level.via, ...via]) files.add(include.segment.document);
  return [...files].every((document) => environment.isSound(document));
}
