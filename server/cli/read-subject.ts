import { type FileId, refusalIn } from "../core/index.ts";
import type { OpenedProject } from "./open.ts";
import { findFiles, makeNaming, type Problem, toFileId } from "./paths.ts";
import { readStandardInput, type StandardInput } from "./standard-input.ts";
import { Subject } from "./subject.ts";

/** What the paths of a command stand for, read with the configurations above it. */
export interface ReadSubject {
  readonly subject: Subject;
  /** How the user knows a file. */
  readonly name: (file: FileId) => string;
  /** What the user named and could not be read. */
  readonly problems: readonly Problem[];
  /** Standard input, if the user named it: `-`. */
  readonly input?: StandardInput & { readonly file: FileId };
}

/** Reads files, folders and standard input. Includes that are missing are no problems: they are the rules' concern. */
export async function readSubject({ project, another }: OpenedProject, paths: readonly string[]): Promise<ReadSubject> {
  const found = await findFiles(paths.filter((path) => path !== "-"));
  const problems = [...found.problems];
  const named = [...found.files];
  // Standard input is a file of this folder, so that its relative includes are found from here.
  const inputFile = toFileId("standard-input.conf");
  const special = new Map([[inputFile, "<stdin>"]]);
  const name = makeNaming(paths, special);
  const input = paths.includes("-") ? await readConfiguration() : undefined;
  if (input && "error" in input) problems.push({ path: "<stdin>", reason: input.error });
  else if (input) {
    project.open(inputFile, input.text);
    named.push(inputFile);
  }
  const subject = new Subject(project, named);
  for (const { file, error } of await subject.load()) {
    if (named.includes(file)) problems.push({ path: name(file), reason: error });
  }
  for (const [link, file] of await subject.findRoots(another)) special.set(link, name(file));
  const known = { subject, name, problems };
  return input && "text" in input ? { ...known, input: { ...input, file: inputFile } } : known;
}

async function readConfiguration(): Promise<StandardInput | { readonly error: string }> {
  const input = await readStandardInput();
  const refusal = "text" in input ? refusalIn(input.text) : undefined;
  return refusal === undefined ? input : { error: `nginx printed no configuration: ${refusal}` };
}
