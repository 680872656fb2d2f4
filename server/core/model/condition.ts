import type { Directive } from "../syntax/directive.ts";

/** What stands in the parentheses of an `if`. */
export interface Condition {
  readonly left: string;
  /** `=`, `!=`, `~` and its relatives; undefined for a variable alone. */
  readonly operator: string | undefined;
  readonly right: string;
}

/** Reads it as `ngx_http_rewrite_if_condition()` does; undefined for what asks the file system, or is no condition. */
export function readCondition(directive: Directive): Condition | undefined {
  const words = directive.args.map((word) => word.value);
  const [first] = words;
  const last = words.at(-1);
  if (!first?.startsWith("(") || !last?.endsWith(")")) return undefined;
  if (first === "(") words.shift();
  else words[0] = first.slice(1);
  if (last === ")") words.pop();
  else words.push((words.pop() as string).slice(0, -1));
  const [left, operator, right] = words;
  if (!left?.startsWith("$")) return undefined;
  return { left, operator, right: right ?? "" };
}
