import {
  choosePlace,
  effectiveText,
  type Locate,
  listServers,
  overviewText,
  type Span,
  serversOfFiles,
  viewOf,
} from "../core/index.ts";
import type { ShowOptions } from "./arguments.ts";
import { describePlace, type Located } from "./json.ts";
import { openProject } from "./open.ts";
import type { Paint } from "./paint.ts";
import { toPrintable } from "./printable.ts";
import { findProjectFileProblems } from "./project-files.ts";
import { readSubject } from "./read-subject.ts";
import { quoteForShell } from "./shell.ts";
import type { Terminal } from "./terminal.ts";

/** Runs `show` and gives the exit code: 0 shown, 1 no such location, 2 something could not be read. */
export async function runShow(options: ShowOptions, terminal: Terminal): Promise<0 | 1 | 2> {
  const opened = openProject(options);
  if ("error" in opened) {
    terminal.complain(opened.error);
    return 2;
  }
  const { project } = opened;
  const { name, problems, subject } = await readSubject(opened, [options.path]);
  for (const { path, reason } of problems) terminal.complain(`${path}: ${reason}`);
  const [mistake] = findProjectFileProblems(opened.projectFiles, name);
  if (mistake !== undefined) {
    terminal.complain(`${mistake.path}: ${mistake.reason}`);
    return 2;
  }
  // A dump of `nginx -T` is shown as the files it holds.
  const [dump] = subject.named.flatMap((file) => project.dump(file) ?? []);
  const source = dump?.project ?? project;
  const environments = source.configurations();
  if (environments.length === 0) return 2;
  const located: Located = {
    document: (file) => source.document(file) ?? project.document(file),
    name: (file) => dump?.nameOf(file) ?? name(file),
    inDump: ({ file, start, end }) =>
      dump?.nameOf(file) === undefined ? undefined : dump.spanInDump({ file, start, end }),
  };
  const code = problems.length > 0 ? 2 : 0;
  // Of the configuration that includes a named file, what that file is about.
  const roots = subject.roots();
  const own = roots.length > 0 ? new Set(await subject.files()) : undefined;
  const partOf = roots.map((root) => `A part of ${name(root)}.`);
  if (options.location === undefined) {
    const servers = listServers(serversOfFiles(environments, own));
    const asText = (): string => paintText(withNotes(partOf, overviewText(servers, locateIn(located))), terminal.paint);
    const asJson = { version: terminal.version, servers };
    terminal.print(options.format === "json" ? toJson(asJson, located) : asText());
    return code;
  }
  const choice = choosePlace(environments, options.location, own);
  if ("error" in choice) {
    terminal.complain(`${choice.error} (${terminal.program} show ${quoteForShell(options.path)} lists what is here)`);
    return 1;
  }
  const view = viewOf(choice.place);
  const notes = [...partOf, ...choice.notes];
  terminal.print(
    options.format === "json"
      ? toJson({ version: terminal.version, notes, ...view }, located)
      : paintText(withNotes(notes, effectiveText(view, locateIn(located))), terminal.paint),
  );
  return code;
}

function locateIn({ document, name }: Located): Locate {
  return (span) => {
    const text = document(span.file);
    return text ? `${name(span.file)}:${text.positionAt(span.start).line + 1}` : name(span.file);
  };
}

/** Notes about the choice come first: they may say that this is not what was meant. */
function withNotes(notes: readonly string[], text: string): string {
  return notes.map((note) => `# ${note}\n`).join("") + text;
}

function paintText(text: string, paint: Paint): string {
  const lines = toPrintable(text).split("\n");
  return lines.map((line) => (/^# {3}\* /.test(line) ? paint("yellow", line) : paintComment(line, paint))).join("\n");
}

/** What stands behind a value is where it comes from. */
function paintComment(line: string, paint: Paint): string {
  const at = line.startsWith("#") ? -1 : line.search(/ {2}# /);
  return at < 0 ? line : line.slice(0, at) + paint("dim", line.slice(at));
}

/** Spans become files and ranges, as in `check --format json`. */
function toJson(value: object, located: Located): string {
  const replace = (_key: string, each: unknown): unknown => (isSpan(each) ? describePlace(located, each) : each);
  return `${JSON.stringify(value, replace, 2)}\n`;
}

function isSpan(value: unknown): value is Span {
  return typeof value === "object" && value !== null && "file" in value && "start" in value && "end" in value;
}
