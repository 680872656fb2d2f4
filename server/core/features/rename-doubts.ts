import type { Environment } from "../model/config.ts";
import { isShipped } from "../model/include.ts";
import { scopesWithin } from "../model/scope.ts";
import type { Directive } from "../syntax/directive.ts";
import { type Document, spanOf } from "../syntax/document.ts";
import { hasTemplate, isCertain, isPlaceholder } from "../syntax/template.ts";
import { type Flow, flowIn } from "./carriers.ts";
import { locationUsers } from "./mention-words.ts";
import { partOf, spaceOf, statementsIn } from "./namespaces.ts";
import { programOf, usesInProgram } from "./programs.ts";
import type { Family } from "./rename.ts";

/** Why a rename could miss a place and break the configuration; for people. Undefined when nothing speaks against it. */
export function doubtsAbout(family: Family): string | undefined {
  return (
    templateDoubt(family) ?? includeDoubt(family) ?? programDoubt(family) ?? dynamicDoubt(family) ?? valueDoubt(family)
  );
}

function templateDoubt({ mention, occurrences, environments, locate }: Family): string | undefined {
  for (const { mention: each } of occurrences) {
    if (hasTemplate(each.place.segment.document) && (isPlaceholder(each.place) || !isCertain(each.place)))
      return `A template decides about ${locate(spanOf(each.place))}: what it becomes cannot be seen here. Rename it by hand.`;
  }
  for (const document of new Set(environments.flatMap(documentsOf))) {
    for (const { start, end } of document.constructs) {
      if (!wordPattern(mention.name).test(document.slice(start, end))) continue;
      return `The template part in ${locate({ file: document.file, start, end })} has the name as well. Rename it by hand.`;
    }
  }
  return undefined;
}

function documentsOf(environment: Environment): readonly Document[] {
  const found = new Set<Document>([environment.root]);
  for (const { directive } of statementsIn(environment)) found.add(directive.segment.document);
  return [...found];
}

/** A name as a whole word. */
function wordPattern(name: string): RegExp {
  return new RegExp(`(?<![\\w.-])${name.replace(/[^\w]/g, "\\$&")}(?![\\w.-])`, "i");
}

function includeDoubt({ mention, environments, spaces, locate }: Family): string | undefined {
  for (const environment of environments) {
    for (const scope of scopesWithin(environment.scope)) {
      if (scope.unresolved.length === 0) continue;
      // Whole blocks may be missing at the outermost level, but not a second `http`.
      const isOutermost = scope === environment.scope && environment.context === "main";
      if (isOutermost ? hasOwnBlock(environment, spaces) : !spaces.has(spaceOf(mention.kind, scope, environment)))
        continue;
      const include = scope.unresolved.find((each) => !isShipped(each.arg(0) ?? ""));
      if (!include) continue;
      const place = locate(spanOf(include.head));
      return `The file of “include ${include.arg(0)}” (${place}) is not here, and it may have the name “${mention.name}” as well. Open the folder that holds it, or set nginxWebsocket.includeRoots.`;
    }
  }
  return undefined;
}

function hasOwnBlock(environment: Environment, spaces: ReadonlySet<unknown>): boolean {
  return environment.scope.children().some((scope) => {
    const isPart = scope.directive?.name === "http" || scope.directive?.name === "stream";
    return (
      isPart &&
      (spaces.has(spaceOf("upstream", scope, environment)) || ![...spaces].some((space) => typeof space === "string"))
    );
  });
}

function programDoubt({ mention, environments, locate }: Family): string | undefined {
  for (const environment of environments) {
    for (const { directive } of statementsIn(environment)) {
      const program = programOf(directive);
      if (program === undefined || !usesInProgram(mention, program)) continue;
      const sign = mention.kind === "variable" ? "$" : "";
      return `The program in ${locate(spanOf(directive.head))} uses ${sign}${mention.name}, which a rename cannot follow. Rename it by hand.`;
    }
  }
  return undefined;
}

/** Places where the request decides what is used. */
function dynamicDoubt({ mention, environments, spaces, locate }: Family): string | undefined {
  const { kind, name } = mention;
  for (const environment of environments) {
    if (kind === "upstream") {
      for (const part of ["http", "stream"] as const) {
        const doubt = doubtAboutHosts(name, flowIn(environment, part), (scope) =>
          spaces.has(spaceOf(kind, scope, environment)),
        );
        if (doubt)
          return `“${textOf(doubt)}” (${locate(spanOf(doubt.head))}) may lead to “${name}” as well: that is decided for each request. Rename it by hand.`;
      }
      continue;
    }
    for (const { directive, scope } of statementsIn(environment)) {
      const word = locationUsers.has(directive.name) ? directive.args.at(-1) : directive.args[0];
      const isDynamic =
        kind === "named location"
          ? locationUsers.has(directive.name) && /^@.*\$/.test(word?.value ?? "")
          : `${kind.split(" ")[0]}_cache` === directive.name && word?.value.includes("$");
      if (isDynamic && spaces.has(spaceOf(kind, scope, environment)))
        return `“${textOf(directive)}” (${locate(spanOf(directive.head))}) may mean “${name}” as well: that is decided for each request. Rename it by hand.`;
    }
  }
  return undefined;
}

/** Variables that hold the name of a host as the client wrote it, which has a dot as a rule. */
const hostVariables = new Set([
  "host",
  "http_host",
  "server_name",
  "proxy_host",
  "hostname",
  "ssl_preread_server_name",
]);

function doubtAboutHosts(
  name: string,
  { hosts, assignments, carriers }: Flow,
  isHere: (scope: Flow["hosts"][number]["scope"]) => boolean,
): Directive | undefined {
  const here = hosts.filter(({ scope }) => isHere(scope));
  for (const { host, variable, directive } of here) {
    if (variable === undefined && fits(host, name)) return directive;
    if (variable !== undefined && isOpen(variable)) return directive;
  }
  if (here.length === 0) return undefined;
  for (const { variable, word, directive } of assignments) {
    if (!carriers.has(variable) || !word.value.includes("$")) continue;
    const only = /^\$\{?(\w+)\}?$/.exec(word.value)?.[1];
    if (only === undefined ? fits(word.value, name) : isOpen(only.toLowerCase())) return directive;
  }
  return undefined;

  /** Whether a variable gets values that are not written in the configuration. */
  function isOpen(variable: string): boolean {
    if (assignments.some((each) => each.variable === variable)) return false;
    return !hostVariables.has(variable) || name.includes(".");
  }
}

/** Whether a text with variables can become an address of this host. */
function fits(text: string, name: string): boolean {
  const host = text.replace(/^[A-Za-z]+:\/\//, "").replace(/[/?#].*$/, "");
  const parts = host.toLowerCase().split(/\$\{?\w+\}?/);
  const first = parts.shift() ?? "";
  const last = parts.pop();
  if (last === undefined) return first === name;
  if (!name.startsWith(first)) return false;
  // One part after the other: a pattern with many variables would try all ways to divide the name.
  let at = first.length;
  for (const part of parts) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}

/** A variable that holds the name of an upstream may also be compared with it. */
function valueDoubt({ mention, occurrences, environments, locate }: Family): string | undefined {
  if (mention.kind !== "upstream") return undefined;
  const values = occurrences.filter(
    ({ mention: { directive, role } }) => role === "use" && !directive.name.endsWith("_pass"),
  );
  if (values.length === 0) return undefined;
  for (const environment of environments) {
    for (const part of new Set(values.map(({ scope }) => partOf(scope, environment)))) {
      const { carriers } = flowIn(environment, part);
      const compares = new RegExp(`\\$\\{?(?:${[...carriers].join("|")})\\b`, "i");
      for (const { directive } of statementsIn(environment)) {
        if (directive.name !== "if" && directive.name !== "map") continue;
        if (carriers.size === 0 || !compares.test(directive.arg(0) ?? "")) continue;
        return `“${textOf(directive)}” (${locate(spanOf(directive.head))}) compares the value that names the upstream. Rename it by hand.`;
      }
    }
  }
  return undefined;
}

function textOf({ words }: Directive): string {
  return words.map(({ raw }) => raw).join(" ");
}
