import type { Rule } from "./rule.ts";

/** A comment that allows something which is not there. Found after all other rules have spoken. */
export const unusedSuppression: Rule = {
  id: "unused-suppression",
  severity: "hint",
  what: "A comment allows a mistake that is not there.",
  why: "It would hide the mistake when it comes back, or it names a rule that does not exist.",
  fixable: "suggested",
  check: {},
};
