import { effectiveList, effectiveValue } from "../model/effective.ts";
import type { Directive } from "../syntax/directive.ts";
import { spanOf } from "../syntax/document.ts";
import { partOf, statementsIn } from "./namespaces.ts";
import { hasProgramFile, programOf, readsAnyVariable } from "./programs.ts";
import type { Occurrence } from "./references.ts";
import type { Family } from "./rename.ts";

/** What a rename changes beside the name, or cannot see; for people. */
export function warningsAbout(family: Family, newName: string): readonly string[] {
  return family.mention.kind === "upstream" ? hostWarnings(family, newName) : programWarnings(family);
}

/** Without a Host header of its own, nginx sends what stands in `proxy_pass`: the name of the upstream. */
function hostWarnings({ mention, occurrences, locate }: Family, newName: string): readonly string[] {
  const warnings: string[] = [];
  const host = occurrences.find((each) => isPass(each) && !hasHeader(each));
  if (host)
    warnings.push(
      `Servers behind ${locate(spanOf(host.mention.directive.head))} get another Host header: “${newName}” instead of “${mention.name}”.`,
    );
  const tls = occurrences.find((each) => isPass(each) && checksName(each));
  if (tls)
    warnings.push(
      `TLS behind ${locate(spanOf(tls.mention.directive.head))} asks for another name: “${newName}” instead of “${mention.name}”.`,
    );
  return warnings;
}

function isPass({ mention: { directive }, scope, environment }: Occurrence): boolean {
  const isHttp = directive.name === "proxy_pass" || directive.name === "grpc_pass";
  return isHttp && partOf(scope, environment) === "http";
}

function hasHeader({ mention: { directive }, scope }: Occurrence): boolean {
  const setter = directive.name === "grpc_pass" ? "grpc_set_header" : "proxy_set_header";
  const { entries } = effectiveList(scope, setter);
  return entries.some((entry) => {
    const isHost = entry.directive.arg(0)?.toLowerCase() === "host";
    return isHost && !/\$\{?proxy_host\b/.test(entry.directive.arg(1) ?? "");
  });
}

function checksName({ mention: { directive }, scope }: Occurrence): boolean {
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
