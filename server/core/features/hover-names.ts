import type { Environment } from "../model/config.ts";
import type { Upstream, Upstreams } from "../model/upstream.ts";
import { variableName } from "../model/variables.ts";
import type { Directive } from "../syntax/directive.ts";
import type { Document } from "../syntax/document.ts";
import { baseName } from "../text/path.ts";
import { originsOf, sourceText } from "./variable-origin.ts";

/** More lines than this of a list say no more. */
const MAX_LINES = 8;

/** Names a place: `site.conf, line 3`. */
export type Origin = (directive: Directive) => string;

/** Where a variable comes from, and the lines of its map. */
export function describeDefinition(name: string, environment: Environment, origin: Origin): readonly string[] {
  const map = environment.definitions.get(name)?.maps.at(-1);
  if (map) {
    const rows = map.scope.entries.map(({ directive }) => `${directive.words.map(({ raw }) => raw).join(" ")};`);
    return [`Defined by the map in ${origin(map.directive)}.`, "", ...block(map.directive, rows)];
  }
  const origins = originsOf(name, environment);
  const lines = origins.slice(0, MAX_LINES).map((each) => `- \`${sourceText(each)}\`, ${origin(each.directive)}`);
  return [...lines, ...(origins.length > lines.length ? [`- and ${origins.length - lines.length} more`] : [])];
}

/** The servers of an upstream. */
export function describeUpstream({ directive, scope }: Upstream, origin: Origin): readonly string[] {
  const rows = scope.entries.map((entry) => `${entry.directive.words.map(({ raw }) => raw).join(" ")};`);
  return [`The upstream in ${origin(directive)}:`, "", ...block(directive, rows)];
}

/** The upstream that a word of a `…_pass` names; variables may hold any. */
export function upstreamNamed(directive: Directive, value: string, upstreams: Upstreams): Upstream | undefined {
  if (!directive.name.endsWith("_pass") || variableName(value) !== undefined) return undefined;
  const host = /^(?:\w+:\/\/)?([^/:$]+)(?:$|\/)/.exec(value)?.[1];
  return host === undefined ? undefined : upstreams.get(host.toLowerCase());
}

/** Which files an include brings; undefined when that is not known. */
export function describeInclude(files: readonly Document[] | undefined): readonly string[] {
  if (!files) return ["Which files that is, is not known here: there is none on this machine."];
  if (files.length === 0) return ["No file matches."];
  const names = files.slice(0, MAX_LINES).map(({ file }) => `- \`${baseName(file)}\` (${file})`);
  const more = files.length > names.length ? [`- and ${files.length - names.length} more`] : [];
  return [`Includes ${files.length === 1 ? "one file" : `${files.length} files`}:`, "", ...names, ...more];
}

function block(directive: Directive, rows: readonly string[]): readonly string[] {
  const shown = rows.slice(0, MAX_LINES).map((row) => `    ${row.slice(0, 120)}`);
  const more = rows.length > shown.length ? [`    # and ${rows.length - shown.length} more`] : [];
  const head = directive.words.map(({ raw }) => raw).join(" ");
  return ["```nginx", `${head} {`, ...shown, ...more, "}", "```"];
}
