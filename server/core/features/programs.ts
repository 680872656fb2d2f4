import type { Directive } from "../syntax/directive.ts";
import type { Mention } from "./mentions.ts";

/** The text of a program that a directive holds: Lua or Perl; undefined for other directives. */
export function programOf(directive: Directive): string | undefined {
  const { name } = directive;
  if (name.endsWith("_by_lua_block")) {
    const { segment, start, end } = directive.body;
    return segment.text.slice(start, end);
  }
  if (!name.endsWith("_by_lua") && name !== "perl" && name !== "perl_set") return undefined;
  return directive.args.at(-1)?.value;
}

/** Whether a directive takes a program from a file that is not read here. */
export function hasProgramFile({ name }: Directive): boolean {
  return /_by_lua_file$|^js_(?:import|include)$|^perl_(?:require|modules)$/.test(name);
}

/** Whether a program says a name: of a variable as such, of anything else as a word. */
export function usesInProgram({ kind, name }: Pick<Mention, "kind" | "name">, program: string): boolean {
  const escaped = name.replace(/[^\w]/g, "\\$&");
  if (kind !== "variable") return new RegExp(`(?<![\\w.-])${escaped}(?![\\w.-])`, "i").test(program);
  const index = `\\[\\s*["']${escaped}["']\\s*\\]`;
  const table = "(?:\\bngx\\s*\\.\\s*var|\\b(?:rawV|v)ariables)";
  return new RegExp(`${table}\\s*(?:\\.\\s*${escaped}\\b|${index})|\\bvariable\\s*\\(\\s*["']${escaped}["']`, "i").test(
    program,
  );
}

/** Whether a program reads variables whose names it puts together. */
export function readsAnyVariable(program: string): boolean {
  return /\bngx\s*\.\s*var\s*\[\s*(?!["'][^"']*["']\s*\])(?!\d+\s*\])/.test(program);
}
