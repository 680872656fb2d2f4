import table from "./directives.json" with { type: "json" };

/**
 * Where a directive may stand. The bit positions are those of directives.json, which was decoded from the
 * `ngx_command_t` tables of nginx 1.31.5 (1.22.1 where only there) and the nginx.org reference.
 */
export const contexts = [
  "main",
  "events",
  "http",
  "server",
  "location",
  "upstream",
  "server if",
  "location if",
  "limit_except",
  "stream",
  "stream server",
  "stream upstream",
  "mail",
  "mail server",
  "mgmt",
  "oidc_provider",
  "acme_issuer",
] as const;

/** A place in nginx's block structure that decides which directives are known. */
export type Context = (typeof contexts)[number];

/** One definition of a directive; a name may have several, by context. */
export interface DirectiveShape {
  /** Bit i set: allowed in `contexts[i]`. */
  readonly contextMask: number;
  /** Bits 0–7: that many arguments; bit 8: one or more; bit 9: two or more; bit 10: any; 0: unknown. */
  readonly argumentMask: number;
  /** Whether it opens a block. */
  readonly block: boolean;
}

const rows = new Map<string, readonly (readonly number[])[]>(Object.entries(table));

/** Whether nginx or one of its well-known modules has a directive of this name. */
export function isDirective(name: string): boolean {
  return rows.has(name);
}

/** The names of all directives of nginx and its well-known modules. */
export function directiveNames(): readonly string[] {
  return Object.keys(table);
}

/** The definitions of a directive; empty for a name nobody knows. */
export function directiveShapes(name: string): readonly DirectiveShape[] {
  return (rows.get(name) ?? []).map(([contextMask = 0, argumentMask = 0, block = 0]) => ({
    contextMask,
    argumentMask,
    block: block === 1,
  }));
}

/** Whether a directive may have this many arguments and this ending (`{` or `;`); unknown names may have any. */
export function acceptsShape(name: string, argumentCount: number, block: boolean): boolean {
  const shapes = rows.get(name);
  if (!shapes) return true;
  return shapes.some(([, mask = 0, opensBlock = 0]) => {
    if (mask === 0) return true;
    if ((opensBlock === 1) !== block) return false;
    if (mask & (1 << 10)) return true;
    if (mask & (1 << 8) && argumentCount >= 1) return true;
    if (mask & (1 << 9) && argumentCount >= 2) return true;
    return argumentCount < 8 && (mask & (1 << argumentCount)) !== 0;
  });
}

/** Whether a directive may stand in a context; undefined for names nobody knows. */
export function allowedIn(name: string, context: Context): boolean | undefined {
  const shapes = rows.get(name);
  if (!shapes) return undefined;
  const bit = 1 << contexts.indexOf(context);
  return shapes.some(([mask = 0]) => (mask & bit) !== 0);
}

/** The contexts of a directive as a bit mask over `contexts`; 0 for names nobody knows. */
export function contextMask(name: string): number {
  let mask = 0;
  for (const [bits = 0] of rows.get(name) ?? []) mask |= bits;
  return mask;
}

/** The mask of some contexts. */
export function maskOf(names: readonly Context[]): number {
  return names.reduce((mask, name) => mask | (1 << contexts.indexOf(name)), 0);
}
