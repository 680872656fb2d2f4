import { effectiveList, effectiveValue } from "../model/effective.ts";
import type { Directive } from "../syntax/directive.ts";
import { spanOf } from "../syntax/document.ts";
import { flowIn } from "./carriers.ts";
import { passUsers } from "./mention-words.ts";
import { type Placed, partOf, statementsIn } from "./namespaces.ts";
import { hasProgramFile, programOf, readsAnyVariable } from "./programs.ts";
import type { Occurrence } from "./references.ts";
import type { Family } from "./rename.ts";

/** What a rename changes beside the name, or cannot see; for people. */
export function warningsAbout(family: Family, newName: string): readonly string[] {
  return family.mention.kind === "upstream" ? hostWarnings(family, newName) : programWarnings(family);
}

/** Without a Host header of its own, nginx sends what stands in `proxy_pass`: the name of the upstream. */
function hostWarnings({ mention, occurrences, environments, locate }: Family, newName: string): readonly string[] {
  const warnings: string[] = [];
  const passes = occurrences.flatMap(passesOf);
  const host = passes.find((each) => !hasHeader(each));
  if (host)
    warnings.push(
      `Servers behind ${locate(spanOf(host.directive.head))} get another Host header: “${newName}” instead of “${mention.name}”.`,
    );
  const tls = passes.find(checksName);
  if (tls)
    warnings.push(
      `TLS behind ${locate(spanOf(tls.directive.head))} asks for another name: “${newName}” instead of “${mention.name}”.`,
    );
  const redirect = redirectOf(mention.name, environments);
  if (redirect)
    warnings.push(
      `“${redirect.words.map(({ raw }) => raw).join(" ")}” (${locate(spanOf(redirect.head))}) has the old name and stays as it is.`,
    );
  return warnings;
}

/** Redirects of the servers behind an upstream have its name when they got it as their host. */
function redirectOf(name: string, environments: Family["environments"]): Directive | undefined {
  const isHost = (value: string): boolean => /^[a-z]+:\/\/([^/:?#]+)/i.exec(value)?.[1]?.toLowerCase() === name;
  for (const environment of environments) {
    for (const { directive } of statementsIn(environment)) {
      if (directive.name === "proxy_redirect" && isHost(directive.arg(0) ?? "")) return directive;
    }
  }
  return undefined;
}

/** The directives that pass requests to an upstream where it is named, or where a variable has the name. */
function passesOf({ mention: { directive, role }, scope, environment }: Occurrence): readonly Placed[] {
  if (role === "definition" || partOf(scope, environment) !== "http") return [];
  if (isPass(directive)) return [{ directive, scope }];
  if (passUsers.has(directive.name)) return [];
  return flowIn(environment, "http").hosts.filter((host) => host.variable !== undefined && isPass(host.directive));
}

function isPass({ name }: Directive): boolean {
  return name === "proxy_pass" || name === "grpc_pass";
}

function hasHeader({ directive, scope }: Placed): boolean {
  const setter = directive.name === "grpc_pass" ? "grpc_set_header" : "proxy_set_header";
  const { entries } = effectiveList(scope, setter);
  return entries.some((entry) => {
    const isHost = entry.directive.arg(0)?.toLowerCase() === "host";
    return isHost && !/\$\{?proxy_host\b/.test(entry.directive.arg(1) ?? "");
  });
}

function checksName({ directive, scope }: Placed): boolean {
  if (!/^(?:https|grpcs):/i.test(directive.arg(0) ?? "")) return false;
  const family = directive.name === "grpc_pass" ? "grpc" : "proxy";
  const isOn = (name: string): boolean => effectiveValue(scope, `${family}_${name}`).entry?.directive.arg(0) === "on";
  const isNamed = effectiveValue(scope, `${family}_ssl_name`).entry !== undefined;
  return !isNamed && (isOn("ssl_verify") || isOn("ssl_server_name"));
}

/** Programs in files of their own are not read. */
function programWarnings({ mention, environments, locate }: Family): readonly string[] {
  if (mention.kind !== "variable") return [];
  for (const environment of environments) {
    for (const { directive } of statementsIn(environment)) {
      const where = (each: Directive): string => locate(spanOf(each.head));
      if (hasProgramFile(directive))
        return [
          `The program of “${directive.name} ${directive.args.at(-1)?.raw ?? ""}” (${where(directive)}) was not read: it may use $${mention.name}.`,
        ];
      const program = programOf(directive);
      if (program !== undefined && readsAnyVariable(program))
        return [`The program in ${where(directive)} chooses variables while it runs: one may be $${mention.name}.`];
    }
  }
  return [];
}
