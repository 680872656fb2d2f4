import type { Environment } from "../model/config.ts";
import type { Scope } from "../model/scope.ts";
import { variableName } from "../model/variables.ts";
import { splitValue } from "../nginx/variables.ts";
import type { Directive, Word } from "../syntax/directive.ts";
import { passUsers } from "./mention-words.ts";
import { contentOf, type Mention } from "./mentions.ts";
import { partOf, statementsIn } from "./namespaces.ts";

// `proxy_pass http://$backend` leads to the upstreams that the values of $backend name.

/** What stands in a pass directive where the host is. */
export interface DynamicHost {
  readonly directive: Directive;
  readonly scope: Scope;
  /** The text of the host, with its variables; with the scheme when a variable holds it. */
  readonly host: string;
  /** The variable that is the whole host. */
  readonly variable: string | undefined;
}

/** A value that a variable gets. */
export interface Assignment {
  readonly variable: string;
  readonly word: Word;
  readonly directive: Directive;
  readonly scope: Scope;
}

/** The addresses of a part of nginx that variables decide, and what variables are given there. */
export interface Flow {
  readonly hosts: readonly DynamicHost[];
  readonly assignments: readonly Assignment[];
  /** Variables that hold a host or a whole address. */
  readonly carriers: ReadonlySet<string>;
}

/** Reads how addresses get into pass directives in a part of a configuration. */
export function flowIn(environment: Environment, part: "http" | "stream" | "mail"): Flow {
  const hosts: DynamicHost[] = [];
  const assignments: Assignment[] = [];
  for (const { directive, scope } of statementsIn(environment)) {
    const assignment = assignmentIn(directive, scope);
    const host = passUsers.has(directive.name) ? hostOf(directive.arg(0) ?? "") : undefined;
    if (!assignment && !host) continue;
    if (partOf(scope, environment) !== part) continue;
    if (assignment) assignments.push({ ...assignment, directive, scope });
    if (host) hosts.push({ ...host, directive, scope });
  }
  const carriers = new Set(hosts.flatMap(({ variable }) => variable ?? []));
  for (const carrier of carriers) {
    for (const { variable, word } of assignments) {
      const source = variable === carrier ? variableName(word.value) : undefined;
      // What the variable of a variable holds is an address as well; the loop goes on with it.
      if (source !== undefined) carriers.add(source);
    }
  }
  return { hosts, assignments, carriers };
}

function hostOf(url: string): Pick<DynamicHost, "host" | "variable"> | undefined {
  const scheme = /^(?:[A-Za-z]+|\$\{?scheme\}?):\/\//.exec(url)?.[0] ?? "";
  const host = /^[^/?#]*/.exec(url.slice(scheme.length))?.[0] ?? "";
  const parts = splitValue(host);
  const uri = parts.findIndex(
    (part) => part.kind === "variable" && /^(?:request_uri|uri|document_uri|is_args|args)$/.test(part.name),
  );
  const counted = uri < 0 ? parts : parts.slice(0, uri);
  if (!counted.some(({ kind }) => kind === "variable")) return undefined;
  const [only] = counted;
  const text = counted.map((part) => (part.kind === "text" ? part.text : `\${${part.name}}`)).join("");
  return { host: text, variable: counted.length === 1 && only?.kind === "variable" ? only.name : undefined };
}

function assignmentIn(directive: Directive, scope: Scope): Pick<Assignment, "variable" | "word"> | undefined {
  const block = scope.directive;
  if (directive.name === "set" && block?.name !== "map") {
    const [target, word] = directive.args;
    const variable = variableName(target?.value);
    return variable !== undefined && word ? { variable, word } : undefined;
  }
  if (block?.name !== "map" && block?.name !== "geo" && block?.name !== "split_clients") return undefined;
  const target = block.name === "geo" ? block.args.at(-1) : block.args[1];
  const variable = variableName(target?.value);
  const word = directive.words[1];
  return variable !== undefined && word && directive.words.length === 2 ? { variable, word } : undefined;
}

/** The values that certainly are the name of an upstream: their variable is used as a host, and they are that name. */
export function* certainValueMentions(
  environment: Environment,
  name: string,
): Generator<{ readonly mention: Mention; readonly scope: Scope }> {
  for (const part of ["http", "stream"] as const) {
    if (part === "stream" && !environment.scope.entries.some(({ directive }) => directive.name === "stream")) continue;
    const { assignments, carriers } = flowIn(environment, part);
    for (const { variable, word, directive, scope } of assignments) {
      if (!carriers.has(variable)) continue;
      const place = hostInValue(word);
      if (!place || place.segment.text.slice(place.start, place.end).toLowerCase() !== name) continue;
      yield { mention: { kind: "upstream", name, place, role: "use", directive, isGroup: false }, scope };
    }
  }
}

/** The host in a plain value: all of it, or what stands behind the scheme. */
export function hostInValue(word: Word): { segment: Word["segment"]; start: number; end: number } | undefined {
  const { segment, start, end } = contentOf(word);
  const text = segment.text.slice(start, end);
  const match = /^([A-Za-z]+:\/\/)?([^/:?#$\\{}[\]\s]+)(?=[/?#]|$)/.exec(text);
  if (!match) return undefined;
  const [all, scheme = "", host = ""] = match;
  if (all.length < text.length && scheme === "") return undefined;
  return { segment, start: start + scheme.length, end: start + scheme.length + host.length };
}
