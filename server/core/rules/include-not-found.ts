import type { Environment } from "../model/config.ts";
import { isPattern, isShipped } from "../model/include.ts";
import { type Scope, scopesWithin } from "../model/scope.ts";
import type { Directive } from "../syntax/directive.ts";
import type { Document } from "../syntax/document.ts";
import { hasTemplate } from "../syntax/template.ts";
import type { Draft, Rule } from "./rule.ts";

/** A path longer than this is shown by its end. */
const LONGEST = 44;

/** An include names a file that is not there, a folder, a link to nothing, or a file that includes itself. */
export const includeNotFound: Rule = {
  id: "include-not-found",
  severity: "error",
  what: "An include names a file that does not exist, a folder or a dead link, or files include each other.",
  why: "nginx does not start; after a reload it goes on with the old configuration. Only a pattern may match nothing.",
  fixable: "none",
  isStructural: true,
  check: {
    *server({ scope }, environment) {
      for (const level of scopesWithin(scope)) yield* judgeLevel(level, environment);
    },
    *config(environment) {
      // A file for the inside of a server is one, and was judged.
      const stack = environment.scope.kind === "server" ? [] : [environment.scope];
      for (let level = stack.pop(); level; level = stack.pop()) {
        yield* judgeLevel(level, environment);
        for (const child of level.children()) if (child.kind !== "server") stack.push(child);
      }
    },
  },
};

function shorten(path: string): string {
  return path.length > LONGEST ? `…${path.slice(1 - LONGEST)}` : path;
}

/** Whether a file is filled in by something before nginx reads it. */
function isTemplateFile(document: Document): boolean {
  return hasTemplate(document) || /\.(?:template|tmpl|tpl|j2|jinja2?|erb|ejs)$/i.test(document.file);
}

function* judgeLevel(level: Scope, environment: Environment): Generator<Draft> {
  for (const include of level.unresolved) {
    const draft = judgeInclude(include, environment);
    if (draft) yield draft;
  }
}

function judgeInclude(include: Directive, environment: Environment): Draft | undefined {
  const fault = environment.faultOf(include);
  const [word] = include.args;
  if (!fault || !word || include.args.length !== 1) return undefined;
  if (fault.kind === "circle")
    return {
      place: word,
      severity: "error",
      message:
        "nginx will not start: this include leads back to a file that is just being read. It reads the files over and over until it crashes or says “Too many open files”.",
    };
  // What a fragment is relative to is not known, and nobody keeps copies of what nginx brings along.
  if (environment.context !== "main" || isShipped(word.value)) return undefined;
  const shown = shorten(word.value);
  if (fault.kind === "folder")
    return {
      place: word,
      severity: "error",
      message: isPattern(word.value)
        ? `nginx will not start: ${shown} also matches a folder. An include reads files only, and fails on ${fault.path}. Move the folder away, or write a pattern that matches files only, such as *.conf.`
        : `nginx will not start: ${shown} is a folder. An include reads files only; for all files in it write ${shown.replace(/\/$/, "")}/*.conf.`,
    };
  if (fault.kind === "link")
    return fault.isHere
      ? {
          place: word,
          severity: "error",
          message: `nginx will not start: ${shorten(fault.path)} is a link to a file that does not exist. It leads to ${fault.target}. Remove the link, or bring the file back; that other files match a pattern does not help.`,
        }
      : {
          place: word,
          severity: "information",
          message: `nginx will not start unless ${shorten(fault.target)} is there. The link ${fault.path} leads to it, and here to nothing, so what it says about WebSockets is not known.`,
        };
  // A template is not in its place yet, and neither are the files around it.
  return fault.isHere && !isTemplateFile(environment.root)
    ? {
        place: word,
        severity: "error",
        message: `nginx will not start: ${shown} does not exist. It looks for ${fault.path}: relative paths count from the folder of the main file. Only a pattern such as *.conf may match nothing.`,
      }
    : {
        place: word,
        severity: "information",
        message: `nginx will not start unless ${shown} is there. It is not here, so what it says about WebSockets is not known; relative paths count from the folder of the main file.`,
      };
}
