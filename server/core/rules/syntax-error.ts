import type { Rule } from "./rule.ts";

/** What nginx cannot read. Found by the parser, not by a check. */
export const syntaxError: Rule = {
  id: "syntax-error",
  severity: "error",
  what: "nginx cannot read the file.",
  why: "nginx stops at the first such mistake and keeps the configuration it has, or does not start.",
  fixable: "safe",
  check: {},
};
