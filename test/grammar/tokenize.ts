import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadWASM, OnigScanner, OnigString } from "vscode-oniguruma";
import { type IGrammar, INITIAL, parseRawGrammar, Registry } from "vscode-textmate";

/** The scopes of every character of a line, without the grammar's own name. */
export type ScopedLine = readonly (readonly string[])[];

/** Loads our grammar the way VS Code does. The Lua grammar is not there, as in an editor without Lua. */
export async function loadGrammar(): Promise<IGrammar> {
  await loadWASM(readFileSync(join(process.cwd(), "node_modules/vscode-oniguruma/release/onig.wasm")));
  const registry = new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new OnigScanner(patterns),
      createOnigString: (text) => new OnigString(text),
    }),
    loadGrammar: async (scope) => {
      if (scope !== "source.nginx") return null;
      const path = "syntaxes/nginx.tmLanguage.json";
      return parseRawGrammar(readFileSync(path, "utf8"), path);
    },
  });
  const grammar = await registry.loadGrammar("source.nginx");
  if (grammar === null) throw new Error("the grammar could not be loaded");
  return grammar;
}

/** Gives every character its scopes. */
export function scopeLines(grammar: IGrammar, lines: readonly string[]): ScopedLine[] {
  let state = INITIAL;
  return lines.map((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    const scoped: (readonly string[])[] = [];
    for (const token of tokens) {
      const end = Math.min(token.endIndex, line.length);
      for (let at = token.startIndex; at < end; at += 1) scoped.push(token.scopes.slice(1));
    }
    return scoped;
  });
}

/** How many pieces the grammar cuts a line into. */
export function countTokens(grammar: IGrammar, line: string): number {
  return grammar.tokenizeLine(line, INITIAL).tokens.length;
}
