import type { Severity } from "../core/index.ts";

/** From the most serious on. */
export const severities: readonly Severity[] = ["error", "warning", "information", "hint"];
