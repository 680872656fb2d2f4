import { replace } from "../edits/insert.ts";
import { contextsOf } from "../model/block-context.ts";
import type { Environment } from "../model/config.ts";
import type { Entry, Scope } from "../model/scope.ts";
import { distance } from "../model/spelling.ts";
import { type Allowed, allowedValues } from "../nginx/allowed-values.ts";
import { acceptsShape, allowedIn } from "../nginx/directives.ts";
import type { Directive, Word } from "../syntax/directive.ts";
import { isTemplate } from "../syntax/template.ts";
import { isSound, onEveryLevel } from "./levels.ts";
import type { Draft, DraftFix, Rule } from "./rule.ts";

/** A value that nginx does not take for a directive. */
export const invalidValue: Rule = {
  id: "invalid-value",
  severity: "error",
  what: "A directive has a value that nginx does not take: true for on, 10MB for 10m, TLSv1.0 for TLSv1.",
  why: 'nginx does not start: invalid value "true" in "tcp_nodelay" directive. After a reload it goes on with the old configuration.',
  fixable: "safe",
  check: onEveryLevel(judgeLevel),
};

function* judgeLevel(level: Scope, environment: Environment): Generator<Draft> {
  if (level.kind === "data") return;
  for (const entry of level.entries) {
    const allowed = allowedValues(entry.directive.name);
    if (!allowed || !isTaken(entry, level, environment)) continue;
    const wrong = firstWrong(entry.directive, allowed);
    if (wrong && !isOfAnother(entry.directive) && isSound(entry, level, environment))
      yield report(entry.directive, wrong, allowed);
  }
}

/** Whether nginx gets as far as to look at the values: what stands elsewhere or has too many is refused for that. */
function isTaken({ directive }: Entry, level: Scope, environment: Environment): boolean {
  const possible = contextsOf(level, environment);
  if (level.directive ? !possible : isTemplate(directive.segment)) return false;
  const here = (possible ?? [environment.context]).filter((context) => allowedIn(directive.name, context));
  // Some of them take other values there.
  if ((possible && here.length === 0) || here.some((context) => /^(?:stream|mail)/.test(context))) return false;
  return acceptsShape(directive.name, directive.args.length, directive.isBlock);
}

/** The value at which nginx stops. */
function firstWrong(directive: Directive, allowed: Allowed): Word | undefined {
  const { args } = directive;
  if (args.some(({ value }) => isOpen(value))) return undefined;
  switch (allowed.kind) {
    case "flag":
      return args.find(({ value }) => !/^(?:on|off)$/i.test(value));
    case "number":
      return args.find(({ value }) => !/^\d+$/.test(value));
    case "size": {
      const word = args[allowed.at];
      return word && !(allowed.isLarge ? /^\d+[kmg]?$/i : /^\d+[km]?$/i).test(word.value) ? word : undefined;
    }
    default: {
      const rest = allowed.from === 0 ? args : args.slice(allowed.from, allowed.from + 1);
      return rest.find(({ value }) => !isOneOf(value, allowed));
    }
  }
}

/** What servers that descend from nginx take, and nobody writes by mistake: HTTP/3 to the backend. */
function isOfAnother({ name, args }: Directive): boolean {
  return name === "proxy_http_version" && args[0]?.value === "3";
}

/** What is filled in later: a variable of some template or of the shell, or a sample that somebody is to replace. */
function isOpen(value: string): boolean {
  return value === "" || /[$<>{}%@[\]]|\.\.\.|…|^(?:x|X)+$/.test(value);
}

type Words = Extract<Allowed, { kind: "words" }>;

function isOneOf(value: string, { words, isExact }: Words): boolean {
  if (words.includes("TLSv1") && !/^(?:tls|ssl)/i.test(value)) return true;
  return words.some((word) => (isExact ? word === value : word.toLowerCase() === value.toLowerCase()));
}

function report({ name, args }: Directive, word: Word, allowed: Allowed): Draft {
  const shown = word.value.length > 20 ? `${word.value.slice(0, 20)}…` : word.value;
  const right = correct(word.value, name, allowed);
  return {
    place: word,
    severity: "error",
    message: `nginx stops here: ${name} takes no “${shown}”. ${rule(name, args.length, allowed)}`,
    fixes: right === undefined ? [] : [write(word, right, allowed)],
  };
}

function write(word: Word, right: string, allowed: Allowed): DraftFix {
  return {
    title: `Write ${right}`,
    // Of a size with a unit that nginx does not have everybody knows what it says.
    applicability: allowed.kind === "size" && right !== "0" ? "safe" : "suggested",
    edits: [replace(word, right)],
  };
}

function rule(name: string, count: number, allowed: Allowed): string {
  switch (allowed.kind) {
    case "flag":
      return 'It must be "on" or "off".';
    case "number":
      return "It takes a whole number without a unit.";
    case "size":
      return name === "client_max_body_size"
        ? "A size is a whole number with k, m, g or nothing behind it: 10m. 0 is no limit."
        : `A size is a whole number with k, m or nothing behind it${count > 1 ? "" : ": 8k"}.`;
    default:
      return `It takes ${allowed.words.join(", ")}.`;
  }
}

function correct(value: string, name: string, allowed: Allowed): string | undefined {
  const text = value.toLowerCase();
  switch (allowed.kind) {
    case "flag":
      return /^(?:true|yes|y|1|enabled?)$/.test(text)
        ? "on"
        : /^(?:false|no|n|0|none|disabled?)$/.test(text)
          ? "off"
          : nearest(text, ["on", "off"]);
    case "number":
      return undefined;
    case "size": {
      const size = /^(\d+)\s*([kmg])i?b(?:ytes?)?$/.exec(text);
      if (size && (allowed.isLarge || size[2] !== "g")) return `${size[1]}${size[2]}`;
      return name === "client_max_body_size" && /^(?:off|none|unlimited|-1)$/.test(text) ? "0" : undefined;
    }
    default:
      // The one that every version of nginx has and that carries everything, WebSockets too.
      if (name === "proxy_http_version") return "1.1";
      return text === "tlsv1.0" ? "TLSv1" : nearest(text, allowed.words);
  }
}

/** The one word that a text is nearly. */
function nearest(text: string, words: readonly string[]): string | undefined {
  const found = words.filter((word) => distance(text, word.toLowerCase()) <= (word.length > 5 ? 2 : 1));
  return found.length === 1 ? found[0] : undefined;
}
