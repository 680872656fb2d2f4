/** What a caret line says about the code line above it. */
export interface ScopeAssertion {
  /** 1-based line in the file, for messages. */
  readonly line: number;
  /** Index of the code line it speaks of, assertion lines not counted. */
  readonly codeLine: number;
  readonly start: number;
  readonly end: number;
  /** Scopes, or beginnings of scopes, that every marked character has. */
  readonly present: readonly string[];
  /** Written with `!` in front: scopes that no marked character has. */
  readonly absent: readonly string[];
}

/** A file of assertions: its code, and what is said about it. */
export interface AssertionFile {
  readonly code: readonly string[];
  readonly assertions: readonly ScopeAssertion[];
}

/** Takes the lines `#  ^^^ scope !scope` out of a text; the grammar does not see them, so they can stand anywhere. */
export function readAssertions(text: string): AssertionFile {
  const code: string[] = [];
  const assertions: ScopeAssertion[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const found = /^(\s*#\s*)(\^+)\s+(\S.*)$/.exec(line);
    if (found === null) {
      code.push(line);
      continue;
    }
    const start = found[1]!.length;
    const words = found[3]!.trim().split(/\s+/);
    assertions.push({
      line: index + 1,
      codeLine: code.length - 1,
      start,
      end: start + found[2]!.length,
      present: words.filter((word) => !word.startsWith("!")),
      absent: words.filter((word) => word.startsWith("!")).map((word) => word.slice(1)),
    });
  }
  return { code, assertions };
}

/** Whether one of a character's scopes is the wanted one or below it. */
export function hasScope(scopes: readonly string[], wanted: string): boolean {
  return scopes.some((scope) => scope === wanted || scope.startsWith(`${wanted}.`));
}
