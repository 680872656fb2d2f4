import type { FileId } from "./finding.ts";
import { Config, type Environment } from "./model/config.ts";
import { contextOf } from "./model/shape.ts";
import { Definitions } from "./model/variables.ts";
import type { Document } from "./syntax/document.ts";
import { baseName, folderOf } from "./text/path.ts";

/** Folders whose files are usually included into one `http`, all of them. */
const sharedFolder = /^(?:(?:conf|http|vhosts?|servers|sites)\.d|sites(?:-.+)?|vhosts)$/;

/** Whether the files beside this one usually stand in the same `http`. */
export function sharesItsFolder(file: FileId): boolean {
  return sharedFolder.test(baseName(folderOf(file)));
}

const known = new WeakMap<Document, { readonly version: number; readonly names: ReadonlySet<string> }>();

/** A fragment for the http level by itself, without what it includes. */
export function fragmentOf(document: Document): Environment {
  return new Config(document, () => undefined).update("http", undefined);
}

/** The variables that a fragment for the http level defines. */
function namesDefinedIn(document: Document): ReadonlySet<string> {
  const before = known.get(document);
  if (before?.version === document.version) return before.names;
  const names = new Set<string>();
  if (contextOf(document) === "http") {
    const definitions = new Definitions();
    definitions.addAll(fragmentOf(document).scope);
    for (const [name] of definitions.entries()) names.add(name);
  }
  known.set(document, { version: document.version, names });
  return names;
}

/** The variables that some fragments define, in one set that stays the same object as long as its content does. */
export function namesDefinedBeside(documents: readonly Document[], before: ReadonlySet<string>): ReadonlySet<string> {
  const names = new Set<string>();
  for (const document of documents) for (const name of namesDefinedIn(document)) names.add(name);
  const isSame = names.size === before.size && [...names].every((name) => before.has(name));
  return isSame ? before : names;
}

/** Candidates for the root of a file, the nearest ones first: those that share most folders with it. */
export function nearestFirst(file: FileId, candidates: readonly FileId[]): readonly FileId[] {
  const folders = file.split("/");
  const nearness = (candidate: FileId) => {
    const parts = candidate.split("/");
    let shared = 0;
    while (shared < parts.length && parts[shared] === folders[shared]) shared++;
    return shared - parts.length / 1000;
  };
  return candidates
    .map((candidate) => ({ candidate, nearness: nearness(candidate) }))
    .sort((a, b) => b.nearness - a.nearness || (a.candidate < b.candidate ? -1 : 1))
    .map(({ candidate }) => candidate);
}
