import { modify, type ParseError, parse } from "jsonc-parser";

const indent = "  ";

/** A change of a text. */
export interface TextChange {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/** What makes a project file say that a rule is off; comments and layout stay. Nothing where that cannot be done. */
export function turnRuleOff(text: string, rule: string): readonly TextChange[] {
  const errors: ParseError[] = [];
  const said: unknown = parse(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const isObject = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);
  if (errors.length > 0 || !(said === undefined || isObject(said))) return [];
  const { rules } = (said ?? {}) as { readonly rules?: unknown };
  if (rules !== undefined && !isObject(rules)) return [];
  const eol = /\r\n/.test(text) ? "\r\n" : "\n";
  const [, unit = indent] = /^([ \t]+)"/m.exec(text) ?? [];
  const formattingOptions = { insertSpaces: !unit.includes("\t"), tabSize: unit.length, eol };
  // At the end of an object, the comment behind the last line would come to stand behind the new one.
  const edits = modify(text, ["rules", rule], "off", { formattingOptions, getInsertionIndex: () => 0 });
  return edits.map(({ offset, length, content }) => ({ start: offset, end: offset + length, newText: content }));
}

/** A new project file in which a rule is off. */
export function projectFileWithRuleOff(rule: string): string {
  return `${JSON.stringify({ rules: { [rule]: "off" } }, undefined, indent)}\n`;
}
