/** What the label codes mean to us: the rules that find such a fault, or why there is none by design. */
export type Coverage = { readonly rules: readonly string[] } | { readonly uncovered: string };

/**
 * Label code → rules. One of them is enough: which one speaks depends on where the fault lies (the header is missing, or
 * lost on the way from an outer level). Rules that do not exist count for nothing.
 */
export const coverage: Readonly<Record<string, Coverage>> = {
  "missing-upgrade": {
    rules: [
      "missing-upgrade-headers",
      "missing-upgrade-header",
      "headers-lost-by-inheritance",
      "add-header-not-proxy-set-header",
      "header-name-typo",
      "header-name-colon",
    ],
  },
  "missing-connection": {
    rules: [
      "missing-upgrade-headers",
      "missing-connection-header",
      "headers-lost-by-inheritance",
      "add-header-not-proxy-set-header",
      "header-name-typo",
      "header-name-colon",
    ],
  },
  "bad-connection": {
    rules: [
      "connection-not-upgrade",
      "map-values-wrong",
      "map-source-connection-exact",
      "variable-set-elsewhere",
      "headers-swapped",
    ],
  },
  "hardcoded-upgrade": { rules: ["static-upgrade-header"] },
  // Where the headers are missing altogether, the finding about them brings the version along in its fix.
  "missing-http-version": { rules: ["http-version-1-0", "missing-upgrade-headers"] },
  "literal-connection-upgrade": { rules: ["literal-upgrade-on-shared-location"] },
  "connection-http-connection": {
    uncovered: "passing on the client's own Connection works with every browser, so there is nothing to report",
  },
  "undefined-variable": { rules: ["undefined-upgrade-variable", "variable-set-elsewhere"] },
  "default-read-timeout": { rules: ["read-timeout-default", "only-send-timeout"] },
  "short-read-timeout": { rules: ["read-timeout-short", "timeout-unit", "timeout-zero"] },
  "https-upstream-no-sni": { rules: ["upstream-sni"] },
  "path-mismatch": { rules: ["path-stripped"] },
  "unsticky-upstream": { rules: ["affinity-needed"] },
};

/** What the changes in a repairing commit mean: the rules that should have spoken about the state before it. */
export const repairCoverage: readonly { readonly change: RegExp; readonly rules: readonly string[] }[] = [
  { change: /^add-upgrade$/, rules: ["missing-upgrade-headers", "headers-lost-by-inheritance"] },
  { change: /^rt None→/, rules: ["read-timeout-default", "only-send-timeout"] },
  { change: /^conn upgrade→\$connection_upgrade$/i, rules: ["literal-upgrade-on-shared-location"] },
];

/** The rules that find a fault of this code; undefined for a code that nobody has mapped. */
export function rulesFor(code: string): readonly string[] | undefined {
  const known = Object.hasOwn(coverage, code) ? coverage[code] : undefined;
  return known && ("rules" in known ? known.rules : []);
}

/** Why no rule finds faults of this code, where that is by design. */
export function reasonUncovered(code: string): string | undefined {
  const known = Object.hasOwn(coverage, code) ? coverage[code] : undefined;
  return known && "uncovered" in known ? known.uncovered : undefined;
}
