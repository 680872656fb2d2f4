import table from "./reference.json" with { type: "json" };
import ages from "./since.json" with { type: "json" };
import { isAtLeast, type Version } from "./version.ts";

/** What the nginx documentation says about a directive in some contexts. */
export interface DirectiveReference {
  readonly module: string;
  /** Bit i set: in `contexts[i]`. */
  readonly contextMask: number;
  /** One sentence, without a full stop. */
  readonly summary: string;
  /** What may follow the name, in the notation of `parseForm`; an empty text for nothing. */
  readonly forms: readonly string[];
  readonly fallback: string | undefined;
}

/** What it says about a variable in one module. */
export interface VariableReference {
  readonly module: string;
  readonly summary: string;
}

type Row = readonly [module: number, mask: number, summary: number, form: number, fallback?: string];
const directives = table.directives as unknown as Readonly<Record<string, readonly Row[]>>;
const variables = table.variables as unknown as Readonly<Record<string, readonly (readonly [number, number])[]>>;
const since = ages.since as unknown as Readonly<Record<string, string | readonly (readonly [number, string])[]>>;

/** What is documented about a directive; that of the given contexts where there is something of them. */
export function directiveReference(name: string, mask = -1): DirectiveReference | undefined {
  const rows = Object.hasOwn(directives, name) ? (directives[name] ?? []) : [];
  const row = rows.find(([, own]) => (own & mask) !== 0) ?? rows[0];
  if (!row) return undefined;
  const [module, contextMask, summary, form, fallback] = row;
  return {
    module: table.modules[module] ?? "",
    contextMask,
    summary: table.summaries[summary] ?? "",
    forms: (table.forms[form] ?? "").split("\n"),
    fallback,
  };
}

/** What is documented about a variable, or about the family (`http_`, `arg_` …) that its name begins with. */
export function variableReference(
  name: string,
  isStream?: "stream",
): (VariableReference & { readonly family: string }) | undefined {
  const family = Object.hasOwn(variables, name) ? name : variableFamilies().find((each) => name.startsWith(each));
  const rows = family === undefined ? [] : (variables[family] ?? []);
  const isOf = ([module]: readonly [number, number]) => (table.modules[module] ?? "").startsWith("ngx_stream_");
  const row = rows.find((each) => isOf(each) === (isStream !== undefined)) ?? rows[0];
  if (!row || family === undefined) return undefined;
  return { module: table.modules[row[0]] ?? "", summary: table.summaries[row[1]] ?? "", family };
}

/** The beginnings of names after which anything may follow, the longest first. */
export function variableFamilies(): readonly string[] {
  const found = Object.keys(variables).filter((name) => name.endsWith("_"));
  return found.sort((a, b) => b.length - a.length);
}

/** The documented variables of http or of stream. */
export function variableNames(of: "http" | "stream"): readonly string[] {
  const isOf = (module: number) => (table.modules[module] ?? "").startsWith("ngx_stream_") === (of === "stream");
  return Object.keys(variables).filter((name) => variables[name]?.some(([module]) => isOf(module)));
}

/** The nginx version that has a directive for the first time in these contexts, as far as that is documented. */
export function sinceOf(name: string, mask = -1): string | undefined {
  const known = Object.hasOwn(since, name) ? since[name] : undefined;
  if (known === undefined || typeof known === "string") return known;
  return known.find(([own]) => (own & mask) !== 0)?.[1];
}

/** Whether a version is too old for a directive; false for unknown versions. */
export function isTooNewFor(name: string, mask: number, version: Version | undefined): boolean {
  const first = sinceOf(name, mask);
  return first !== undefined && isAtLeast(version, first) === false;
}

/** Whether only the commercial nginx has a directive. */
export function isCommercial(name: string): boolean {
  return ages.commercial.includes(name);
}

/** Where nginx.org documents a directive or (with `var_` before it) a variable of a module. */
export function documentationUrl(module: string, anchor: string): string {
  const folder = /^ngx_(http|stream|mail)_/.exec(module)?.[1];
  return `https://nginx.org/en/docs/${folder === undefined ? "" : `${folder}/`}${module}.html#${anchor}`;
}
