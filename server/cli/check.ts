import type { FileId, Project } from "../core/index.ts";
import { findAliases } from "./aliases.ts";
import type { CheckOptions } from "./arguments.ts";
import { Dumped } from "./dumped.ts";
import { applySafeFixes } from "./fix.ts";
import { writeJson } from "./json.ts";
import { openProject } from "./open.ts";
import { type Problem, toFileId } from "./paths.ts";
import { findProjectFileProblems } from "./project-files.ts";
import { readSubject } from "./read-subject.ts";
import type { Repaired, Report } from "./report.ts";
import { severities } from "./severities.ts";
import type { Subject } from "./subject.ts";
import { noSuchFile } from "./system-error.ts";
import type { Terminal } from "./terminal.ts";
import { writeText } from "./text.ts";
import { encodeText, replaceFile } from "./write.ts";

/** Runs `check` and gives the exit code: 0 nothing found, 1 findings, 2 something could not be read or written. */
export async function runCheck(options: CheckOptions, terminal: Terminal): Promise<0 | 1 | 2> {
  const opened = openProject(options);
  if ("error" in opened) {
    terminal.complain(opened.error);
    return 2;
  }
  const { project, failures, projectFiles, settings } = opened;
  const { subject, name: nameHere, input, ...read } = await readSubject(opened, options.paths);
  const problems = read.problems.map((problem) => suggestCommand(problem, options, terminal));
  const mistakes = findProjectFileProblems(projectFiles, nameHere);
  if (mistakes.length > 0) {
    // Nobody wants files judged, or repaired, by half of what the project says.
    for (const { path, reason } of mistakes) terminal.complain(`${path}: ${reason}`);
    return 2;
  }
  for (const file of subject.leaveOutForeign(input?.file)) {
    const reason = "not checked, it does not look like nginx configuration";
    terminal.printAside(`${terminal.program}: ${nameHere(file)}: ${reason}\n`);
  }
  const isIgnored = (file: FileId) => !settings.of(file).enable;
  for (const file of options.paths.map(toFileId).filter((path) => subject.named.includes(path) && isIgnored(path))) {
    const by = projectFiles.nearest(file)?.file ?? "";
    terminal.printAside(`${terminal.program}: ${nameHere(file)}: ignored, because ${nameHere(by)} says so\n`);
  }
  const dumped = new Dumped(project, subject.named);
  const patched = options.mode === "fix" ? await dumped.repair() : undefined;
  const repaired =
    options.mode === "fix"
      ? {
          ...(await repairFiles(project, subject, input?.file, nameHere, problems)),
          inDumps: patched ?? { findings: 0, files: 0 },
        }
      : undefined;

  const judged = (await subject.files()).filter((file) => !isIgnored(file));
  const files = dumped.expand(judged);
  const findings = files.flatMap((file) => dumped.findings(file)).concat(subject.findingsElsewhere());
  const name = (file: FileId) => dumped.name(file) ?? nameHere(file);
  const report: Report = {
    document: (file) => dumped.document(file),
    inDump: (span) => dumped.place(span),
    files,
    findings,
    name,
    roots: subject.roots(),
    paths: options.paths,
    projectFiles: [...new Set(judged.flatMap((file) => projectFiles.nearest(file)?.file ?? []))].map(nameHere),
    ...(repaired === undefined ? {} : { repaired }),
  };

  const written = options.format === "json" ? writeJson(report, terminal.version) : writeText(report, terminal);
  if (patched !== undefined) {
    // Standard output belongs to the patch.
    terminal.print(patched.patch);
    terminal.printAside(written);
  } else if (options.mode === "fix" && input !== undefined) {
    // Standard output belongs to the repaired text.
    const encoded = encodeText(project.document(input.file)!.text, input.encoding);
    if (encoded === undefined)
      problems.push({ path: "<stdin>", reason: "its encoding cannot hold what the fix writes" });
    else terminal.print(encoded);
    terminal.printAside(written);
  } else {
    terminal.print(written);
  }
  for (const { path, reason } of problems) terminal.complain(`${path}: ${reason}`);
  for (const failure of new Set(failures)) terminal.complain(failure.split("\n")[0] ?? failure);
  if (problems.length > 0 || failures.length > 0) return 2;
  return findings.some(({ severity, span }) => {
    const { file } = dumped.place(span) ?? span;
    const failOn = options.failOn ?? projectFiles.nearest(file)?.content.failOn ?? "hint";
    return severities.indexOf(severity) <= severities.indexOf(failOn);
  })
    ? 1
    : 0;
}

/** `chek site.conf` names a file called chek; most probably nobody meant that. */
function suggestCommand(problem: Problem, { paths, meant }: CheckOptions, { program }: Terminal): Problem {
  if (meant === undefined || problem.path !== paths[0] || problem.reason !== noSuchFile) return problem;
  return { path: problem.path, reason: `${problem.reason}; did you mean ${program} ${meant}?` };
}

async function repairFiles(
  project: Project,
  subject: Subject,
  inputFile: FileId | undefined,
  name: (file: FileId) => string,
  problems: Problem[],
): Promise<Omit<Repaired, "inDumps">> {
  const { findings, texts } = await applySafeFixes(project, subject);
  const failed: FileId[] = [];
  for (const [file, { before, after }] of texts) {
    if (file === inputFile) continue;
    const reason = replaceFile(file, before, after);
    if (reason === undefined) continue;
    problems.push({ path: name(file), reason: `could not be repaired: ${reason}` });
    failed.push(file);
  }
  if (failed.length === 0) return { findings: findings.length, files: texts.size };
  // The report is about what is on the disk now.
  const aliases = await findAliases(project.files());
  const stale = new Set(failed.flatMap((file) => aliases.get(file) ?? [file]));
  for (const file of stale) project.close(file);
  await subject.load();
  const done = findings.filter((finding) => finding.fixes[0]!.edits.every((edit) => !stale.has(edit.file)));
  return { findings: done.length, files: texts.size - failed.length };
}
