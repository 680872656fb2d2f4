import { answersToMarkdown, explainSymptoms, type Finding, type Inspection, rules } from "../core/index.ts";
import type { ExplainOptions } from "./arguments.ts";
import { Dumped } from "./dumped.ts";
import { describePlace, type Located } from "./json.ts";
import { renderMarkdown } from "./markdown.ts";
import { openProject } from "./open.ts";
import { toPrintable, wrap } from "./printable.ts";
import { findProjectFileProblems } from "./project-files.ts";
import { readSubject } from "./read-subject.ts";
import { explainRule, ruleIdIn } from "./rule-pages.ts";
import { readStandardInput } from "./standard-input.ts";
import type { Terminal } from "./terminal.ts";

/** Runs `explain` and gives the exit code: 0 explained, 1 not recognised, 2 wrong usage or something could not be read. */
export async function runExplain(options: ExplainOptions, docsFolder: string, terminal: Terminal): Promise<0 | 1 | 2> {
  const { subject } = options;
  const id = ruleIdIn(subject);
  const isRule = rules.some((rule) => rule.id === id);
  if (isRule && options.format === "text") return explainRule(id, docsFolder, terminal);
  let text = subject;
  if (subject === "-") {
    const input = await readStandardInput();
    if ("error" in input) {
      terminal.complain(`<stdin>: ${input.error}`);
      return 2;
    }
    text = input.text;
  }
  return isRule ? explainInJson(id, terminal) : explainSeen(text, options, docsFolder, terminal);
}

async function explainSeen(
  text: string,
  options: ExplainOptions,
  docsFolder: string,
  terminal: Terminal,
): Promise<0 | 1 | 2> {
  const inspected = options.paths.length === 0 ? undefined : await inspect(options);
  if (inspected !== undefined && "error" in inspected) {
    terminal.complain(inspected.error);
    return 2;
  }
  const ids = rules.map(({ id }) => id);
  const answers = explainSymptoms(text, ids, inspected?.inspection);
  // One word with hyphens is meant as the name of a rule.
  if (answers.length === 0 && options.format === "text" && /^[a-z0-9]+(?:-[a-z0-9]+)+$/.test(ruleIdIn(text))) {
    return explainRule(ruleIdIn(text), docsFolder, terminal);
  }
  terminal.print(
    options.format === "json"
      ? writeAnswersJson(answers, inspected?.located, terminal.version)
      : renderAnswers(text, answers, inspected?.located, terminal),
  );
  for (const problem of inspected?.problems ?? []) terminal.complain(problem);
  if ((inspected?.problems.length ?? 0) > 0) return 2;
  return answers.length === 0 ? 1 : 0;
}

interface Inspected {
  readonly inspection: Inspection;
  readonly located: Located;
  /** What could not be read, in words. */
  readonly problems: readonly string[];
}

async function inspect(options: ExplainOptions): Promise<Inspected | { readonly error: string }> {
  const opened = openProject(options);
  if ("error" in opened) return opened;
  const { project, failures, projectFiles } = opened;
  const { subject, name: nameHere, problems } = await readSubject(opened, options.paths);
  const [mistake] = findProjectFileProblems(projectFiles, nameHere);
  if (mistake !== undefined) return { error: `${mistake.path}: ${mistake.reason}` };
  const dumped = new Dumped(project, subject.named);
  const files = dumped.expand(await subject.files());
  const chosen = new Set(files);
  return {
    inspection: {
      findings: files.flatMap((file) => dumped.findings(file)).concat(subject.findingsElsewhere()),
      timeouts: dumped.readTimeouts().filter(({ span }) => chosen.has(span.file)),
    },
    located: {
      document: (file) => dumped.document(file),
      name: (file) => dumped.name(file) ?? nameHere(file),
      inDump: (span) => dumped.place(span),
    },
    problems: [
      ...problems.map(({ path, reason }) => `${path}: ${reason}`),
      ...[...new Set(failures)].map((failure) => failure.split("\n")[0] ?? failure),
    ],
  };
}

type Answers = ReturnType<typeof explainSymptoms>;

function renderAnswers(text: string, answers: Answers, located: Located | undefined, terminal: Terminal): string {
  const source = answersToMarkdown(
    answers,
    {
      rule: () => undefined,
      place: (span) => {
        const document = located?.document(span.file);
        if (located === undefined || document === undefined) return undefined;
        return { name: `${located.name(span.file)}:${document.positionAt(span.start).line + 1}` };
      },
    },
    text,
  );
  const lines = toPrintable(source).split("\n");
  const named = answers.some(({ causes }) => causes.some((cause) => cause.rules.length > 0));
  if (named) lines.splice(-1, 0, "", `${terminal.program} explain RULE says what to write.`);
  if (named && located === undefined) {
    lines.splice(-1, 0, "--in PATH looks for these causes in your configuration.");
  }
  return renderMarkdown(lines.flatMap((line) => wrapLine(line, terminal.columns)).join("\n"), terminal.paint);
}

/** Breaks a line of Markdown; what follows is indented as far as the text of a list item. */
function wrapLine(line: string, columns: number): readonly string[] {
  const [, indent = ""] = /^( *(?:- |\d+\. )?)/.exec(line) ?? [];
  if (line.startsWith("#") || line.length <= columns) return [line];
  const [first = "", ...rest] = wrap(line.slice(indent.length), columns - indent.length);
  return [indent + first, ...rest.map((each) => " ".repeat(indent.length) + each)];
}

function writeAnswersJson(answers: Answers, located: Located | undefined, version: string): string {
  const symptoms = answers.map(({ match, notes, causes }) => ({
    id: match.symptom.id,
    title: match.symptom.title,
    seen: match.symptom.seen,
    explanation: match.symptom.explanation,
    notes,
    lines: match.lines,
    ...(match.first.level === undefined ? {} : { level: match.first.level }),
    ...(match.first.path === undefined ? {} : { path: match.first.path }),
    ...(match.first.milliseconds === undefined ? {} : { milliseconds: match.first.milliseconds }),
    causes: causes.map(({ what, check, rules: named, findings, timeouts }) => ({
      what,
      check,
      rules: named,
      findings: located === undefined ? [] : findings.map((finding) => describeFinding(finding, located)),
      timeouts:
        located === undefined
          ? []
          : timeouts.map(({ text, milliseconds, span }) => ({ ...describePlace(located, span), text, milliseconds })),
    })),
  }));
  return toJson({ version, recognised: answers.length > 0, symptoms });
}

function describeFinding(finding: Finding, located: Located) {
  const { rule, severity, message } = finding;
  return { ...describePlace(located, finding.span), rule, severity, message };
}

function explainInJson(id: string, terminal: Terminal): 0 {
  const { what, why, severity, fixable, cause } = rules.find((rule) => rule.id === id)!;
  terminal.print(
    toJson({ version: terminal.version, recognised: true, rule: { id, what, why, severity, fixable, cause } }),
  );
  return 0;
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
