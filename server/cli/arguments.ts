import { parseArgs } from "node:util";
import { distance, rules, type Severity } from "../core/index.ts";
import { severities } from "./severities.ts";

/** When colours are written. */
export type ColorChoice = "auto" | "always" | "never";

/** Which project files count: the nearest above each file, none, or one for all files. */
export type ProjectFileChoice = "search" | "none" | { readonly path: string };

/** What `check` was asked to do. */
export interface CheckOptions {
  /** As the user wrote them; `-` is standard input. */
  readonly paths: readonly string[];
  readonly format: "text" | "json";
  readonly mode: "report" | "fix";
  /** Empty when unknown. */
  readonly nginxVersion: string;
  /** Path prefix in the configuration → folder here, both as the user wrote them. */
  readonly includeRoots: Readonly<Record<string, string>>;
  /** Rule → the severity it reports at, or `off`. */
  readonly rules: Readonly<Record<string, Severity | "off">>;
  /** The mildest severity that makes the exit code 1; undefined where the project file may say it. */
  readonly failOn: Severity | undefined;
  readonly config: ProjectFileChoice;
  /** The command that the first path may be a typing error of. */
  readonly meant?: (typeof commands)[number];
  readonly color: ColorChoice;
}

/** What `explain` was asked for. */
export interface ExplainOptions {
  /** A rule, or what the user sees; `-` is standard input. */
  readonly subject: string;
  readonly format: "text" | "json";
  /** The configuration in which the causes are looked for. */
  readonly paths: readonly string[];
  readonly nginxVersion: string;
  readonly includeRoots: Readonly<Record<string, string>>;
  readonly config: ProjectFileChoice;
  readonly color: ColorChoice;
}

/** What `show` was asked for. */
export interface ShowOptions {
  /** A file, a folder, or `-` for standard input. */
  readonly path: string;
  /** A path, a URL or a location as written; undefined for the list of all. */
  readonly location: string | undefined;
  readonly format: "text" | "json";
  readonly nginxVersion: string;
  readonly includeRoots: Readonly<Record<string, string>>;
  readonly config: ProjectFileChoice;
  readonly color: ColorChoice;
}

/** What the command line asks for; `usage` means that it cannot be understood, and why. */
export type Invocation =
  | { readonly command: "check"; readonly options: CheckOptions }
  | { readonly command: "explain"; readonly options: ExplainOptions }
  | { readonly command: "show"; readonly options: ShowOptions }
  | { readonly command: "rules"; readonly color: ColorChoice }
  | { readonly command: "help" | "version" }
  | { readonly command: "usage"; readonly reason: string };

const commands = ["check", "explain", "show", "rules"] as const;
const colors: readonly string[] = ["auto", "always", "never"];
const formats: readonly string[] = ["text", "json"];

const optionTypes = {
  format: { type: "string" },
  fix: { type: "boolean" },
  "nginx-version": { type: "string" },
  "include-root": { type: "string", multiple: true },
  in: { type: "string", multiple: true },
  rule: { type: "string", multiple: true },
  "fail-on": { type: "string" },
  config: { type: "string" },
  "no-config": { type: "boolean" },
  color: { type: "string" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const;

/** Reads the arguments after the program's name. */
export function parseArguments(args: readonly string[]): Invocation {
  let parsed: ReturnType<typeof parseStrictly>;
  try {
    parsed = parseStrictly(args);
  } catch (error) {
    return usage(describeParseError(error));
  }
  const { values, positionals } = parsed;
  if (values.help || positionals[0] === "help") return { command: "help" };
  if (values.version) return { command: "version" };
  const color = values.color ?? "auto";
  if (!colors.includes(color)) return wrongChoice("--color", color, colors);

  const [first, ...rest] = positionals;
  const named = commands.find((command) => command === first) ?? "check";
  const foreign = foreignOptions[named].find((name) => values[name] !== undefined);
  if (foreign !== undefined)
    return usage(`--${foreign} belongs to ${foreign === "in" ? "explain" : "check"}, not to ${named}`);
  if (named === "rules") return listRules(rest, color as ColorChoice);

  const format = values.format ?? "text";
  if (!formats.includes(format)) return wrongChoice("--format", format, formats);
  const nginxVersion = readVersion(values["nginx-version"] ?? "");
  if (nginxVersion === undefined) {
    return usage(`--nginx-version takes a version such as 1.28.0, not ${JSON.stringify(values["nginx-version"])}`);
  }
  const includeRoots = readIncludeRoots(values["include-root"] ?? []);
  if (typeof includeRoots === "string") return usage(includeRoots);
  if (values.config !== undefined && values["no-config"]) return usage("--config and --no-config exclude each other");
  if (values.config === "") return usage("--config takes a file");
  const common = {
    config: chooseConfig(values.config, values["no-config"] === true ? "none" : "search"),
    format: format as CheckOptions["format"],
    nginxVersion,
    includeRoots,
    color: color as ColorChoice,
  };
  if (named === "explain") return explain(rest, { ...common, paths: values.in ?? [] });
  if (named === "show") return show(rest, common);

  // A path may come first: `nginx-websocket nginx.conf` is `nginx-websocket check nginx.conf`.
  const paths = first === "check" ? rest : positionals;
  if (paths.length === 0) return usage("name a file or a folder to check, or - for standard input");
  if (paths.includes("")) return usage("a path is empty");
  const failOn = values["fail-on"];
  if (failOn !== undefined && !isSeverity(failOn)) return wrongChoice("--fail-on", failOn, severities);
  const chosen = readRules(values.rule ?? []);
  if (typeof chosen === "string") return usage(chosen);
  const mode = values.fix ? "fix" : "report";
  const meant = first === "check" ? undefined : commandLike(first ?? "");
  const options = { ...common, paths, mode, failOn, rules: chosen, ...(meant === undefined ? {} : { meant }) } as const;
  return { command: "check", options };
}

function commandLike(word: string): (typeof commands)[number] | undefined {
  // Of a word that is hardly longer than a typing error any other is one.
  return word.length < 3 ? undefined : commands.find((command) => distance(word.toLowerCase(), command) <= 2);
}

/** The options that a command does not have. */
const foreignOptions = {
  check: ["in"],
  explain: ["fix", "fail-on", "rule"],
  show: ["fix", "fail-on", "rule", "in"],
  rules: ["format", "fix", "nginx-version", "include-root", "fail-on", "in", "rule", "config", "no-config"],
} as const;

function chooseConfig(path: string | undefined, otherwise: "search" | "none"): ProjectFileChoice {
  return path === undefined ? otherwise : { path };
}

/** FROM=TO pairs, or what is wrong with one. */
function readIncludeRoots(pairs: readonly string[]): Readonly<Record<string, string>> | string {
  const includeRoots: Record<string, string> = {};
  for (const pair of pairs) {
    const equals = pair.indexOf("=");
    if (equals < 1 || equals === pair.length - 1) {
      return `--include-root takes FROM=TO, such as /etc/nginx=deploy/nginx, not ${JSON.stringify(pair)}`;
    }
    includeRoots[pair.slice(0, equals)] = pair.slice(equals + 1);
  }
  return includeRoots;
}

/** RULE=SEVERITY pairs, or what is wrong with one. */
function readRules(pairs: readonly string[]): CheckOptions["rules"] | string {
  const chosen: Record<string, Severity | "off"> = {};
  for (const pair of pairs) {
    const [rule = "", severity = ""] = pair.split("=");
    const choices = [...severities, "off"].join(", ");
    if (!rules.some(({ id }) => id === rule)) return `--rule: there is no rule ${JSON.stringify(rule)}`;
    if (severity !== "off" && !isSeverity(severity))
      return `--rule takes RULE=SEVERITY with one of ${choices}, not ${JSON.stringify(pair)}`;
    chosen[rule] = severity;
  }
  return chosen;
}

function parseStrictly(args: readonly string[]) {
  return parseArgs({ args: [...args], options: optionTypes, allowPositionals: true, strict: true });
}

/** Node explains at length; people need the first sentence. */
function describeParseError(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const first = message.split(/\. |\n/)[0] ?? message;
  return first.replace(/\.$/, "").replace(/^[A-Z]/, (letter) => letter.toLowerCase());
}

/** `1.28`, `1.28.0` and `nginx/1.28.0` → `1.28.0`; undefined if it is none of these. */
function readVersion(text: string): string | undefined {
  if (text === "") return "";
  const match = /^(?:nginx\/)?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?$/.exec(text);
  return match ? `${match[1]}.${match[2]}.${match[3] ?? "0"}` : undefined;
}

function listRules(rest: readonly string[], color: ColorChoice): Invocation {
  return rest.length === 0 ? { command: "rules", color } : usage("rules takes no arguments");
}

function explain(words: readonly string[], options: Omit<ExplainOptions, "subject">): Invocation {
  const subject = words.join(" ").trim();
  if (subject === "") {
    return usage("explain takes one rule, such as missing-upgrade-headers, or what you see, such as 400; - reads it");
  }
  if (options.paths.some((path) => path === "" || path === "-")) return usage("--in takes a file or a folder");
  return { command: "explain", options: { ...options, subject } };
}

function show(words: readonly string[], options: Omit<ShowOptions, "path" | "location">): Invocation {
  const [path = "", ...rest] = words;
  if (path === "")
    return usage("show takes a file or a folder, and then a location such as /ws or wss://example.com/ws");
  // `show site.conf ~ ^/ws` needs no quotes.
  const location = rest.join(" ").trim();
  return { command: "show", options: { ...options, path, location: location === "" ? undefined : location } };
}

function wrongChoice(option: string, value: string, choices: readonly string[]): Invocation {
  return usage(`${option} takes ${choices.join(", ")}, not ${JSON.stringify(value)}`);
}

function isSeverity(text: string): text is Severity {
  return (severities as readonly string[]).includes(text);
}

function usage(reason: string): Invocation {
  return { command: "usage", reason };
}
