/** One directive of a policy: its name in lower case and the sources it allows. */
export interface CspDirective {
  readonly name: string;
  readonly sources: readonly string[];
}

/**
 * Reads the value of a Content-Security-Policy header (CSP Level 3, “parse a serialized CSP list”): policies between
 * commas, directives between semicolons. Of several directives with one name only the first counts.
 */
export function readPolicies(value: string): readonly (readonly CspDirective[])[] {
  return value.split(",").flatMap((text) => {
    const directives: CspDirective[] = [];
    for (const part of text.split(";")) {
      const [name, ...sources] = part.split(/\s+/).filter((word) => word !== "");
      const lower = name?.toLowerCase();
      if (lower === undefined || directives.some((known) => known.name === lower)) continue;
      directives.push({ name: lower, sources });
    }
    return directives.length > 0 ? [directives] : [];
  });
}

/** What decides about connections: `connect-src`, else `default-src`; undefined where the policy says nothing about them. */
export function connectDirective(policy: readonly CspDirective[]): CspDirective | undefined {
  return policy.find(({ name }) => name === "connect-src") ?? policy.find(({ name }) => name === "default-src");
}

/**
 * Whether a list of sources can allow a WebSocket to the page's own server: `*`, `'self'`, `ws:`, `wss:` or one of them
 * with a host. A host without a scheme and `https:` do not. What a variable or a template writes may.
 */
export function allowsOwnSocket({ sources }: CspDirective): boolean {
  return sources.some((source) => /^(?:\*|'self'|wss?:.*)$/i.test(source) || /[$<{%]/.test(source));
}
